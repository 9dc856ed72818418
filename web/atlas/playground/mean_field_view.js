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
    return ["mean_field:", `  model: {beta_att: ${text(state.beta_att)}, epsilon: ${text(state.epsilon)}}`, "  trajectories:", `    betas: [${text(state.beta)}]`, ""].join("\n");
  }

  function build(place) {
    let state = fromAddress(readAddress()), map, orbit = [];
    const motion = animation(tick), values = readouts(["steps", "largest exponent a step", "motion"]);
    const status = make("p", { class: "view-help", role: "status" });
    const play = button("Play", () => (motion.running ? pause() : run()));
    const holder = make("div", { class: "view-stage" }), below = make("div", { class: "view-stage" });
    const scene = stage(holder, (width) => Math.min(width, 560), draw, {
      tabindex: 0, role: "img", class: "view-canvas", "aria-label": "Orbit in the plane of the first two mean fields; the newest points are the darkest." });
    const diagram = PLAYGROUND.data.diagram ? stage(below, (width) => Math.min(220, 0.4 * width), drawDiagram, {
      role: "img", class: "view-canvas", "aria-label": "Bifurcation diagram over beta with the place of this orbit." }) : null;
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
      const one = (name, label, high) => slider({ label, low: 0, high, value: state[name], changed: (value) => change({ [name]: value }) }).element;
      panel.replaceChildren(one("beta", "Output gain β", 3), one("beta_att", "Gain of the attention β_att", 3), one("epsilon", "Share of the positional bits ε", 0.1));
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
      const [r, g, b] = rgb(CATEGORIES[0]);
      orbit.forEach((m, k) => {
        context.fillStyle = `rgba(${r}, ${g}, ${b}, ${0.15 + (0.85 * k) / orbit.length})`;
        context.fillRect(left + unit * (1 + m[0] / range) - 0.9, margin + unit * (1 - m[1] / range) - 0.9, 1.8, 1.8);
      });
      place.dataset.ready = "yes";
    }

    let painted = null;
    function drawDiagram(context, size) {
      const look = theme(place), { low, high, first, last } = PLAYGROUND.data.diagram;
      painted = painted || paintDiagram();
      context.setTransform(size.ratio, 0, 0, size.ratio, 0, 0);
      context.clearRect(0, 0, size.width, size.height);
      context.drawImage(painted, 0, 0, size.width, size.height - 18);
      context.fillStyle = look.quiet;
      context.font = `12px ${look.font}`;
      context.fillText(`β = ${number(first)}`, 2, size.height - 4);
      context.textAlign = "right";
      context.fillText(`m₁ from ${number(low)} to ${number(high)} over β to ${number(last)}`, size.width - 2, size.height - 4);
      context.fillStyle = CATEGORIES[1];
      context.fillRect(((state.beta - first) / (last - first)) * size.width - 1, 0, 2, size.height - 18);
    }
    function paintDiagram() {
      const { rows, columns, counts } = PLAYGROUND.data.diagram, canvas = make("canvas", { width: columns, height: rows });
      const bytes = Uint8Array.from(atob(counts), (letter) => letter.charCodeAt(0)), context = canvas.getContext("2d");
      const image = context.createImageData(columns, rows), [r, g, b] = rgb(CATEGORIES[0]);
      for (let k = 0; k < bytes.length; k += 1) image.data.set([r, g, b, bytes[k]], 4 * k);
      context.putImageData(image, 0, 0);
      return canvas;
    }

    controls();
    reset();
    if (!window.matchMedia("(prefers-reduced-motion: reduce)").matches) run();
    return { open(address) { state = fromAddress(address); controls(); reset(); if (diagram) diagram.request(); }, leave: pause, map: () => map };
  }

  PLAYGROUND.parts.mean_field = { build, claims: (address) => "map" in address, yaml, fromAddress };
})();
