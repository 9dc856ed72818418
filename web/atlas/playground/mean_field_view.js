// The orbit of the mean-field map in the plane (m1, m2), with its largest exponent and its place in the bifurcation diagram.
(function () {
  "use strict";
  const { CATEGORIES, button, make, number, rgb, stage, theme } = ATLAS;
  const { animation, numberOr, readAddress, readouts, recipe, share, slider, writeAddress } = PLAYGROUND.controls;
  const DEFAULTS = { map: 1, beta: 1.27, beta_att: 2.2, epsilon: 0.02 };
  const KEPT = 6000, A_PICTURE = 150, TRANSIENT = 2000;

  function fromAddress(address) {
    const a = { ...DEFAULTS, ...address };
    return { map: 1, beta: numberOr(a.beta, 1.27, 0, 3), beta_att: numberOr(a.beta_att, 2.2, 0, 3), epsilon: numberOr(a.epsilon, 0.02, 0, 1) };
  }
  const text = (value) => (Number.isInteger(value) ? value.toFixed(1) : String(value));
  function yaml(state) {
    return ["# snakemake --cores all mean_field_trajectories --configfile this.yaml", "mean_field:", `  model: {beta_att: ${text(state.beta_att)}, epsilon: ${text(state.epsilon)}}`, "  trajectories:", `    betas: [${text(state.beta)}]`, ""].join("\n");
  }

  function build(place) {
    let state = fromAddress(readAddress()), map, gain, orbit = [];
    const motion = animation(tick), values = readouts(["steps", "largest exponent a step", "motion"]);
    const status = make("p", { class: "view-help", role: "status" });
    const play = button("Play", () => (motion.running ? pause() : run()));
    const holder = make("div", { class: "view-stage" }), below = make("div", { class: "view-stage" });
    const scene = stage(holder, (width) => Math.min(width, 560), draw, {
      role: "img", class: "view-canvas", "aria-label": "Orbit in the plane of the first two mean fields; the newest points are the darkest." });
    const diagram = PLAYGROUND.data.diagram ? stage(below, (width) => Math.max(150, Math.min(240, 0.4 * width)), drawDiagram, {
      role: "img", class: "view-canvas view-zoom", "aria-label": "Bifurcation diagram over beta with the place of this orbit; a touch chooses beta, as the slider does." }) : null;
    const code = recipe("As a configuration for the pipeline", () => yaml(state));
    const panel = make("div", { class: "play-panel" });
    const buttons = make("div", { class: "play-buttons" }, play, button("Back to the start", () => { pause(); reset(); }),
      button("Copy the address", () => share(status)));
    place.append(make("div", { class: "play-main" }, holder, buttons, values.element, diagram ? below : "", status, code.element), panel);

    function change(changes) {
      state = { ...state, ...changes };
      Object.assign(map, { beta: state.beta, betaAtt: state.beta_att, epsilon: state.epsilon });
      orbit = [];
      settle();
      writeAddress(Object.fromEntries(Object.entries(state).filter(([key, value]) => key === "map" || value !== DEFAULTS[key])));
      code.refresh();
      scene.request();
      if (diagram) diagram.request();
    }
    function controls() {
      const slide = (name, label, high) => slider({ label, low: 0, high, value: state[name], changed: (value) => change({ [name]: value }) });
      const one = (...what) => slide(...what).element;
      gain = slide("beta", "Output gain β", 3);
      panel.replaceChildren(gain.element, one("beta_att", "Gain of the attention β_att", 3), one("epsilon", "Share of the positional bits ε", 0.1));
    }
    // What came before is another orbit: neither its points nor its growth count.
    function settle() {
      for (let k = 0; k < TRANSIENT; k += 1) map.step();
      map.forget();
      for (let k = 0; k < A_PICTURE; k += 1) { map.step(); orbit.push(map.observables()); }
      show();
    }
    function reset() {
      map = new PLAYGROUND.MeanFieldMap(PLAYGROUND.data.model, PLAYGROUND.data.window, { beta: state.beta, betaAtt: state.beta_att, epsilon: state.epsilon });
      orbit = [];
      settle();
      scene.request();
    }
    function tick() {
      for (let k = 0; k < A_PICTURE; k += 1) { map.step(); orbit.push(map.observables()); }
      if (orbit.length > KEPT) orbit = orbit.slice(-KEPT);
      show();
      scene.paint();
    }
    function show() {
      const exponent = map.exponent;
      values.set("steps", number(map.counted, 7));
      const { beta_att, epsilon } = PLAYGROUND.data.diagram || state;
      if (diagram) status.textContent = state.beta_att === beta_att && state.epsilon === epsilon ? "" : `The diagram is that of β_att = ${number(beta_att)} and ε = ${number(epsilon)}.`;
      values.set("largest exponent a step", number(exponent, 4));
      values.set("motion", map.counted < 1000 ? "–" : exponent > 2e-3 ? "chaotic" : exponent > -2e-3 ? "at the border, or quasi-periodic" : "periodic or at rest");
    }
    function run() { motion.start(); play.textContent = "Pause"; }
    function pause() { motion.stop(); play.textContent = "Play"; }

    function draw(context, size) {
      const look = theme(place), side = Math.min(size.width, size.height), margin = 42;
      context.setTransform(size.ratio, 0, 0, size.ratio, 0, 0);
      context.clearRect(0, 0, size.width, size.height);
      const left = (size.width - side) / 2 + margin, unit = (side - 2 * margin) / 2;
      context.strokeStyle = look.line;
      context.strokeRect(left, margin, 2 * unit, 2 * unit);
      context.fillStyle = look.quiet;
      context.font = `12px ${look.font}`;
      context.textAlign = "center";
      const extent = orbit.reduce((most, m) => Math.max(most, Math.abs(m[0]), Math.abs(m[1])), 0);
      const range = [0.05, 0.1, 0.2, 0.35, 0.5, 0.75].find((limit) => extent < 0.95 * limit) || 1;
      for (const value of [-1, 0, 1]) {
        context.fillText(number(value * range), left + unit * (1 + value), side - margin + 16);
        context.fillText(number(value * range), left - 18, margin + unit * (1 - value) + 4);
      }
      context.fillText("m₁", left + unit * 1.5, side - 6);
      context.fillText("m₂", left - 20, margin + unit * 0.5);
      // a colour for each tenth: to set one for each point costs more than the points
      context.fillStyle = look.accent;
      orbit.forEach((m, k) => {
        const tenth = Math.floor((10 * k) / orbit.length);
        if (!k || tenth !== Math.floor((10 * (k - 1)) / orbit.length)) context.globalAlpha = 0.19 + 0.09 * tenth;
        context.fillRect(left + unit * (1 + m[0] / range) - 1, margin + unit * (1 - m[1] / range) - 1, 2, 2);
      });
      context.globalAlpha = 1;
      place.dataset.ready = "yes";
    }

    // ---- the diagram of m1 over beta, painted once for each colour of the page ----
    const MARGIN = { left: 42, right: 12, top: 8, bottom: 34 };
    let painted = null, paintedIn = "";
    const along = (width) => d3.scaleLinear([PLAYGROUND.data.diagram.first, PLAYGROUND.data.diagram.last], [MARGIN.left, width - MARGIN.right]);
    function drawDiagram(context, size) {
      const look = theme(place), { low, high } = PLAYGROUND.data.diagram, x = along(size.width), bottom = size.height - MARGIN.bottom;
      const y = d3.scaleLinear([low, high], [bottom, MARGIN.top]);
      if (paintedIn !== look.accent) painted = paintDiagram(rgb(paintedIn = look.accent));
      context.setTransform(size.ratio, 0, 0, size.ratio, 0, 0);
      context.clearRect(0, 0, size.width, size.height);
      context.drawImage(painted, MARGIN.left, MARGIN.top, size.width - MARGIN.left - MARGIN.right, bottom - MARGIN.top);
      context.strokeStyle = look.line;
      context.strokeRect(MARGIN.left, MARGIN.top, size.width - MARGIN.left - MARGIN.right, bottom - MARGIN.top);
      context.fillStyle = look.quiet;
      context.font = `12px ${look.font}`;
      context.textBaseline = "middle";
      context.textAlign = "center";
      for (const value of x.ticks(4)) context.fillText(number(value), x(value), bottom + 11);
      context.fillText("β", (x.range()[0] + x.range()[1]) / 2, size.height - 7);
      context.textAlign = "right";
      for (const value of [low, 0, high]) context.fillText(number(value), MARGIN.left - 6, y(value));
      context.fillText("m₁", MARGIN.left - 6, (y(0) + y(high)) / 2);
      context.fillStyle = CATEGORIES[1];
      context.fillRect(x(state.beta) - 1, MARGIN.top, 2, bottom - MARGIN.top);
    }
    function paintDiagram([r, g, b]) {
      const { rows, columns, counts } = PLAYGROUND.data.diagram, canvas = make("canvas", { width: columns, height: rows });
      const bytes = Uint8Array.from(atob(counts), (letter) => letter.charCodeAt(0)), context = canvas.getContext("2d");
      const image = context.createImageData(columns, rows);
      for (let k = 0; k < bytes.length; k += 1) image.data.set([r, g, b, bytes[k]], 4 * k);
      context.putImageData(image, 0, 0);
      return canvas;
    }

    // A touch of the diagram chooses its beta; the slider does the same for keys.
    function choose(event) {
      const box = diagram.canvas.getBoundingClientRect();
      const beta = Math.min(3, Math.max(0, Number(along(box.width).clamp(true).invert(event.clientX - box.left).toPrecision(4))));
      gain.set(beta);
      change({ beta });
    }
    if (diagram) {
      diagram.canvas.addEventListener("pointerdown", (event) => { if (!event.button) { diagram.canvas.setPointerCapture(event.pointerId); choose(event); } });
      diagram.canvas.addEventListener("pointermove", (event) => { if (diagram.canvas.hasPointerCapture(event.pointerId)) choose(event); });
    }

    controls();
    reset();
    if (!window.matchMedia("(prefers-reduced-motion: reduce)").matches) run();
    return { open(address) { state = fromAddress(address); controls(); reset(); if (diagram) diagram.request(); }, leave: pause, map: () => map };
  }

  PLAYGROUND.parts.mean_field = { build, claims: (address) => "map" in address, yaml, fromAddress };
})();
