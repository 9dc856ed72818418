// The atlas's own random numbers, number for number: NumPy's Philox for the starts of particles, Philox4x32 for the landscapes.
(function (root) {
  "use strict";
  const MASK64 = (1n << 64n) - 1n;

  // ---- NumPy: SeedSequence ------------------------------------------------------------------------------------
  // Mixes the entropy (unsigned 32-bit words) into a pool of four words and draws words from it.
  function seedSequence(entropy) {
    const mul = (a, b) => Math.imul(a, b) >>> 0;
    let constant = 0x43b0d7e5;
    const hash = (value) => {
      value = (value ^ constant) >>> 0;
      constant = mul(constant, 0x931e8875);
      value = mul(value, constant);
      return (value ^ (value >>> 16)) >>> 0;
    };
    const mix = (x, y) => {
      const result = (mul(0xca01f9dd, x) - mul(0x4973f715, y)) >>> 0;
      return (result ^ (result >>> 16)) >>> 0;
    };
    const pool = Array.from({ length: 4 }, (_, k) => hash(k < entropy.length ? entropy[k] : 0));
    for (let from = 0; from < 4; from += 1) {
      for (let to = 0; to < 4; to += 1) if (from !== to) pool[to] = mix(pool[to], hash(pool[from]));
    }
    for (let from = 4; from < entropy.length; from += 1) {
      for (let to = 0; to < 4; to += 1) pool[to] = mix(pool[to], hash(entropy[from]));
    }
    return (count) => {
      let state = 0x8b51f9dd;
      return Array.from({ length: count }, (_, k) => {
        let value = (pool[k % 4] ^ state) >>> 0;
        state = mul(state, 0x58f38ded);
        value = mul(value, state);
        return (value ^ (value >>> 16)) >>> 0;
      });
    };
  }

  // Words of 32 bits of a whole number, the low one first, as NumPy splits its seeds.
  function words(number) {
    let rest = BigInt(number);
    const found = [];
    do {
      found.push(Number(rest & 0xffffffffn));
      rest >>= 32n;
    } while (rest > 0n);
    return found;
  }

  // ---- NumPy: Philox4x64-10 -----------------------------------------------------------------------------------
  function philox64(counter, key) {
    let [c0, c1, c2, c3] = counter, [k0, k1] = key;
    for (let round = 0; round < 10; round += 1) {
      const p0 = 0xd2e7470ee14c6c93n * c0, p1 = 0xca5a826395121157n * c2;
      [c0, c1, c2, c3] = [(p1 >> 64n) ^ c1 ^ k0, p1 & MASK64, (p0 >> 64n) ^ c3 ^ k1, p0 & MASK64];
      k0 = (k0 + 0x9e3779b97f4a7c15n) & MASK64;
      k1 = (k1 + 0xbb67ae8584caa73bn) & MASK64;
    }
    return [c0, c1, c2, c3];
  }

  // np.random.Generator(np.random.Philox(np.random.SeedSequence([...numbers]))): its stream of 64-bit words.
  function numpyStream(numbers) {
    const state = seedSequence(numbers.flatMap(words))(4).map(BigInt);
    const key = [state[0] | (state[1] << 32n), state[2] | (state[3] << 32n)];
    let block = 0n, buffer = [];
    return () => {
      if (!buffer.length) {
        block += 1n;
        buffer = philox64([block, 0n, 0n, 0n], key);
      }
      return buffer.shift();
    };
  }

  // ---- NumPy: the ziggurat of the standard normal -------------------------------------------------------------
  const ZIGGURAT_R = 3.6541528853610088, ZIGGURAT_AREA = 0.004928673233974658;
  const TABLES = (() => {
    const density = (x) => Math.exp(-0.5 * x * x);
    const x = new Float64Array(257);
    x[1] = ZIGGURAT_R;
    x[0] = ZIGGURAT_AREA / density(ZIGGURAT_R);
    for (let k = 2; k < 256; k += 1) x[k] = Math.sqrt(-2 * Math.log(ZIGGURAT_AREA / x[k - 1] + density(x[k - 1])));
    x[256] = 0;
    // layer 0 is the base strip with the tail, layer k lies between x[256 - k] and x[257 - k]
    const scale = 2 ** 52, ki = new Float64Array(256), wi = new Float64Array(256), fi = new Float64Array(256);
    ki[0] = Math.floor((ZIGGURAT_R / x[0]) * scale);
    wi[0] = x[0] / scale;
    fi[0] = 1;
    for (let k = 1; k < 256; k += 1) {
      const outer = x[256 - k], inner = x[257 - k];
      ki[k] = Math.floor((inner / outer) * scale);
      wi[k] = outer / scale;
      fi[k] = density(outer);
    }
    ki[1] = 0;
    return { ki, wi, fi };
  })();

  function normals(stream, count) {
    const uniform = () => Number(stream() >> 11n) / 2 ** 53;
    const { ki, wi, fi } = TABLES;
    const one = () => {
      for (;;) {
        let word = stream();
        const layer = Number(word & 0xffn);
        word >>= 8n;
        const negative = (word & 1n) === 1n;
        const size = Number((word >> 1n) & 0x000fffffffffffffn);
        const x = (negative ? -1 : 1) * size * wi[layer];
        if (size < ki[layer]) return x;
        if (layer === 0) {
          for (;;) {
            const beyond = -Math.log1p(-uniform()) / ZIGGURAT_R, height = -Math.log1p(-uniform());
            if (2 * height > beyond * beyond) {
              const far = ZIGGURAT_R + beyond;
              return Math.floor(size / 256) % 2 === 1 ? -far : far;
            }
          }
        }
        if ((fi[layer - 1] - fi[layer]) * uniform() + fi[layer] < Math.exp(-0.5 * x * x)) return x;
      }
    };
    return Float64Array.from({ length: count }, one);
  }

  // Uniform points on the sphere S^(d-1), (n, d) row by row: attention_atlas.geometry.sphere.random_points(seed, [run], n, d).
  function uniformPoints(seed, run, n, d) {
    const points = normals(numpyStream([seed, run]), n * d);
    for (let i = 0; i < n; i += 1) {
      let square = 0;
      for (let k = 0; k < d; k += 1) square += points[i * d + k] ** 2;
      const length = Math.sqrt(square);
      for (let k = 0; k < d; k += 1) points[i * d + k] /= length;
    }
    return points;
  }

  Object.assign(root, { numpyStream, normals, uniformPoints });
})(globalThis.PLAYGROUND = globalThis.PLAYGROUND || {});
