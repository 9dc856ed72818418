// Particles on the sphere through time: turned by mouse, touch or keys; coloured by <x, Dx> where there is a matrix D.
(function () {
  "use strict";
  const { CATEGORIES, GRATICULE, axesOf, button, choice, component, formColours, identifier, make, number, paintSphere, project,
    stage, theme, timeline, toggle } = ATLAS;
  const RADIUS = 0.76; // of half the canvas: the rest is for the axes
  const START = { azimuth: 32, elevation: 24, zoom: 1 };
  const TRACE = 40;
  const PATH = 100; // pieces of a whole path
  const STEP = 5; // degrees a key turns

  // Range of <x, Dx>: the smallest and the largest eigenvalue, sent along with the matrix; a constant form is in the middle.
  function formRange(run) {
    if (!run.matrix) return null;
    const [low, high] = run.eigenvalues;
    return high - low < 1e-12 ? [low - 0.5, high + 0.5] : [low, high];
  }

  function build(place, data) {
    const state = { run: 0, frame: 0, traces: true, paths: Boolean(data.paths), hidden: new Set(), ...START };
    const colours = formColours();
    const raster = document.createElement("canvas");
    let rasterKey = "", turning = false, paintedPoints = 0;
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
    controls.append(button("Reset view", () => { Object.assign(state, START); turned(); }, "Key 0"));

    const holder = make("div", { class: "view-stage view-sphere" });
    const scale = make("div", { class: "view-scale", hidden: true });
    const readout = make("p", { class: "view-readout" });
    const energy = make("div", { class: "view-curve" });
    place.append(controls, holder, scale);
    const scene = stage(holder, (width) => Math.min(width, 560), draw, {
      tabindex: 0, role: "application", "aria-roledescription": "sphere that can be turned",
      "aria-label": `${data.label}. Arrow keys turn the sphere.`, "aria-describedby": help, class: "view-canvas view-turn",
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

    function turned() {
      state.azimuth = ((state.azimuth % 360) + 360) % 360;
      state.elevation = Math.min(90, Math.max(-90, state.elevation));
      state.zoom = Math.min(8, Math.max(1, state.zoom));
      showDirection();
      scene.request();
    }

    function showDirection() {
      readout.textContent = `Seen from azimuth ${Math.round(state.azimuth)}°, elevation ${number(Math.round(state.elevation))}°`
        + (state.zoom > 1 ? `, enlarged ${number(state.zoom, 2)} times` : "");
    }

    let mark = null;
    function selectRun(index) {
      state.run = index;
      const run = current();
      time.stop();
      const start = { first: 0, last: 1 }[data.startFrame];
      state.frame = Math.floor((framesOf(run) - 1) * (start === undefined ? 0.5 : start));
      time.set(state.frame, framesOf(run));
      const range = run.matrix ? run.eigenvalues : null;
      scale.hidden = !range;
      if (range) {
        const constant = range[1] - range[0] < 1e-12;
        const gradient = constant ? `rgb(${colours[128].map(Math.round)})`
          : `linear-gradient(to right, ${colours.filter((_, k) => k % 15 === 0).map((c) => `rgb(${c.map(Math.round)})`).join(",")})`;
        const bar = make("span", { class: "view-bar" });
        bar.style.background = gradient;
        scale.replaceChildren(make("span", {}, "⟨x, Dx⟩"), ...(constant ? [bar, number(range[0])] : [number(range[0]), bar, number(range[1])]).map((part) => make("span", {}, part)));
      }
      mark = run.curve ? energyCurve(energy, run, () => state.frame) : null;
      energy.hidden = !run.curve;
      rasterKey = "";
      turned();
    }

    function draw(context, size) {
      const run = current();
      const look = theme(place);
      const side = size.height;
      const unit = (side / 2) * RADIUS * state.zoom;
      const axes = axesOf(state);
      context.setTransform(size.ratio, 0, 0, size.ratio, 0, 0);
      context.clearRect(0, 0, size.width, size.height);
      context.translate(size.width / 2, side / 2);

      const tips = (run.axisNames || ["e₁", "e₂", "e₃"]).map((name, k) => ({ name, at: axes.map((axis) => axis[k]) }));
      tips.filter((tip) => tip.at[2] < 0).forEach((tip) => drawAxis(context, tip, unit, look));
      // the sphere is painted at most at the size of the canvas, coarser while it turns
      const pixels = Math.round(Math.min(2 * unit * size.ratio, 1400) * (turning && run.matrix ? 0.5 : 1));
      const key = [pixels, state.run, run.matrix ? `${state.azimuth} ${state.elevation}` : ""].join();
      if (key !== rasterKey) {
        paintSphere(raster, pixels, axes, run.ball ? null : run.matrix, formRange(run), colours);
        rasterKey = key;
      }
      context.imageSmoothingEnabled = true;
      context.drawImage(raster, -unit, -unit, 2 * unit, 2 * unit);
      if (!run.matrix && !run.ball) drawGraticule(context, axes, unit);
      tips.filter((tip) => tip.at[2] >= 0).forEach((tip) => drawAxis(context, tip, unit, look));

      if (state.paths) drawPaths(context, run, axes, unit);
      if (state.traces) drawTraces(context, run, axes, unit);
      (run.arrows || []).forEach((arrows, k) => { if (!state.hidden.has(k)) drawArrows(context, run, arrows, axes, unit); });
      drawPoints(context, run, axes, unit);
    }

    function drawAxis(context, tip, unit, look) {
      const [x, y] = tip.at;
      // over the sphere the page's ink may be light on light
      const over = Math.hypot(x, y) * 1.21 < 1 && tip.at[2] >= 0;
      context.strokeStyle = context.fillStyle = over ? "#1a1a1a" : look.ink;
      context.lineWidth = 1;
      context.beginPath();
      context.moveTo(unit * x, -unit * y);
      context.lineTo(1.13 * unit * x, -1.13 * unit * y);
      context.stroke();
      context.font = `${Math.max(12, Math.min(15, unit / 14))}px ${look.font}`;
      context.textAlign = "center";
      context.textBaseline = "middle";
      context.fillText(tip.name, 1.21 * unit * x, -1.21 * unit * y);
    }

    function drawGraticule(context, axes, unit) {
      context.strokeStyle = "#c3c9d0";
      context.lineWidth = 0.8;
      context.beginPath();
      for (const line of GRATICULE) {
        let drawing = false;
        for (const point of line) {
          const [x, y, z] = project(axes, ...point);
          if (z < 0) { drawing = false; continue; }
          if (drawing) context.lineTo(unit * x, -unit * y);
          else context.moveTo(unit * x, -unit * y);
          drawing = true;
        }
      }
      context.stroke();
    }

    function coordinate(run, frame, particle) {
      const { values, shape, scale: s } = run.positions;
      const at = (frame * shape[1] + particle) * 3;
      return [values[at] * s, values[at + 1] * s, values[at + 2] * s];
    }

    function colourOf(run, particle) {
      return run.colours ? CATEGORIES[run.colours.values[particle] % CATEGORIES.length] : "#1a1a1a";
    }

    // Where each particle comes from and goes to, in grey; what is behind the sphere is faint.
    function drawPaths(context, run, axes, unit) {
      const frames = framesOf(run), step = Math.max(1, Math.floor(frames / PATH));
      const front = new Path2D(), behind = new Path2D();
      for (let particle = 0; particle < run.positions.shape[1]; particle += 1) {
        let before = project(axes, ...coordinate(run, 0, particle));
        for (let frame = step; frame < frames + step - 1; frame += step) {
          const now = project(axes, ...coordinate(run, Math.min(frame, frames - 1), particle));
          const path = now[2] < 0 ? behind : front;
          path.moveTo(unit * before[0], -unit * before[1]);
          path.lineTo(unit * now[0], -unit * now[1]);
          before = now;
        }
      }
      context.strokeStyle = "#8a94a0";
      context.lineWidth = 0.8;
      context.globalAlpha = 0.25;
      context.stroke(behind);
      context.globalAlpha = 0.9;
      context.stroke(front);
      context.globalAlpha = 1;
    }

    function drawTraces(context, run, axes, unit) {
      const particles = run.positions.shape[1];
      const first = Math.max(0, state.frame - Math.max(8, Math.min(TRACE, Math.round(6000 / particles))));
      if (state.frame - first < 1 || particles > 600) return;
      context.lineWidth = 1;
      for (let particle = 0; particle < particles; particle += 1) {
        context.strokeStyle = colourOf(run, particle);
        let before = project(axes, ...coordinate(run, first, particle));
        for (let frame = first + 1; frame <= state.frame; frame += 1) {
          const now = project(axes, ...coordinate(run, frame, particle));
          const age = (frame - first) / (state.frame - first);
          context.globalAlpha = 0.7 * age ** 1.5 * (now[2] < 0 ? 0.25 : 1);
          context.beginPath();
          context.moveTo(unit * before[0], -unit * before[1]);
          context.lineTo(unit * now[0], -unit * now[1]);
          context.stroke();
          before = now;
        }
      }
      context.globalAlpha = 1;
    }

    function drawPoints(context, run, axes, unit) {
      const particles = run.positions.shape[1];
      const places = [], taken = new Set();
      for (let particle = 0; particle < particles; particle += 1) {
        const [x, y, z] = project(axes, ...coordinate(run, state.frame, particle));
        // points on top of each other would add up, behind to dark ones and in front (their light rims) to white ones: each place once
        const spot = `${x.toFixed(2)} ${y.toFixed(2)} ${z < 0}`;
        if (taken.has(spot) && !run.inside) continue;
        taken.add(spot);
        places.push([x, y, z, particle]);
      }
      places.sort((p, q) => p[2] - q[2]);
      const size = Math.max(1.8, Math.min(5.5, (unit / 40) * Math.sqrt(150 / Math.max(places.length, 40))));
      for (const [x, y, z, particle] of places) {
        context.globalAlpha = run.inside ? 0.65 + 0.35 * z : z < 0 ? 0.25 : 1; // inside the ball nothing hides, distance fades
        context.beginPath();
        context.arc(unit * x, -unit * y, z < 0 ? 0.87 * size : size, 0, 2 * Math.PI);
        context.fillStyle = colourOf(run, particle);
        context.fill();
        if (z < 0 && !run.inside) continue;
        context.lineWidth = 0.7;
        context.strokeStyle = "#fff";
        context.stroke();
      }
      context.globalAlpha = 1;
      paintedPoints = places.length;
    }

    function drawArrows(context, run, arrows, axes, unit) {
      context.strokeStyle = context.fillStyle = CATEGORIES[arrows.colour];
      context.lineWidth = 2;
      const { values, scale: s } = arrows.vectors;
      for (let particle = 0; particle < run.positions.shape[1]; particle += 1) {
        const point = coordinate(run, 0, particle);
        const vector = [0, 1, 2].map((k) => values[3 * particle + k] * s * arrows.length);
        const from = project(axes, ...point);
        const to = project(axes, ...point.map((x, k) => x + vector[k]));
        const [dx, dy] = [unit * (to[0] - from[0]), -unit * (to[1] - from[1])];
        const length = Math.hypot(dx, dy);
        if (length < 1) continue;
        context.globalAlpha = from[2] < 0 ? 0.2 : 1;
        context.beginPath();
        context.moveTo(unit * from[0], -unit * from[1]);
        context.lineTo(unit * to[0], -unit * to[1]);
        context.stroke();
        const head = Math.min(8, length);
        const angle = Math.atan2(dy, dx);
        context.beginPath();
        context.moveTo(unit * to[0] + 2 * Math.cos(angle), -unit * to[1] + 2 * Math.sin(angle));
        for (const side of [2.7, -2.7]) {
          context.lineTo(unit * to[0] + head * Math.cos(angle + side), -unit * to[1] + head * Math.sin(angle + side));
        }
        context.fill();
      }
      context.globalAlpha = 1;
    }

    // Says which particle is under the mouse.
    function point(event) {
      const run = current(), frame = canvas.getBoundingClientRect(), axes = axesOf(state);
      const unit = (scene.size.height / 2) * RADIUS * state.zoom;
      const x = event.clientX - frame.left - scene.size.width / 2, y = scene.size.height / 2 - (event.clientY - frame.top);
      let best = null, nearest = 10;
      for (let particle = 0; particle < run.positions.shape[1]; particle += 1) {
        const [px, py, pz] = project(axes, ...coordinate(run, state.frame, particle));
        const distance = Math.hypot(unit * px - x, unit * py - y);
        if (distance < nearest && (pz >= 0 || run.inside)) { nearest = distance; best = particle; }
      }
      if (best === null) return showDirection();
      const place_ = coordinate(run, state.frame, best).map((value) => number(value, 3)).join(", ");
      readout.textContent = `${run.names ? `Token ${best}, “${run.names[best]}”` : `Particle ${best + 1}`}, at (${place_})`;
    }

    // ---- turning ----
    const canvas = scene.canvas;
    let grip = null;
    canvas.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      grip = { x: event.clientX, y: event.clientY, id: event.pointerId };
      canvas.setPointerCapture(event.pointerId);
    });
    canvas.addEventListener("pointermove", (event) => {
      if (!grip) return point(event);
      if (event.pointerId !== grip.id) return;
      const speed = 180 / (Math.PI * (scene.size.height / 2) * RADIUS * state.zoom); // a point under the finger stays there
      state.azimuth -= (event.clientX - grip.x) * speed;
      state.elevation += (event.clientY - grip.y) * speed;
      grip.x = event.clientX;
      grip.y = event.clientY;
      turning = true;
      turned();
    });
    const release = () => { grip = null; if (turning) { turning = false; scene.request(); } };
    canvas.addEventListener("pointerup", release);
    canvas.addEventListener("pointercancel", release);
    canvas.addEventListener("wheel", (event) => {
      if (document.activeElement !== canvas && !event.ctrlKey && !event.metaKey) return; // the page scrolls
      event.preventDefault();
      state.zoom *= Math.exp(-event.deltaY / 400);
      turned();
    }, { passive: false });
    canvas.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const turns = {
        ArrowLeft: () => { state.azimuth += STEP; }, ArrowRight: () => { state.azimuth -= STEP; },
        ArrowUp: () => { state.elevation -= STEP; }, ArrowDown: () => { state.elevation += STEP; },
        "+": () => { state.zoom *= 1.25; }, "=": () => { state.zoom *= 1.25; }, "-": () => { state.zoom /= 1.25; },
        0: () => Object.assign(state, START), Home: () => Object.assign(state, START),
      };
      if (!turns[event.key]) return;
      event.preventDefault();
      turns[event.key]();
      turned();
    });
    selectRun(0);
    return {
      state: () => ({
        run: state.run, frame: state.frame, frames: framesOf(current()), azimuth: state.azimuth, elevation: state.elevation,
        zoom: state.zoom, points: paintedPoints, particles: current().positions.shape[1],
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
