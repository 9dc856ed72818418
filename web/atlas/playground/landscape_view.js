// The landscape of art: pan and zoom over the plane (a, b), computed in workers, coarse first.
(function () {
  "use strict";
  const { button, identifier, make, number, stage, theme } = ATLAS;
  const { numberOr, readAddress, readouts, recipe, select, share, slider, writeAddress } = PLAYGROUND.controls;
  const DEFAULTS = { landscape: 6549664, a: 0, b: 0, width: 16, start: "shared", n: 20, iterations: 100 };
  const TOLERANCE = 1e-5, SIDE = 480, BLOCKS = [16, 8, 4, 2, 1], BAND = 16;

  function fromAddress(address) {
    const a = { ...DEFAULTS, ...address };
    return {
      landscape: Math.round(numberOr(a.landscape, DEFAULTS.landscape, 0, 2 ** 53 - 1)),
      a: numberOr(a.a, 0, -1e4, 1e4), b: numberOr(a.b, 0, -1e4, 1e4), width: numberOr(a.width, 16, 1e-16, 2e4),
      start: a.start === "pixel" ? "pixel" : "shared", n: Math.round(numberOr(a.n, 20, 2, 60)), iterations: Math.round(numberOr(a.iterations, 100, 1, 1000)),
    };
  }

  function yaml(state) {
    const half = state.width / 2, text = (value) => { const s = String(value); return /^-?\d+$/.test(s) ? `${s}.0` : s.replace(/^(-?\d+)e/, "$1.0e"); };
    return [
      `# snakemake --cores all art_${state.landscape} --configfile this.yaml`, "art:", `  seeds: [${state.landscape}]`, `  n: ${state.n}`, `  iterations: ${state.iterations}`, "  window:",
      `    a: {first: ${text(state.a - half)}, last: ${text(state.a + half)}}`, `    b: {first: ${text(state.b - half)}, last: ${text(state.b + half)}}`,
      `  images: {start: ${state.start}}`, "",
    ].join("\n");
  }

  function build(place) {
    let state = fromAddress(readAddress()), job = 0, pending = 0, level = 0, chosen = null, waiting = [];
    let times = new Int16Array(SIDE * SIDE).fill(-2); // -2: not computed yet
    const picture = document.createElement("canvas");
    const under = document.createElement("canvas"); // what the window before knows of this one
    picture.width = picture.height = under.width = under.height = SIDE;
    const image = new ImageData(SIDE, SIDE), pixels = new Uint32Array(image.data.buffer);
    const workers = makeWorkers();
    const status = make("p", { class: "view-help", role: "status" });
    const values = readouts(["centre a", "centre b", "width", "agree"]);
    const holder = make("div", { class: "view-stage play-window" });
    const scene = stage(holder, (width) => Math.min(width, 620), draw, {
      tabindex: 0, role: "application", "aria-roledescription": "landscape", class: "view-canvas view-turn play-plane",
      "aria-label": "Plane of the parameters, b to the right and a upwards. Arrow keys move, plus and minus zoom, Enter looks at the middle.",
    });
    const code = recipe("As a configuration for the pipeline", () => yaml(state));
    const points = make("div", { class: "play-points" });
    const bar = make("div", { class: "play-buttons" }, button("Enlarge", () => zoom(0.5)), button("Reduce", () => zoom(2)),
      button("Whole plane", () => change({ a: 0, b: 0, width: 16 })), button("Save as a picture", save), button("Copy the address", () => share(status)));
    const panel = make("div", { class: "play-panel" });
    place.append(make("div", { class: "play-main" }, holder, bar, values.element, status, points, code.element), panel);

    function makeWorkers() {
      const address = URL.createObjectURL(new Blob([PLAYGROUND.landscapeWorker()], { type: "text/javascript" }));
      const count = Math.max(1, Math.min(4, (navigator.hardwareConcurrency || 2) - 1));
      return Array.from({ length: count }, () => {
        const worker = new Worker(address);
        worker.onmessage = (event) => { worker.busy = false; receive(event.data); feed(); };
        return worker;
      });
    }
    // One band at a time: a window that is left does not keep them.
    function feed() {
      for (const worker of workers) {
        if (worker.busy || !waiting.length) continue;
        worker.busy = true;
        worker.postMessage(waiting.shift());
      }
    }

    function controls() {
      const seeds = [...new Set([...PLAYGROUND.data.seeds, state.landscape])];
      panel.replaceChildren(
        select("Image", seeds.map((seed) => [String(seed), `seed ${seed}`]), String(state.landscape), (seed) => change({ landscape: Number(seed) })).element,
        slider({ label: "Any seed", low: 0, high: 2 ** 32, value: state.landscape, whole: true, curve: "square", changed: (landscape) => change({ landscape }) }).element,
        select("Start of the points", [["shared", "one for all pixels"], ["pixel", "one for each pixel"]], state.start, (start) => change({ start })).element,
        slider({ label: "Points n", low: 2, high: 60, value: state.n, whole: true, changed: (n) => change({ n }) }).element,
        slider({ label: "Iterations T", low: 1, high: 1000, value: state.iterations, whole: true, curve: "square", changed: (iterations) => change({ iterations }) }).element,
      );
    }

    function change(changes) {
      const before = state;
      state = { ...state, ...changes };
      if ("landscape" in changes) controls();
      restart(Object.keys(changes).every((key) => ["a", "b", "width"].includes(key)) ? before : null);
      writeAddress(Object.fromEntries(Object.entries(state).filter(([key, value]) => key === "landscape" || value !== DEFAULTS[key])));
      code.refresh();
    }

    // Values of a grid: middles of SIDE equal intervals would not be the published grid, whose ends are included.
    const axis = (centre) => Float64Array.from({ length: SIDE }, (_, k) => centre + state.width * (k / (SIDE - 1) - 0.5));
    const fine = () => state.width / SIDE > 4e-16 * Math.max(1, Math.abs(state.a), Math.abs(state.b));

    // Moves what is seen to its place in the new window; elsewhere grey.
    function carry(before) {
      const context = under.getContext("2d"), seen = compose();
      context.fillStyle = "#808080";
      context.fillRect(0, 0, SIDE, SIDE);
      if (!before) return;
      const scale = SIDE / state.width;
      context.imageSmoothingEnabled = false;
      context.drawImage(seen, (before.b - state.b + (state.width - before.width) / 2) * scale, (state.a - before.a + (state.width - before.width) / 2) * scale,
        before.width * scale, before.width * scale);
    }
    function compose() {
      const whole = make("canvas", { width: SIDE, height: SIDE }), context = whole.getContext("2d");
      for (const layer of [under, picture]) context.drawImage(layer, 0, 0);
      return whole;
    }

    function restart(before = null) {
      job += 1;
      carry(before);
      level = before ? BLOCKS.indexOf(4) : 0;
      waiting = [];
      times.fill(-2);
      paint(0, SIDE);
      chosen = null;
      points.replaceChildren();
      if (!fine()) {
        status.textContent = "Here double precision ends: neighbouring pixels are the same numbers. Reduce to go on.";
        scene.request();
        return;
      }
      status.textContent = "Computing …";
      nextLevel();
    }

    // A pass over the picture in blocks, each with the colour of its first pixel; the middle, where one looks, comes first.
    function nextLevel() {
      const block = BLOCKS[level], size = SIDE / block, matrices = PLAYGROUND.landscape.matrices(state.landscape);
      const a = axis(state.a), b = axis(state.b);
      for (let first = 0; first < size; first += BAND) {
        const count = Math.min(BAND, size - first);
        const message = {
          id: { job, block, first, count }, seed: state.landscape, n: state.n, shared: state.start === "shared",
          a: Float64Array.from({ length: count }, (_, k) => a[(first + k) * block]), b: Float64Array.from({ length: size }, (_, k) => b[k * block]),
          firstRow: first, firstColumn: 0, sizeA: size,
          settings: { iterations: state.iterations, tolerance: TOLERANCE, query: matrices.query, value: matrices.value },
        };
        waiting.push(message);
      }
      const far = ({ id }) => Math.abs(id.first + id.count / 2 - size / 2);
      waiting.sort((p, q) => far(p) - far(q));
      pending = waiting.length;
      feed();
    }

    function receive({ id, times: found }) {
      if (id.job !== job) return;
      const { block, first, count } = id, size = SIDE / block;
      for (let i = 0; i < count; i += 1) {
        for (let j = 0; j < size; j += 1) {
          const value = found[i * size + j];
          for (let u = 0; u < block; u += 1) times.fill(value, ((first + i) * block + u) * SIDE + j * block, ((first + i) * block + u) * SIDE + (j + 1) * block);
        }
      }
      paint(first * block, (first + count) * block);
      scene.request();
      pending -= 1;
      if (pending) return;
      level += 1;
      if (level < BLOCKS.length) nextLevel(); else status.textContent = "Complete: each pixel is computed.";
      show();
    }

    // Rows of the grid, a upwards: white where the points agree, black where they do not, nothing where it is not known yet.
    function paint(low, high) {
      for (let row = low; row < high; row += 1) {
        for (let column = 0; column < SIDE; column += 1) {
          const value = times[row * SIDE + column];
          pixels[(SIDE - 1 - row) * SIDE + column] = value === -2 ? 0 : value >= 0 ? 0xffffffff : 0xff000000;
        }
      }
      picture.getContext("2d").putImageData(image, 0, 0, 0, SIDE - high, SIDE, high - low);
    }

    function show() {
      values.set("centre a", String(state.a));
      values.set("centre b", String(state.b));
      values.set("width", number(state.width, 4));
      const done = times.reduce((sum, value) => sum + (value !== -2), 0), agree = times.reduce((sum, value) => sum + (value >= 0), 0);
      values.set("agree", done ? `${number((100 * agree) / done, 3)} % of the pixels` : "–");
    }

    function draw(context, size) {
      const side = Math.min(size.width, size.height);
      context.setTransform(size.ratio, 0, 0, size.ratio, 0, 0);
      context.clearRect(0, 0, size.width, size.height);
      context.imageSmoothingEnabled = false;
      for (const layer of [under, picture]) context.drawImage(layer, (size.width - side) / 2, 0, side, side);
      if (chosen) {
        context.strokeStyle = "#D55E00";
        context.lineWidth = 2;
        context.strokeRect((size.width - side) / 2 + (chosen.column / SIDE) * side - 5, side - ((chosen.row + 1) / SIDE) * side - 5, 10, 10);
      }
      place.dataset.ready = "yes";
    }

    // ---- the points of one pixel ----
    function look(column, row) {
      chosen = { column, row };
      const a = axis(state.a)[row], b = axis(state.b)[column], { landscape } = PLAYGROUND;
      const pixel = state.start === "shared" ? 0 : column * SIDE + row;
      const matrices = landscape.matrices(state.landscape), states = [];
      const settings = { iterations: state.iterations, tolerance: TOLERANCE, query: matrices.query, value: matrices.value };
      const since = landscape.iterate(a, b, settings, landscape.start(state.landscape, pixel, state.n), (x, count) => states.push(x.slice(0, 2 * count)));
      const caption = identifier("caption");
      const canvas = make("canvas", { width: 440, height: 440, role: "img", "aria-labelledby": caption });
      drawPoints(canvas, states);
      points.replaceChildren(make("figure", {}, canvas, make("figcaption", { id: caption },
        `The ${state.n} points of the pixel a = ${number(a, 8)}, b = ${number(b, 8)}: angle upwards, iteration from 0 to ${state.iterations} to the right. `
        + (since >= 0 ? `They agree from iteration ${since} on.` : "They do not agree in the end."))));
      scene.request();
    }
    function drawPoints(canvas, states) {
      const context = canvas.getContext("2d"), look = theme(place), shown = states.length;
      context.fillStyle = look.ink;
      for (let t = 0; t < shown; t += 1) {
        for (let i = 0; i < states[t].length / 2; i += 1) {
          const angle = Math.atan2(states[t][2 * i + 1], states[t][2 * i]);
          context.beginPath();
          context.arc(12 + (t / Math.max(1, shown - 1)) * 416, 220 - (angle / Math.PI) * 208, 1.8, 0, 2 * Math.PI);
          context.fill();
        }
      }
    }

    // The picture with its parameters below it, so that they are not lost with the name of the file.
    function save() {
      const canvas = make("canvas", { width: SIDE, height: SIDE + 56 }), context = canvas.getContext("2d");
      context.fillStyle = "#fff";
      context.fillRect(0, 0, SIDE, SIDE + 56);
      context.drawImage(compose(), 0, 0);
      context.fillStyle = "#1a1a1a";
      context.font = "12px system-ui, sans-serif";
      lines().forEach((line, k) => context.fillText(line, 4, SIDE + 15 + 17 * k, SIDE - 8));
      canvas.toBlob((blob) => {
        const link = make("a", { href: URL.createObjectURL(blob), download: `landscape_seed${state.landscape}_a${state.a}_b${state.b}_width${state.width}_${state.start}.png` });
        link.click();
        setTimeout(() => URL.revokeObjectURL(link.href), 1000);
      }, "image/png");
    }
    function lines() {
      return [`seed ${state.landscape}, n = ${state.n} points, T = ${state.iterations} iterations, start: ${state.start === "shared" ? "one for all pixels" : "one for each pixel"}`,
        `a (upwards) = ${state.a}, b (to the right) = ${state.b} in the middle`, `width ${state.width}; white: the points agree to ${TOLERANCE}`];
    }

    // ---- hands ----
    const pixelAt = (event) => {
      const box = scene.canvas.getBoundingClientRect(), side = Math.min(box.width, box.height);
      const shares = [(event.clientX - box.left - (box.width - side) / 2) / side, 1 - (event.clientY - box.top) / side];
      return shares.map((share) => Math.min(SIDE - 1, Math.max(0, Math.floor(share * SIDE))));
    };
    const zoom = (factor) => change({ width: state.width * factor });
    const move = (right, up) => change({ b: state.b + right * state.width, a: state.a + up * state.width });

    // While fingers or the wheel move, the picture itself is moved and stretched; the new window is computed when they have left.
    const gesture = { factor: 1, right: 0, down: 0 }, pointers = new Map();
    let travelled = 0, rolling = 0;
    function stretch(factor, x, y) {
      gesture.factor *= factor;
      gesture.right = x - factor * (x - gesture.right);
      gesture.down = y - factor * (y - gesture.down);
      shift(0, 0);
    }
    function shift(right, down) {
      gesture.right += right;
      gesture.down += down;
      scene.canvas.style.transform = `translate(${gesture.right}px, ${gesture.down}px) scale(${gesture.factor})`;
    }
    function settle() {
      const { width, height } = holder.getBoundingClientRect(), { factor, right, down } = gesture;
      Object.assign(gesture, { factor: 1, right: 0, down: 0 });
      scene.canvas.style.transform = "";
      if (factor === 1 && !right && !down) return;
      // what now lies in the middle
      const x = (width / 2 - right) / factor - width / 2, y = (height / 2 - down) / factor - height / 2;
      change({ b: state.b + (x / height) * state.width, a: state.a - (y / height) * state.width, width: state.width / factor });
    }
    const within = (x, y) => { const box = holder.getBoundingClientRect(); return [x - box.left, y - box.top]; };
    const hand = () => {
      const [[x, y], [u, v]] = [[...pointers.values()][0], [...pointers.values()].at(-1)];
      return { middle: within((x + u) / 2, (y + v) / 2), spread: Math.hypot(x - u, y - v) };
    };
    scene.canvas.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      if (!pointers.size) travelled = 0;
      pointers.set(event.pointerId, [event.clientX, event.clientY]);
      scene.canvas.setPointerCapture(event.pointerId);
    });
    scene.canvas.addEventListener("pointermove", (event) => {
      if (!pointers.has(event.pointerId)) return;
      const before = hand();
      pointers.set(event.pointerId, [event.clientX, event.clientY]);
      const { middle, spread } = hand(), by = [middle[0] - before.middle[0], middle[1] - before.middle[1]];
      travelled += Math.hypot(...by) + Math.abs(spread - before.spread);
      if (travelled < 5) return;
      shift(...by);
      if (spread && before.spread) stretch(spread / before.spread, ...middle);
    });
    const release = (event) => {
      if (!pointers.delete(event.pointerId) || pointers.size) return;
      const touched = travelled < 5 && event.type === "pointerup";
      settle();
      if (touched) look(...pixelAt(event));
    };
    scene.canvas.addEventListener("pointerup", release);
    scene.canvas.addEventListener("pointercancel", release);
    scene.canvas.addEventListener("wheel", (event) => {
      if (document.activeElement !== scene.canvas) return; // the page scrolls until the picture has the focus
      event.preventDefault();
      stretch(Math.exp(-event.deltaY / 400), ...within(event.clientX, event.clientY));
      clearTimeout(rolling);
      rolling = setTimeout(settle, 120);
    }, { passive: false });
    const keys = {
      ArrowLeft: () => move(-0.1, 0), ArrowRight: () => move(0.1, 0), ArrowUp: () => move(0, 0.1), ArrowDown: () => move(0, -0.1),
      "+": () => zoom(0.5), "=": () => zoom(0.5), "-": () => zoom(2), 0: () => change({ a: 0, b: 0, width: 16 }), Enter: () => look(SIDE / 2, SIDE / 2),
    };
    scene.canvas.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || !keys[event.key]) return;
      event.preventDefault();
      keys[event.key]();
    });

    controls();
    restart();
    show();
    return {
      open(address) { state = fromAddress(address); controls(); restart(); show(); },
      leave() { job += 1; waiting = []; }, lines, enter: () => restart(), complete: () => level >= BLOCKS.length,
    };
  }

  PLAYGROUND.parts.landscape = { build, claims: (address) => "landscape" in address, yaml, fromAddress };
})();
