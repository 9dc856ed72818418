// Particles on the circle through time: the circle at one moment, and below it all angles against time.
(function () {
  "use strict";
  const { categoryColour, choice, component, formScale, identifier, make, number, stage, theme, timeline, toggle, tokenScene } = ATLAS;
  const TRACE = 60;
  const MARGIN = { left: 58, right: 14, top: 10, bottom: 40 };

  function build(place, data) {
    const state = { run: 0, frame: 0, traces: true };
    const help = identifier("help");
    let paths = null, pathsKey = "", area = null;
    const current = () => data.runs[state.run];
    const framesOf = (run) => run.angles.shape[0];
    const angle = (run, frame, particle) => run.angles.values[frame * run.angles.shape[1] + particle] * run.angles.scale;

    const controls = make("div", { class: "view-controls" });
    if (data.runs.length > 1) controls.append(choice(data.choice || "Run", data.runs.map((run) => run.label), select).element);
    controls.append(toggle("Traces", true, (on) => { state.traces = on; circle.request(); }).element);
    const upper = make("div", { class: "view-stage view-circle" });
    const lower = make("div", { class: "view-stage" });
    const scale = formScale();
    place.append(controls, upper, scale.element);
    const circle = tokenScene(place, upper, {
      side: 440, picture,
      attributes: {
        class: "view-canvas", role: "img", "aria-label": `${data.label} on the circle at the chosen time; the text beside the slider says it in numbers.`,
      },
    });
    const time = timeline({
      label: data.timeName || "Time", count: 2, value: 0, describe: momentText,
      changed: (frame) => { state.frame = frame; circle.request(); history.request(); },
    });
    place.append(time.element, lower);
    const history = stage(lower, (width) => Math.max(220, Math.min(320, width * 0.45)), drawHistory, {
      tabindex: 0, role: "application", "aria-roledescription": "angles against time", class: "view-canvas view-zoom",
      "aria-label": "Angles of the particles against time. Left and right arrow keys move the time.", "aria-describedby": help,
    });
    const svg = ATLAS.axesLayer(lower);
    const axisX = svg.append("g").attr("class", "view-axis"), axisY = svg.append("g").attr("class", "view-axis");
    const nameX = svg.append("text").attr("class", "view-axis-name").attr("text-anchor", "middle");
    const nameY = svg.append("text").attr("class", "view-axis-name").attr("text-anchor", "middle").text("angle");
    place.append(make("p", { class: "view-help", id: help },
      "The slider, or a click in the lower panel, chooses the time; arrow keys move it when the slider or the panel has the focus. "
      + "In the circle a trace runs outwards from the past to the present. " + (data.note || "")));

    function momentText(frame) {
      const run = current();
      const parts = [`${run.timeLabel}${run.timeLabel === "step" ? " " : " = "}${number(run.times.values[frame], 4)}`];
      if (run.counts) parts.push(run.counts.values[frame] ? `${run.counts.values[frame]} ${run.counts.values[frame] === 1 ? "cluster" : "clusters"}` : "clusters undecided");
      if (run.energies) parts.push(`energy ${number(run.energies.values[frame], 6)}`);
      return parts.join(", ");
    }

    function select(index) {
      state.run = index;
      time.stop();
      state.frame = Math.floor((framesOf(current()) - 1) * (data.startShare === undefined ? 0.5 : data.startShare));
      time.set(state.frame, framesOf(current()));
      pathsKey = "";
      scale.show(current().matrix, current().eigenvalues);
      circle.request();
      history.request();
    }

    const colourOf = (run, particle) => (run.colours ? run.colours.values[particle] : null);

    function picture() {
      const run = current();
      return {
        dimension: 2, tokens: run.angles.shape[1], frame: state.frame, first: state.traces ? Math.max(0, state.frame - TRACE) : state.frame,
        at: (token, frame) => { const a = angle(run, frame, token); return [Math.cos(a), Math.sin(a)]; },
        colour: (token) => colourOf(run, token), matrix: run.matrix, range: run.eigenvalues,
      };
    }

    function timeScale(run, width) {
      const values = run.times.values, kind = run.timeScale || "linear";
      const type = kind === "sqrt" ? d3.scaleSqrt() : kind === "symlog" ? d3.scaleSymlog().constant(1) : d3.scaleLinear();
      return type.domain([values[0], values[values.length - 1]]).range([MARGIN.left, width - MARGIN.right]);
    }

    function drawHistory(context, size) {
      const run = current(), look = theme(place);
      const x = timeScale(run, size.width);
      const y = d3.scaleLinear().domain([-Math.PI, Math.PI]).range([size.height - MARGIN.bottom, MARGIN.top]);
      area = x;
      context.setTransform(size.ratio, 0, 0, size.ratio, 0, 0);
      context.clearRect(0, 0, size.width, size.height);
      const key = [state.run, size.width, size.height, size.ratio, look.ink].join();
      if (key !== pathsKey) {
        pathsKey = key;
        paths = paths || document.createElement("canvas");
        paths.width = size.width * size.ratio;
        paths.height = size.height * size.ratio;
        const pen = paths.getContext("2d");
        pen.scale(size.ratio, size.ratio);
        drawPaths(pen, run, x, y, look);
      }
      context.drawImage(paths, 0, 0, size.width, size.height);
      const at = Math.round(x(run.times.values[state.frame])) + 0.5;
      context.strokeStyle = look.accent;
      context.lineWidth = 1.5;
      context.beginPath();
      context.moveTo(at, MARGIN.top);
      context.lineTo(at, size.height - MARGIN.bottom);
      context.stroke();
      const marks = tickValues(x, size.width);
      axisX.attr("transform", `translate(0,${size.height - MARGIN.bottom})`).call(d3.axisBottom(x).tickValues(marks).tickFormat((v) => number(v, 4)).tickSizeOuter(0));
      axisY.attr("transform", `translate(${MARGIN.left},0)`)
        .call(d3.axisLeft(y).tickValues([-Math.PI, 0, Math.PI]).tickFormat((v) => (v ? (v > 0 ? "π" : "−π") : "0")).tickSizeOuter(0));
      nameX.attr("x", (MARGIN.left + size.width - MARGIN.right) / 2).attr("y", size.height - 4)
        .text(run.timeLabel + (run.timeScale === "symlog" ? " (logarithmic)" : ""));
      nameY.attr("transform", `translate(13,${(size.height - MARGIN.bottom) / 2}) rotate(-90)`);
    }

    // As many marks as have room; the square root crowds the end, so marks are thinned by their distance.
    function tickValues(x, width) {
      const kept = [];
      const last = x.domain()[1];
      if (current().timeScale === "symlog") {
        return [0, ...d3.range(0, Math.floor(Math.log10(Math.max(1, last))) + 1).map((k) => 10 ** k)].filter((v) => v <= last);
      }
      for (const value of x.ticks(Math.max(4, Math.floor(width / 80)))) {
        if (!kept.length || Math.abs(x(value) - x(kept[kept.length - 1])) > 44) kept.push(value);
      }
      return kept;
    }

    function drawPaths(pen, run, x, y, look) {
      const [frames, particles] = run.angles.shape;
      pen.lineWidth = 0.8;
      pen.globalAlpha = particles > 60 ? 0.45 : 0.8;
      for (let particle = 0; particle < particles; particle += 1) {
        pen.strokeStyle = categoryColour(colourOf(run, particle), look.ink);
        pen.beginPath();
        let before = null;
        for (let frame = 0; frame < frames; frame += 1) {
          const turn = angle(run, frame, particle);
          const now = turn > Math.PI ? turn - 2 * Math.PI : turn;
          const px = x(run.times.values[frame]), py = y(now);
          if (before !== null && Math.abs(now - before) < Math.PI) pen.lineTo(px, py);
          else pen.moveTo(px, py);
          before = now;
        }
        pen.stroke();
      }
      pen.globalAlpha = 1;
    }

    function moveTo(frame) {
      time.stop();
      state.frame = Math.min(framesOf(current()) - 1, Math.max(0, frame));
      time.set(state.frame);
      circle.request();
      history.request();
    }
    history.canvas.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: -1, ArrowRight: 1, PageUp: -10, PageDown: 10, Home: -Infinity, End: Infinity }[event.key];
      if (step === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
      event.preventDefault();
      moveTo(state.frame + step);
    });
    const follow = (event) => {
      const left = history.canvas.getBoundingClientRect().left;
      moveTo(ATLAS.nearest(current().times.values, area.invert(event.clientX - left)));
    };
    history.canvas.addEventListener("pointerdown", (event) => { if (!event.button) { history.canvas.setPointerCapture(event.pointerId); follow(event); } });
    history.canvas.addEventListener("pointermove", (event) => { if (history.canvas.hasPointerCapture(event.pointerId)) follow(event); });
    select(0);
    return {
      state: () => ({ run: state.run, frame: state.frame, frames: framesOf(current()), particles: current().angles.shape[1], traces: state.traces }),
      angle: (frame, particle) => angle(current(), frame, particle),
    };
  }

  component("circle", build);
})();
