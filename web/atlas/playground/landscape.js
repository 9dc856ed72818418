// The landscape of the minimal attention map: does a pixel (a, b) end in agreement? Runs in workers, and in the tests as it is.
(function (root) {
  "use strict";

  // One function without outside names: a worker is made from its text, since a page on a disk may not load one from a file.
  function landscapeKernel() {
    const MERGED = 1e-13;

    // ---- Philox4x32-10 and float32 normals, as attention_atlas.random.philox ----
    function high(a, b) { // upper 32 bits of a product
      const a0 = a & 0xffff, a1 = a >>> 16, b0 = b & 0xffff, b1 = b >>> 16;
      const low = a0 * b0, middle = a1 * b0 + (low >>> 16), other = a0 * b1 + (middle % 65536);
      return (a1 * b1 + Math.floor(middle / 65536) + Math.floor(other / 65536)) >>> 0;
    }
    function philox32(c0, c1, c2, c3, k0, k1) {
      for (let round = 0; round < 10; round += 1) {
        const h0 = high(0xd2511f53, c0), l0 = Math.imul(0xd2511f53, c0) >>> 0;
        const h1 = high(0xcd9e8d57, c2), l1 = Math.imul(0xcd9e8d57, c2) >>> 0;
        c0 = (h1 ^ c1 ^ k0) >>> 0; c1 = l1; c2 = (h0 ^ c3 ^ k1) >>> 0; c3 = l0;
        k0 = (k0 + 0x9e3779b9) >>> 0; k1 = (k1 + 0xbb67ae85) >>> 0;
      }
      return [c0, c1, c2, c3];
    }
    const f = Math.fround, UNIT = 2 ** -32, ANGLE = f(2 * Math.PI * 2 ** -32), THREADS = 40960;
    function normal(thread, block, number, seed) {
      const w = philox32(block >>> 0, 0, thread >>> 0, 0, seed % 4294967296, Math.floor(seed / 4294967296));
      const u = f(f(w[number < 2 ? 0 : 2]) * UNIT + 0.5 * UNIT);
      const v = f(f(w[number < 2 ? 1 : 3]) * ANGLE + 0.5 * ANGLE);
      const radius = f(Math.sqrt(f(-2 * f(Math.log(u)))));
      return f(radius * f(Math.sin(v + ((number & 1) * Math.PI) / 2)));
    }
    function start(seed, pixel, n) {
      const points = new Float64Array(2 * n);
      for (let e = 0; e < 2 * n; e += 1) {
        const element = 2 * n * pixel + e, r = element % (4 * THREADS);
        points[e] = normal(r % THREADS, 2 + Math.floor(element / (4 * THREADS)), Math.floor(r / THREADS), seed);
      }
      for (let i = 0; i < n; i += 1) {
        const length = Math.hypot(points[2 * i], points[2 * i + 1]);
        points[2 * i] /= length;
        points[2 * i + 1] /= length;
      }
      return points;
    }
    function matrices(seed) {
      const draw = (block) => Float64Array.from({ length: 4 }, (_, e) => normal(e, block, 0, seed));
      return { query: draw(0), value: draw(1) };
    }

    // ---- the map: X <- N(A V), each row divided by (its length + 1e-8) ----
    function step(x, weight, count, a, b, query, value, out, logits) {
      for (let i = 0; i < count; i += 1) {
        const q0 = a * (query[0] * x[2 * i] + query[1] * x[2 * i + 1]);
        const q1 = b * (query[2] * x[2 * i] + query[3] * x[2 * i + 1]);
        let largest = -Infinity;
        for (let j = 0; j < count; j += 1) {
          logits[j] = q0 * x[2 * j] + q1 * x[2 * j + 1];
          if (logits[j] > largest) largest = logits[j];
        }
        let sum = 0, s0 = 0, s1 = 0;
        for (let j = 0; j < count; j += 1) {
          const w = weight[j] * Math.exp(logits[j] - largest);
          sum += w; s0 += w * x[2 * j]; s1 += w * x[2 * j + 1];
        }
        s0 /= sum; s1 /= sum;
        const y0 = value[0] * s0 + value[1] * s1, y1 = value[2] * s0 + value[3] * s1;
        const length = Math.sqrt(y0 * y0 + y1 * y1) + 1e-8;
        out[2 * i] = y0 / length;
        out[2 * i + 1] = y1 / length;
      }
    }
    // Points that agree to rounding stay together: they become one, with the sum of the weights.
    function merge(x, weight, count) {
      let kept = 0;
      for (let i = 0; i < count; i += 1) {
        let twin = -1;
        for (let k = 0; k < kept && twin < 0; k += 1) {
          if (Math.abs(x[2 * i] - x[2 * k]) <= MERGED && Math.abs(x[2 * i + 1] - x[2 * k + 1]) <= MERGED) twin = k;
        }
        if (twin >= 0) { weight[twin] += weight[i]; continue; }
        x[2 * kept] = x[2 * i]; x[2 * kept + 1] = x[2 * i + 1]; weight[kept] = weight[i];
        kept += 1;
      }
      return kept;
    }
    // First iteration since which the points agree, -1 if they do not in the end; `visit` sees every state.
    function iterate(a, b, settings, points, visit) {
      const { iterations, tolerance, query, value } = settings;
      let count = points.length / 2, since = -1;
      let x = Float64Array.from(points), out = new Float64Array(points.length);
      const weight = new Float64Array(count).fill(1), logits = new Float64Array(count);
      if (visit) visit(x, count, 0);
      for (let t = 0; t <= iterations; t += 1) {
        if (t) {
          step(x, weight, count, a, b, query, value, out, logits);
          [x, out] = [out, x];
          if (visit) visit(x, count, t); else if (count > 1) count = merge(x, weight, count);
        }
        let spread = 0;
        for (let i = 1; i < count; i += 1) spread = Math.max(spread, Math.abs(x[2 * i] - x[0]));
        if (!(spread < tolerance)) since = -1; else if (since < 0) since = t;
        if (count === 1 && !visit) break; // one point stays one
      }
      return since;
    }
    // Times of agreement of a block of rows: b to the right, a upwards as published; a and b are arrays of the grid.
    function rows(job) {
      const { a, b, seed, n, shared, settings } = job;
      const found = new Int16Array(a.length * b.length);
      const common = shared ? start(seed, 0, n) : null;
      for (let i = 0; i < a.length; i += 1) {
        for (let j = 0; j < b.length; j += 1) {
          const points = common || start(seed, (job.firstColumn + j) * job.sizeA + job.firstRow + i, n);
          found[i * b.length + j] = iterate(a[i], b[j], settings, points);
        }
      }
      return found;
    }
    return { iterate, matrices, rows, start };
  }

  // The text of a worker that answers jobs of rows.
  function workerText() {
    return `const kernel = (${landscapeKernel.toString()})();
      onmessage = (event) => { const times = kernel.rows(event.data); postMessage({ id: event.data.id, times }, [times.buffer]); };`;
  }

  Object.assign(root, { landscape: landscapeKernel(), landscapeWorker: workerText });
})(globalThis.PLAYGROUND = globalThis.PLAYGROUND || {});
