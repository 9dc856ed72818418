// Live particles on the circle and the sphere.
(function () {
  "use strict";
  const { CATEGORIES, button, formScale, make, number, tokenScene } = ATLAS;
  const { animation, numberOr, readAddress, readouts, recipe, select, share, slider, writeAddress } = PLAYGROUND.controls;
  const DEFAULTS = { flow: "sa", d: 3, n: 100, beta: 4, step: 0.1, speed: 1, direction: 1, causal: 0, noise: 0, seed: 33, l1: 1, l2: 1, l3: 1 };
  const TRACE = 400, STATISTICS = 6; // pictures between two counts of clusters

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
    let flow, third, trail = [], followed = -1, clusters, pictures = 0, failed = "", wrongWay = false, energyAt = { step: 0, value: 0 };
    const status = make("p", { class: "view-help", role: "status" });
    const values = readouts(["time", "energy", "clusters", "mean inner product", "followed token"]);
    const motion = animation(tick);

    const play = button("Play", () => (motion.running ? pause() : run()));
    const buttons = make("div", { class: "play-buttons" }, play, button("Single step", single),
      button("Back to the start", () => { pause(); reset(); }), button("New start", () => { change({ seed: (state.seed + 1) % 4294967296, start: "" }); }),
      button("Reset view", () => scene.reset(), "Key 0"), button("Copy the address", () => share(status)));
    const holder = make("div", { class: "view-stage view-sphere" }), scale = formScale();
    const scene = tokenScene(place, holder, {
      side: 620, picture,
      attributes: {
        tabindex: 0, role: "application", "aria-roledescription": "particles", class: "view-canvas view-turn",
        "aria-label": "Tokens on the circle or the sphere. Arrow keys turn, plus and minus zoom, 0 resets the view, space plays, s steps, n and p follow a token.",
      },
      hands: {
        picked: follow,
        keys: {
          " ": () => play.click(), s: single, n: () => follow((followed + 1) % flow.n),
          p: () => follow((Math.max(followed, 0) - 1 + flow.n) % flow.n), Escape: () => follow(-1),
        },
      },
    });
    const code = recipe("As a configuration for the pipeline", () => recipeText({ ...state, steps: flow.steps }));
    const panel = make("div", { class: "play-panel" });
    place.append(make("div", { class: "play-main" }, holder, scale.element, buttons, values.element, status, code.element), panel);

    // what a change of a setting needs: a new start, or only new numbers in the running flow
    const live = new Set(["beta", "step", "noise", "direction", "causal", "flow", "l1", "l2", "l3", "speed"]);
    function change(changes) {
      state = { ...state, ...changes };
      if (Object.keys(changes).every((key) => live.has(key))) {
        Object.assign(flow, { kind: state.flow, beta: state.beta, step: state.step, noise: state.noise, direction: state.direction,
          causal: Boolean(state.causal), eigenvalues: eigenvalues(state) });
        failed = "";
        ground();
        statistics();
        scene.coarsely();
      } else reset();
      writeAddress(toAddress(state));
      code.refresh();
    }

    function controls() {
      const set = (name) => (value) => change({ [name]: value });
      const choose = (name, options, label) => select(label, options, String(state[name]), (value) => change({ [name]: name === "flow" ? value : Number(value) })).element;
      const forms = ["l1", "l2", "l3"].map((name, k) => slider({ label: `Eigenvalue λ${"₁₂₃"[k]} of D`, low: -4, high: 4, value: state[name], changed: set(name) }).element);
      third = forms[2];
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
        ...forms,
        slider({ label: "Seed", low: 0, high: 4294967295, value: state.seed, whole: true, curve: "square", changed: (seed) => change({ seed, start: "" }) }).element,
      );
    }

    function reset() {
      flow = flowOf(state);
      trail = [];
      failed = "";
      energyAt = { step: 0, value: flow.energy() };
      if (followed >= state.n) followed = -1;
      ground();
      statistics();
      scene.request();
    }

    // D colours the ground where it is not a multiple of the identity.
    const matrixOf = () => (new Set(eigenvalues(state)).size > 1 ? eigenvalues(state).map((value, k) => eigenvalues(state).map((_, m) => (k === m ? value : 0))) : null);
    const rangeOf = () => [Math.min(...eigenvalues(state)), Math.max(...eigenvalues(state))];
    function ground() {
      scale.show(matrixOf(), rangeOf());
      third.hidden = state.d === 2;
    }

    // Steps until one fails or the time (ms) is over.
    function advance(count, time = Infinity) {
      const before = performance.now();
      for (let k = 0; k < count && performance.now() - before < time && !failed; k += 1) {
        try {
          flow.advance();
        } catch (error) {
          failed = error.message;
          pause();
        }
        if (followed >= 0) trail.push(pointOf(followed));
        if (trail.length > TRACE) trail.shift();
      }
    }

    function tick() {
      advance(state.speed, 16); // no picture that takes longer than a reader notices
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
      values.set("followed token", followed < 0 ? "none" : `${followed + 1} at (${pointOf(followed).map((x) => x.toFixed(2).replace("-", "−")).join(", ")})`);
      status.textContent = failed ? `Stopped: ${failed}.` : wrongWay ? "The step is too long here: the energy moves the wrong way." : followed >= 0 ? `Token ${followed + 1} is followed.` : "";
    }

    function run() { motion.start(); play.textContent = "Pause"; }
    function pause() { motion.stop(); play.textContent = "Play"; statistics(); }
    function single() { pause(); advance(1); statistics(); scene.request(); }

    const pointOf = (token) => Array.from(flow.x.subarray(token * flow.d, (token + 1) * flow.d));
    function picture() {
      place.dataset.ready = "yes";
      const now = trail.length;
      return {
        dimension: flow.d, tokens: flow.n, frame: now, first: 0, traced: followed >= 0 && now ? [followed] : [], marked: followed,
        at: (token, frame) => (frame < now ? trail[frame] : pointOf(token)),
        // the largest clusters have colours, the others are grey
        colour: (token) => (clusters.labels[token] < CATEGORIES.length - 1 ? clusters.labels[token] : -1),
        matrix: matrixOf(), range: rangeOf(),
      };
    }

    function follow(token) {
      followed = token;
      trail = [];
      statistics();
      scene.request();
    }

    controls();
    reset();
    if (!window.matchMedia("(prefers-reduced-motion: reduce)").matches) run();
    return {
      flow: () => flow, view: () => scene.view,
      open(address) { state = fromAddress(address); controls(); reset(); },
      leave: pause,
      address: () => toAddress(state),
    };
  }

  PLAYGROUND.parts.particles = { build, claims: (address) => "flow" in address, recipeText, fromAddress, flowOf };
})();
