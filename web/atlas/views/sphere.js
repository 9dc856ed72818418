// Particles on the sphere through time: turned by mouse, touch or keys; coloured by <x, Dx> where there is a matrix D.
(function () {
  "use strict";
  const { CATEGORIES, button, choice, component, formScale, identifier, make, number, timeline, toggle, tokenScene } = ATLAS;
  const TRACE = 40;

  function build(place, data) {
    const state = { run: 0, frame: 0, traces: true, paths: Boolean(data.paths), hidden: new Set() };
    const help = identifier("help");
    const current = () => data.runs[state.run];
    const framesOf = (run) => run.positions.shape[0];

    const controls = make("div", { class: "view-controls" });
    if (data.runs.length > 1) {
      const runs = choice(data.choice || "Run", data.runs.map((run) => run.label), (index) => selectRun(index));
      controls.append(runs.element);
    }
    const anyFrames = data.runs.some((run) => framesOf(run) > 1);
    if (anyFrames) controls.append(toggle("Traces", true, (on) => { state.traces = on; scene.request(); }).element);
    if (data.paths) controls.append(toggle("Whole paths", true, (on) => { state.paths = on; scene.request(); }).element);
    (data.runs[0].arrows || []).forEach((arrows, k) => {
      const box = toggle(arrows.label, true, (on) => { if (on) state.hidden.delete(k); else state.hidden.add(k); scene.request(); });
      box.element.style.setProperty("--swatch", CATEGORIES[arrows.colour]);
      box.element.classList.add("view-swatch");
      controls.append(box.element);
    });
    controls.append(button("Reset view", () => scene.reset(), "Key 0"));

    const holder = make("div", { class: "view-stage view-sphere" });
    const scale = formScale();
    const readout = make("p", { class: "view-readout" });
    const energy = make("div", { class: "view-curve" });
    place.append(controls, holder, scale.element);
    const scene = tokenScene(place, holder, {
      side: 560, picture,
      attributes: {
        tabindex: 0, role: "application", "aria-roledescription": "sphere that can be turned",
        "aria-label": `${data.label}. Arrow keys turn the sphere.`, "aria-describedby": help, class: "view-canvas view-turn",
      },
      hands: { turned: showDirection, hovered: name, picked: name },
    });
    const time = timeline({
      label: data.timeName || "Time", count: framesOf(current()), value: 0, describe: momentText,
      changed: (frame) => { state.frame = frame; scene.request(); moved(); },
    });
    if (anyFrames) place.append(time.element);
    place.append(readout, energy,
      make("p", { class: "view-help", id: help },
        "Turn: drag, or arrow keys when the sphere has the focus. Plus and minus zoom, 0 resets. "
        + "What is behind the sphere is faint."));

    function momentText(frame) {
      const run = current();
      const parts = [`${run.timeLabel}${run.timeLabel === "step" ? " " : " = "}${number(run.times.values[frame], 5)}`];
      if (run.counts) parts.push(`${run.counts.values[frame]} ${run.counts.values[frame] === 1 ? "cluster" : "clusters"}`);
      if (run.energies) parts.push(`energy ${number(run.energies.values[frame], 6)}`);
      return parts.join(", ");
    }

    function moved() { if (mark) mark(); }

    function showDirection() {
      const { azimuth, elevation, zoom } = scene.view;
      readout.textContent = `Seen from azimuth ${Math.round(azimuth)}°, elevation ${number(Math.round(elevation))}°`
        + (zoom > 1 ? `, enlarged ${number(zoom, 2)} times` : "");
    }

    let mark = null;
    function selectRun(index) {
      state.run = index;
      const run = current();
      time.stop();
      const start = { first: 0, last: 1 }[data.startFrame];
      state.frame = Math.floor((framesOf(run) - 1) * (start === undefined ? 0.5 : start));
      time.set(state.frame, framesOf(run));
      scale.show(run.matrix, run.eigenvalues);
      mark = run.curve ? energyCurve(energy, run, () => state.frame) : null;
      energy.hidden = !run.curve;
      scene.request();
      showDirection();
    }

    function picture() {
      const run = current(), tokens = run.positions.shape[1];
      const reach = state.traces && tokens <= 600 ? Math.max(8, Math.min(TRACE, Math.round(6000 / tokens))) : 0;
      return {
        dimension: 3, tokens, frame: state.frame, first: Math.max(0, state.frame - reach), at: (token, frame) => coordinate(run, frame, token),
        colour: (token) => (run.colours ? run.colours.values[token] : null), paths: state.paths ? framesOf(run) : 0,
        matrix: run.matrix, range: run.eigenvalues, axisNames: run.axisNames, ball: run.ball, inside: run.inside,
        arrows: (run.arrows || []).filter((_, k) => !state.hidden.has(k)),
      };
    }

    function coordinate(run, frame, particle) {
      const { values, shape, scale: s } = run.positions;
      const at = (frame * shape[1] + particle) * 3;
      return [values[at] * s, values[at + 1] * s, values[at + 2] * s];
    }

    // Says which particle is under the mouse.
    function name(particle) {
      if (particle < 0) return showDirection();
      const run = current();
      const at = coordinate(run, state.frame, particle).map((value) => number(value, 3)).join(", ");
      readout.textContent = `${run.names ? `Token ${particle}, “${run.names[particle]}”` : `Particle ${particle + 1}`}, at (${at})`;
    }

    selectRun(0);
    return {
      state: () => ({
        run: state.run, frame: state.frame, frames: framesOf(current()), ...scene.view, points: scene.painted(), particles: current().positions.shape[1],
      }),
      position: (frame, particle) => coordinate(current(), frame, particle),
    };
  }

  // The energy along the run with a mark at the present step; returns what moves the mark.
  function energyCurve(place, run, frame) {
    const width = Math.max(280, Math.min(560, place.clientWidth || 560)), height = 130, margin = { left: 58, right: 12, top: 8, bottom: 34 };
    const xs = run.curve.x.values, ys = run.curve.y.values;
    const x = d3.scaleSymlog().constant(1).domain([0, xs[xs.length - 1]]).range([margin.left, width - margin.right]);
    const y = d3.scaleLinear().domain(d3.extent(ys)).nice(3).range([height - margin.bottom, margin.top]);
    const svg = d3.create("svg").attr("viewBox", `0 0 ${width} ${height}`).attr("role", "img")
      .attr("aria-label", `${run.curve.label} against ${run.timeLabel}: from ${number(ys[0], 5)} to ${number(ys[ys.length - 1], 5)}`);
    const last = Math.log10(Math.max(1, xs[xs.length - 1]));
    const ticks = [0, ...d3.range(0, Math.floor(last) + 1).map((k) => 10 ** k)];
    svg.append("g").attr("class", "view-axis").attr("transform", `translate(0,${height - margin.bottom})`)
      .call(d3.axisBottom(x).tickValues(ticks).tickFormat(d3.format(",d")).tickSizeOuter(0));
    svg.append("g").attr("class", "view-axis").attr("transform", `translate(${margin.left},0)`).call(d3.axisLeft(y).ticks(3).tickSizeOuter(0));
    svg.append("text").attr("class", "view-axis-name").attr("x", (margin.left + width - margin.right) / 2).attr("y", height - 4)
      .attr("text-anchor", "middle").text(`${run.timeLabel} (logarithmic)`);
    svg.append("text").attr("class", "view-axis-name").attr("transform", `translate(11,${(height - margin.bottom) / 2}) rotate(-90)`)
      .attr("text-anchor", "middle").text(run.curve.label);
    svg.append("path").attr("class", "view-line").attr("d", d3.line((_, k) => x(xs[k]), (_, k) => y(ys[k]))(ys));
    const dot = svg.append("circle").attr("class", "view-dot").attr("r", 5);
    place.replaceChildren(svg.node());
    const move = () => dot.attr("cx", x(run.times.values[frame()])).attr("cy", y(run.energies.values[frame()]));
    move();
    return move;
  }

  component("sphere", build);
})();
