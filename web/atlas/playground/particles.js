// Live particles on the circle and the sphere.
(function () {
  "use strict";
  const { CATEGORIES, GRATICULE, axesOf, button, make, number, project, stage, theme } = ATLAS;
  const { animation, numberOr, readAddress, readouts, recipe, select, share, slider, writeAddress } = PLAYGROUND.controls;
  const DEFAULTS = { flow: "sa", d: 3, n: 100, beta: 4, step: 0.1, speed: 1, direction: 1, causal: 0, noise: 0, seed: 33, l1: 1, l2: 1, l3: 1 };
  const RADIUS = 0.84, TRACE = 400, STATISTICS = 6; // pictures between two counts of clusters

  function fromAddress(address) {
    const a = { ...DEFAULTS, ...address };
    return {
      flow: a.flow === "usa" ? "usa" : "sa",
      d: numberOr(a.d, 3, 2, 3) >= 2.5 ? 3 : 2,
      n: Math.round(numberOr(a.n, 100, 1, 500)),
      beta: numberOr(a.beta, 4, 0, 200),
      step: numberOr(a.step, 0.1, 1e-4, 1),
      speed: Math.round(numberOr(a.speed, 1, 1, 50)),
      direction: Number(a.direction) < 0 ? -1 : 1,
      causal: Number(a.causal) ? 1 : 0,
      noise: numberOr(a.noise, 0, 0, 1),
      seed: Math.round(numberOr(a.seed, 33, 0, 4294967295)),
      // which start of the seed: that of panel a of the perspective's particles, and the only one of the spheres
      run: Math.round(numberOr(address.run, a.flow === "usa" ? 0 : "a".charCodeAt(0), 0, 4294967295)),
      start: a.start || "",
      l1: numberOr(a.l1, 1, -4, 4), l2: numberOr(a.l2, 1, -4, 4), l3: numberOr(a.l3, 1, -4, 4),
    };
  }

  // Only what differs from the defaults, but always the flow: it says which part of the page is meant.
  function toAddress(state) {
    const entries = Object.entries(state).filter(([key, value]) => key === "flow" || (value !== "" && value !== (key === "run" ? (state.flow === "usa" ? 0 : 97) : DEFAULTS[key])));
    return Object.fromEntries(entries);
  }

  function eigenvalues(state) { return [state.l1, state.l2, state.l3].slice(0, state.d); }

  function startOf(state) {
    const kept = state.start && (PLAYGROUND.data.starts || {})[state.start];
    if (kept && kept.d === state.d && kept.n === state.n) {
      const text = atob(kept.points), bytes = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
      return new Float64Array(bytes.buffer);
    }
    return PLAYGROUND.uniformPoints(state.seed, state.run, state.n, state.d);
  }

  function flowOf(state) {
    return new PLAYGROUND.ParticleFlow({
      kind: state.flow, beta: state.beta, step: state.step, direction: state.direction, causal: Boolean(state.causal), noise: state.noise,
      eigenvalues: eigenvalues(state), points: startOf(state), dimension: state.d, seed: state.seed,
    });
  }

  // What computes this state at full precision: the overlay of a figure of the papers, or an experiment where none fits.
  function recipeText(state) {
    const plain = eigenvalues(state).every((value) => value === 1);
    if (state.noise || state.causal || state.start) return experiment(state);
    if (state.flow === "usa") return spheres(state);
    return plain && state.direction > 0 && state.run === "a".charCodeAt(0) ? perspective(state) : experiment(state);
  }
  const diagonal = (state) => {
    const values = eigenvalues(state);
    return `[${values.map((value, k) => `[${values.map((_, m) => decimal(m === k ? value : 0)).join(", ")}]`).join(", ")}]`;
  };
  const steps = (state) => Math.max(1, state.steps || 1000);
  function spheres(state) {
    const common = [`    particles: ${state.n}`, `    beta: ${decimal(state.beta)}`, `    steps: ${steps(state)}`];
    const step = decimal(state.step), D = diagonal(state);
    if (state.run) return experiment(state);
    if (state.direction < 0) {
      return ["# snakemake --cores all spheres_fig3a --configfile this.yaml", "spheres:", "  fig3:", ...common, "    energy_every: 1", "    start: philox", `    seed: ${state.seed}`,
        `    panels: {a: {D: ${D}, step_size: ${step}}}`, ""].join("\n");
    }
    if (state.d === 2) {
      return ["# snakemake --cores all spheres_fig2_circles --configfile this.yaml", "spheres:", "  fig2_circles:", `    D: ${D}`, ...common, `    step_size: ${step}`,
        `    seed: ${state.seed}`, ""].join("\n");
    }
    return ["# snakemake --cores all spheres_fig6a --configfile this.yaml", "spheres:", "  fig6:", ...common, `    step_size: ${step}`,
      `    panels: {a: {D: ${D}, runs: 1, start: philox, seed: ${state.seed}}}`, ""].join("\n");
  }
  function perspective(state) {
    const last = Math.max(3, steps(state)), shown = [0, 1, 2, 3].map((k) => Math.round((k * last) / 3));
    return [`# snakemake --cores all perspective_particles_${state.d}d --configfile this.yaml`, "perspective:", `  particles_${state.d}d:`, "    flow: sa",
      `    step_size: ${decimal(state.step)}`, `    seed: ${state.seed}`,
      `    panels: {a: {beta: ${decimal(state.beta)}, particles: ${state.n}, steps: ${last}, snapshots: [${shown.join(", ")}]}}`, ""].join("\n");
  }
  // An entry of the block experiments: any state of this page, noise and mask included.
  function experiment(state) {
    const values = eigenvalues(state), plain = values.every((value) => value === 1) && state.direction > 0;
    const signed = values.map((value) => decimal(state.direction * value)).join(", ");
    const last = decimal(Number((steps(state) * state.step).toPrecision(12))), records = Math.min(steps(state), 100) + 1;
    const kept = state.start && (PLAYGROUND.data.starts || {})[state.start];
    const rows = (points) => Array.from({ length: state.n }, (_, i) => `        - [${Array.from(points.subarray(i * state.d, (i + 1) * state.d)).map(decimal).join(", ")}]`);
    return ["# snakemake --cores all experiments_playground --configfile this.yaml", "experiments:", "  playground:", "    title: From the playground",
      `    tokens: ${state.n}`, `    dimension: ${state.d}`,
      `    attention: {kernel: ${state.flow === "sa" ? "softmax" : "unnormalised"}, beta: ${decimal(state.beta)}, mask: ${state.causal ? "causal" : "none"}}`,
      ...(plain ? [] : [`    weights: {query_key: [${values.map(decimal).join(", ")}], value: [${signed}]}`]),
      `    time: {method: published, step: ${decimal(state.step)}, last: ${last}, records: ${records}}`,
      ...(state.noise ? [`    noise: {sigma: ${decimal(state.noise)}, seed: ${state.seed}}  # other random numbers than in the browser`] : []),
      ...(kept ? ["    starts:", "      kind: points", "      points:", ...rows(startOf(state))] : [`    starts: {kind: uniform, seed: ${state.seed}, first_run: ${state.run}}`]),
      "    thresholds: {cluster_distance: 0.0447213595499958}  # an inner product of 0.999", "    observe: [clusters, mean_inner_product, energy]", ""].join("\n");
  }
  const decimal = (value) => (Number.isInteger(value) ? value.toFixed(1) : String(value).replace(/^(-?\d+)e/, "$1.0e"));

  function build(place) {
    let state = fromAddress(readAddress());
    let flow, trail = [], followed = -1, clusters, pictures = 0, failed = "", first = 0, wrongWay = false, energyAt = { step: 0, value: 0 };
    const view = { azimuth: 32, elevation: 24, zoom: 1 };
    const status = make("p", { class: "view-help", role: "status" });
    const values = readouts(["time", "energy", "clusters", "mean inner product"]);
    const motion = animation(tick);

    const play = button("Play", () => (motion.running ? pause() : run()));
    const buttons = make("div", { class: "play-buttons" }, play, button("Single step", () => { pause(); advance(1); }),
      button("Back to the start", () => { pause(); reset(); }), button("New start", () => { change({ seed: (state.seed + 1) % 4294967296, start: "" }); }),
      button("Copy the address", () => share(status)));
    const holder = make("div", { class: "view-stage" });
    const scene = stage(holder, (width) => Math.min(width, 620), draw, {
      tabindex: 0, role: "application", "aria-roledescription": "particles", class: "view-canvas view-turn",
      "aria-label": "Tokens on the circle or the sphere. Arrow keys turn, plus and minus zoom, space plays, n and p follow a token.",
    });
    const code = recipe("Computed by the pipeline", () => recipeText({ ...state, steps: flow.steps }));
    const panel = make("div", { class: "play-panel" });
    place.append(make("div", { class: "play-main" }, holder, buttons, values.element, status, code.element), panel);

    // what a change of a setting needs: a new start, or only new numbers in the running flow
    const live = new Set(["beta", "step", "noise", "direction", "causal", "flow", "l1", "l2", "l3", "speed"]);
    function change(changes) {
      state = { ...state, ...changes };
      if (Object.keys(changes).every((key) => live.has(key))) {
        Object.assign(flow, { kind: state.flow, beta: state.beta, step: state.step, noise: state.noise, direction: state.direction,
          causal: Boolean(state.causal), eigenvalues: eigenvalues(state) });
        failed = "";
        statistics();
      } else reset();
      writeAddress(toAddress(state));
      code.refresh();
    }

    function controls() {
      const set = (name) => (value) => change({ [name]: value });
      const choose = (name, options, label) => select(label, options, String(state[name]), (value) => change(name === "flow" ? { flow: value, run: value === "usa" ? 0 : 97 } : { [name]: Number(value) })).element;
      panel.replaceChildren(
        choose("d", [["3", "sphere"], ["2", "circle"]], "Tokens on the"),
        choose("flow", [["sa", "softmax"], ["usa", "unnormalised"]], "Attention"),
        choose("direction", [["1", "rises"], ["-1", "falls"]], "The energy"),
        choose("causal", [["0", "none"], ["1", "causal"]], "Mask"),
        slider({ label: "Tokens n", low: 1, high: 500, value: state.n, whole: true, curve: "square", changed: (n) => change({ n, start: "" }) }).element,
        slider({ label: "Inverse temperature β", low: 0, high: 200, value: state.beta, curve: "square", changed: set("beta") }).element,
        slider({ label: "Step", low: 1e-4, high: 1, value: state.step, curve: "log", changed: set("step") }).element,
        slider({ label: "Steps a picture", low: 1, high: 50, value: state.speed, whole: true, curve: "square", changed: set("speed") }).element,
        slider({ label: "Noise σ", low: 0, high: 1, value: state.noise, curve: "square", changed: set("noise") }).element,
        ...["l1", "l2", "l3"].slice(0, state.d).map((name, k) => slider({
          label: `Eigenvalue λ${"₁₂₃"[k]} of D`, low: -4, high: 4, value: state[name], changed: set(name) }).element),
        slider({ label: "Seed", low: 0, high: 4294967295, value: state.seed, whole: true, curve: "square", changed: (seed) => change({ seed, start: "" }) }).element,
      );
    }

    function reset() {
      flow = flowOf(state);
      trail = [];
      failed = "";
      energyAt = { step: 0, value: flow.energy() };
      if (followed >= state.n) followed = -1;
      statistics();
      scene.request();
    }

    function advance(count) {
      try {
        for (let k = 0; k < count; k += 1) {
          flow.advance();
          if (followed >= 0) {
            trail.push(Array.from(flow.x.subarray(followed * flow.d, (followed + 1) * flow.d)));
            if (trail.length > TRACE) trail.shift();
          }
        }
      } catch (error) {
        failed = error.message;
        pause();
      }
      statistics();
      scene.request();
    }

    function tick() {
      const before = performance.now();
      // as many steps as asked for, but no picture that takes longer than a reader notices
      for (let k = 0; k < state.speed && performance.now() - before < 24 && !failed; k += 1) {
        try {
          flow.advance();
        } catch (error) {
          failed = error.message;
        }
        if (followed >= 0) { trail.push(Array.from(flow.x.subarray(followed * flow.d, (followed + 1) * flow.d))); if (trail.length > TRACE) trail.shift(); }
      }
      if (failed) pause();
      pictures += 1;
      if (pictures % STATISTICS === 0) statistics();
      scene.paint();
    }

    function statistics() {
      clusters = flow.clusters();
      values.set("time", number(flow.time, 5));
      const energy = flow.energy();
      // along the flow the energy is monotone: with long steps it is not
      wrongWay = !state.noise && !state.causal && flow.steps > energyAt.step && state.direction * (energy - energyAt.value) < -1e-9 * energy;
      energyAt = { step: flow.steps, value: energy };
      values.set("energy", number(energy, 8));
      values.set("clusters", String(clusters.count));
      values.set("mean inner product", number(flow.meanInner(), 5));
      status.textContent = failed ? `Stopped: ${failed}.` : wrongWay ? "The step is too long here: the energy moves the wrong way." : followed >= 0 ? `Token ${followed + 1} is followed.` : "";
    }

    function run() { motion.start(); play.textContent = "Pause"; }
    function pause() { motion.stop(); play.textContent = "Play"; statistics(); }

    // ---- picture ----
    function placeOf(size) {
      const side = Math.min(size.width, size.height);
      return { unit: (side / 2) * RADIUS * view.zoom, axes: flow.d === 3 ? axesOf(view) : null };
    }
    function screen(point, where) {
      if (!where.axes) return [point[0] * where.unit, -point[1] * where.unit, 1];
      const [u, v, w] = project(where.axes, point[0], point[1], point[2]);
      return [u * where.unit, -v * where.unit, w];
    }

    function draw(context, size) {
      const look = theme(place), where = placeOf(size);
      context.setTransform(size.ratio, 0, 0, size.ratio, 0, 0);
      context.clearRect(0, 0, size.width, size.height);
      context.translate(size.width / 2, size.height / 2);
      drawGround(context, where, look);
      drawTrail(context, where);
      const { n, d, x } = flow;
      const order = Array.from({ length: n }, (_, i) => [...screen(x.subarray(i * d, i * d + d), where), i]);
      if (d === 3) order.sort((a, b) => a[2] - b[2]);
      const radius = Math.max(2.5, Math.min(6, 60 / Math.sqrt(n)));
      for (const [u, v, w, i] of order) {
        context.globalAlpha = w < 0 ? 0.28 : 1;
        context.fillStyle = clusters.labels[i] < CATEGORIES.length - 1 ? CATEGORIES[clusters.labels[i]] : look.quiet;
        context.beginPath();
        context.arc(u, v, i === followed ? radius * 1.8 : radius, 0, 2 * Math.PI);
        context.fill();
        if (i === followed) { context.strokeStyle = look.ink; context.lineWidth = 1.5; context.stroke(); }
      }
      context.globalAlpha = 1;
      if (!first) { first = performance.now(); place.dataset.ready = "yes"; }
    }

    function drawGround(context, where, look) {
      context.beginPath();
      context.arc(0, 0, where.unit, 0, 2 * Math.PI);
      if (where.axes) {
        const light = context.createRadialGradient(-0.4 * where.unit, -0.5 * where.unit, 0.1 * where.unit, 0, 0, 1.1 * where.unit);
        light.addColorStop(0, "#fdfdfc");
        light.addColorStop(1, "#c9cbd0");
        context.fillStyle = light;
        context.fill();
      }
      context.strokeStyle = look.line;
      context.lineWidth = where.axes ? 1 : 1.5;
      context.stroke();
      if (!where.axes) return;
      context.strokeStyle = "rgba(60, 64, 72, 0.22)";
      context.lineWidth = 0.7;
      context.beginPath();
      for (const line of GRATICULE) {
        let pen = false;
        for (const point of line) {
          const [u, v, w] = screen(point, where);
          if (w >= 0) { if (pen) context.lineTo(u, v); else context.moveTo(u, v); }
          pen = w >= 0;
        }
      }
      context.stroke();
    }

    function drawTrail(context, where) {
      if (trail.length < 2) return;
      context.strokeStyle = CATEGORIES[1];
      context.lineWidth = 1.6;
      context.beginPath();
      trail.forEach((point, k) => {
        const [u, v] = screen(point, where);
        if (k) context.lineTo(u, v); else context.moveTo(u, v);
      });
      context.stroke();
    }

    // ---- hands ----
    function pick(event) {
      const box = scene.canvas.getBoundingClientRect(), where = placeOf(scene.size);
      const at = [event.clientX - box.left - box.width / 2, event.clientY - box.top - box.height / 2];
      let best = 18, found = -1;
      for (let i = 0; i < flow.n; i += 1) {
        const [u, v, w] = screen(flow.x.subarray(i * flow.d, i * flow.d + flow.d), where);
        const far = Math.hypot(u - at[0], v - at[1]);
        if (w >= 0 && far < best) { best = far; found = i; }
      }
      follow(found);
    }
    function follow(token) {
      followed = token;
      trail = [];
      statistics();
      scene.request();
    }
    const pointers = new Map();
    let travelled = 0, spread = 0;
    scene.canvas.addEventListener("pointerdown", (event) => {
      pointers.set(event.pointerId, [event.clientX, event.clientY]);
      scene.canvas.setPointerCapture(event.pointerId);
      travelled = 0;
      spread = 0;
    });
    scene.canvas.addEventListener("pointermove", (event) => {
      const last = pointers.get(event.pointerId);
      if (!last) return;
      const moved = [event.clientX - last[0], event.clientY - last[1]];
      pointers.set(event.pointerId, [event.clientX, event.clientY]);
      travelled += Math.hypot(...moved);
      if (pointers.size === 2) {
        const [a, b] = [...pointers.values()];
        const wide = Math.hypot(a[0] - b[0], a[1] - b[1]);
        if (spread) zoom(wide / spread);
        spread = wide;
      } else turn(-0.4 * moved[0], 0.4 * moved[1]);
    });
    const release = (event) => {
      if (pointers.delete(event.pointerId) && event.type === "pointerup" && travelled < 5) pick(event);
    };
    scene.canvas.addEventListener("pointerup", release);
    scene.canvas.addEventListener("pointercancel", release);
    scene.canvas.addEventListener("wheel", (event) => {
      if (document.activeElement !== scene.canvas) return; // the page scrolls until the picture has the focus
      event.preventDefault();
      zoom(Math.exp(-event.deltaY / 400));
    }, { passive: false });
    function turn(azimuth, elevation) {
      view.azimuth += azimuth;
      view.elevation = Math.min(90, Math.max(-90, view.elevation + elevation));
      scene.request();
    }
    function zoom(factor) {
      view.zoom = Math.min(20, Math.max(0.5, view.zoom * factor));
      scene.request();
    }
    const keys = {
      ArrowLeft: () => turn(-5, 0), ArrowRight: () => turn(5, 0), ArrowUp: () => turn(0, 5), ArrowDown: () => turn(0, -5),
      "+": () => zoom(1.2), "=": () => zoom(1.2), "-": () => zoom(1 / 1.2), 0: () => { Object.assign(view, { azimuth: 32, elevation: 24, zoom: 1 }); scene.request(); },
      " ": () => play.click(), s: () => { pause(); advance(1); }, n: () => follow((followed + 1) % flow.n), p: () => follow((followed - 1 + flow.n) % flow.n),
      Escape: () => follow(-1),
    };
    scene.canvas.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || !keys[event.key]) return;
      event.preventDefault();
      keys[event.key]();
    });

    controls();
    reset();
    if (!window.matchMedia("(prefers-reduced-motion: reduce)").matches) run();
    return {
      flow: () => flow,
      open(address) { state = fromAddress(address); controls(); reset(); },
      leave: pause,
      address: () => toAddress(state),
    };
  }

  PLAYGROUND.parts.particles = { build, claims: (address) => "flow" in address, recipeText, fromAddress, flowOf };
})();
