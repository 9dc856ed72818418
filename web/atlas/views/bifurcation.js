// Bifurcation diagram over its Lyapunov exponents, on one axis. Every zoom is drawn anew from the histograms:
// a mark is one value of the parameter and one bin of m_1.
(function () {
  "use strict";
  const { attachZoom, axesLayer, choice, component, identifier, make, nearest, number, rgb, stage, theme, ticks, timeline, toggle, zoomButtons } = ATLAS;
  const CLASSES = {
    fixed: "#C9CED6", periodic: "#56B4E9", "quasi-periodic": "#009E73", chaotic: "#D55E00",
    "2-torus": "#F0E442", hyperchaotic: "#CC79A7",
  };
  const NAMES = { beta: "β", beta_att: "β_att", epsilon: "ε", both: "β = β_att" };
  const INK = 255, TONES = 200; // codes of a cell: 0 empty, 1 ... 201 by frequency, 255 slice
  const CLEARLY = 1e-3; // an exponent above this is positive, beyond the error of an average
  const MARGIN = { left: 58, right: 14, top: 8, bottom: 40, gap: 14, strip: 14 };

  // One byte for each cell of the histograms, by the logarithm of its share of the column's largest.
  function codesOf(diagram, shown) {
    const [columns, bins] = diagram.all.shape;
    const counts = diagram.all.values;
    const sliced = diagram.sliced ? diagram.sliced.values : null;
    const codes = new Uint8Array(columns * bins);
    for (let column = 0; column < columns; column += 1) {
      const from = column * bins;
      let most = 1;
      for (let bin = 0; bin < bins; bin += 1) most = Math.max(most, counts[from + bin]);
      const whole = diagram.few && diagram.few.values[column];
      for (let k = from; k < from + bins; k += 1) {
        const inked = whole ? counts[k] > 0 : sliced !== null && sliced[k] > 0;
        if (inked && shown.slice) codes[k] = INK;
        else if (counts[k] && (shown.all || (whole && sliced === null))) {
          codes[k] = 1 + Math.round(TONES * Math.min(1, Math.max(0, 1 + Math.log10(counts[k] / most) / 3)));
        }
      }
    }
    return codes;
  }

  function build(place, data) {
    const state = { diagram: 0, cursor: 0, all: true, slice: true, spectrum: false };
    const help = identifier("help");
    let codes = null, codesKey = "", picture = null, pictureKey = "", cells = 0, columns = 0, area = null;
    const current = () => data.diagrams[state.diagram];
    const name = NAMES[data.parameter] || data.parameter;

    const controls = make("div", { class: "view-controls" });
    if (data.diagrams.length > 1) {
      controls.append(choice(data.choice || "Diagram", data.diagrams.map((diagram) => diagram.label), select).element);
    }
    const holder = make("div", { class: "view-stage" });
    place.append(controls, holder);
    const scene = stage(holder, (width) => Math.max(430, Math.min(640, width * 0.72)), draw, {
      tabindex: 0, role: "application", "aria-roledescription": "diagram that can be enlarged", class: "view-canvas view-zoom",
      "aria-label": `Bifurcation diagram over ${name} with Lyapunov exponents below.`, "aria-describedby": help,
    });
    const svg = axesLayer(holder);
    const axisX = svg.append("g").attr("class", "view-axis"), axisY = svg.append("g").attr("class", "view-axis");
    const axisL = svg.append("g").attr("class", "view-axis");
    const nameX = svg.append("text").attr("class", "view-axis-name").attr("text-anchor", "middle");
    const nameY = svg.append("text").attr("class", "view-axis-name").attr("text-anchor", "middle");
    const nameL = svg.append("text").attr("class", "view-axis-name").attr("text-anchor", "middle");

    const zoom = attachZoom(scene.canvas, {
      limits: { x: [0, 1], y: [0, 1] }, least: { x: 1e-9, y: 1e-9 },
      area: (px, py) => (py > area.top.top + area.top.height ? { ...area.bottom, both: false } : { ...area.top, both: true }),
      changed, hover, cursor: stepCursor,
      cursorPlace: () => ({ x: current().values.values[state.cursor] }),
    });
    controls.append(zoomButtons(zoom, () => {
      const value = current().values.values[state.cursor];
      const [low, high] = zoom.window.x;
      return value >= low && value <= high && touched ? { x: value } : {};
    }));
    let touched = false;
    const slider = timeline({
      label: name, count: 2, value: 0, playable: false,
      describe: (index) => `${name} = ${exact(current().values.values[index])}`,
      changed: (index) => { touched = true; state.cursor = index; zoom.reveal("x", current().values.values[index]); changed(); },
    });
    const readout = make("p", { class: "view-readout" });
    const window_ = make("p", { class: "view-readout view-window" });
    const legend = make("ul", { class: "view-legend" });
    const toggles = make("div", { class: "view-controls" });
    place.append(slider.element, readout, toggles, legend, window_, make("p", { class: "view-help", id: help },
      "Zoom: drag a box (in the lower panel it chooses along the axis only), pinch, wheel after a click, or plus and minus. "
      + "Arrow keys move the reading line, with Shift the window; 0 shows the whole diagram, a double click or Backspace goes back. "
      + "Every zoom is drawn from the stored histograms: deep inside, each mark is one value of the parameter and one bin."));

    // As many decimals as tell the ends of the window apart to a thousandth of it.
    function between([low, high]) {
      const decimals = Math.max(0, Math.ceil(3 - Math.log10(high - low)));
      return [low, high].map((value) => value.toFixed(decimals).replace("-", "−")).join(" to ");
    }

    function exact(value) { return number(value, 8); }

    function select(index) {
      state.diagram = index;
      const diagram = current();
      const values = diagram.values.values;
      const half = values.length > 1 ? (values[values.length - 1] - values[0]) / (values.length - 1) / 2 : 0.5;
      const bin = (diagram.high - diagram.low) / diagram.all.shape[1];
      zoom.restart({ x: [values[0] - half, values[values.length - 1] + half], y: visibleRange(diagram) }, { x: 6 * half, y: 12 * bin });
      state.cursor = Math.min(values.length - 1, Math.floor(values.length * 0.62));
      slider.set(state.cursor, values.length);
      const boxes = [];
      if (diagram.sliced) {
        boxes.push(toggle("All values", state.all, (on) => { state.all = on; changed(); }).element);
        boxes.push(toggle(`Slice |m₂| ≤ ${number(diagram.halfWidth)}`, state.slice, (on) => { state.slice = on; changed(); }).element);
      }
      if (diagram.exponents.shape[1] > 3) {
        boxes.push(toggle(`All ${diagram.exponents.shape[1]} exponents`, state.spectrum, (on) => { state.spectrum = on; changed(); }).element);
      }
      toggles.replaceChildren(...boxes);
      changed();
    }

    // Range of m_1 that holds values, with a margin, as in the figure.
    function visibleRange(diagram) {
      const [count, bins] = diagram.all.shape;
      let first = bins, last = -1;
      for (let column = 0; column < count; column += 1) {
        const row = diagram.all.values.subarray(column * bins, (column + 1) * bins);
        for (let bin = 0; bin < first; bin += 1) if (row[bin]) { first = bin; break; }
        for (let bin = bins - 1; bin > last; bin -= 1) if (row[bin]) { last = bin; break; }
      }
      if (last < 0) return [diagram.low, diagram.high];
      const width = (diagram.high - diagram.low) / bins;
      const margin = 0.03 * (last - first + 1) * width;
      return [Math.max(diagram.low, diagram.low + first * width - margin), Math.min(diagram.high, diagram.low + (last + 1) * width + margin)];
    }

    function changed() {
      scene.request();
      describe();
    }

    function hover(here) {
      if (!here) return;
      const next = nearest(current().values.values, here.x);
      if (next === state.cursor) return;
      touched = true;
      state.cursor = next;
      slider.set(next);
      describe();
      scene.request();
    }

    function stepCursor(dx, dy) {
      if (dy) return zoom.pan(0, 0.1 * dy);
      touched = true;
      const count = current().values.values.length;
      state.cursor = Math.min(count - 1, Math.max(0, state.cursor + dx));
      slider.set(state.cursor);
      zoom.reveal("x", current().values.values[state.cursor]);
      changed();
    }

    function describe() {
      const diagram = current(), k = state.cursor, width = diagram.exponents.shape[1];
      const exponents = Array.from({ length: Math.min(3, width) }, (_, j) => `λ${"₁₂₃"[j]} = ${number(diagram.exponents.values[k * width + j], 4)}`);
      if (diagram.errors) exponents[0] += ` ± ${number(diagram.errors.values[k], 2)}`;
      const kind = data.classes[diagram.codes.values[k]] || "no class";
      const period = diagram.periods.values[k] > 0 ? `, period ${diagram.periods.values[k]}` : "";
      let occupied = 0;
      const bins = diagram.all.shape[1];
      for (let bin = 0; bin < bins; bin += 1) if (diagram.all.values[k * bins + bin]) occupied += 1;
      readout.textContent = `${name} = ${exact(diagram.values.values[k])}: ${kind}${period}; ${exponents.join(", ")}; ${occupied} bins of m₁ hold values`;
    }

    function draw(context, size) {
      const diagram = current(), look = theme(place);
      const inner = { left: MARGIN.left, width: size.width - MARGIN.left - MARGIN.right };
      const rest = size.height - MARGIN.top - MARGIN.bottom - MARGIN.strip - 2 * MARGIN.gap;
      const top = { ...inner, top: MARGIN.top, height: Math.round(rest * 0.66) };
      const strip = { ...inner, top: top.top + top.height + MARGIN.gap, height: MARGIN.strip };
      const bottom = { ...inner, top: strip.top + strip.height + MARGIN.gap, height: rest - top.height };
      area = { top, strip, bottom };
      context.setTransform(size.ratio, 0, 0, size.ratio, 0, 0);
      context.clearRect(0, 0, size.width, size.height);
      const x = d3.scaleLinear().domain(zoom.window.x).range([inner.left, inner.left + inner.width]);
      const y = d3.scaleLinear().domain(zoom.window.y).range([top.top + top.height, top.top]);
      drawDensity(context, diagram, top, size.ratio, look);
      drawStrip(context, diagram, strip, x);
      const lambda = drawExponents(context, diagram, bottom, x, look);
      const at = Math.round(x(diagram.values.values[state.cursor])) + 0.5;
      if (at >= inner.left && at <= inner.left + inner.width) {
        context.strokeStyle = look.accent;
        context.lineWidth = 1;
        context.setLineDash([4, 3]);
        context.beginPath();
        context.moveTo(at, top.top);
        context.lineTo(at, bottom.top + bottom.height);
        context.stroke();
        context.setLineDash([]);
      }
      drawAxes(x, y, lambda, look);
      window_.textContent = `Window: ${name} from ${between(zoom.window.x)}, m₁ from ${between(zoom.window.y)}. `
        + `In it: ${columns} values of ${name}, ${d3.format(",")(cells)} occupied bins.`;
    }

    // The densest part: an image whose pixels are filled from the cells that fall on them, or cells that cover pixels.
    function drawDensity(context, diagram, box, ratio, look) {
      const key = `${state.diagram} ${state.all} ${state.slice}`;
      if (key !== codesKey) { codes = codesOf(diagram, state); codesKey = key; }
      const width = Math.round(box.width * ratio), height = Math.round(box.height * ratio);
      const fresh = [key, width, height, zoom.window.x, zoom.window.y, look.rare, look.frequent, look.mark].join();
      if (fresh !== pictureKey) {
        pictureKey = fresh;
        picture = picture || document.createElement("canvas");
        picture.width = width;
        picture.height = height;
        const levels = cellLevels(diagram, width, height, ratio);
        const image = picture.getContext("2d").createImageData(width, height);
        const pixels = new Uint32Array(image.data.buffer);
        const colours = colourTable(look);
        for (let k = 0; k < levels.length; k += 1) pixels[k] = colours[levels[k]];
        picture.getContext("2d").putImageData(image, 0, 0);
      }
      context.drawImage(picture, box.left, box.top, box.width, box.height);
    }

    function colourTable(look) {
      const [rare, frequent, mark] = [look.rare, look.frequent, look.mark].map(rgb);
      const table = new Uint32Array(256);
      const pack = ([r, g, b]) => (255 << 24 | Math.round(b) << 16 | Math.round(g) << 8 | Math.round(r)) >>> 0;
      for (let tone = 1; tone <= 1 + TONES; tone += 1) {
        const share = (tone - 1) / TONES;
        table[tone] = pack(rare.map((c, k) => c + share * (frequent[k] - c)));
      }
      table[INK] = pack(mark);
      return table;
    }

    // The code of every pixel: the slice if a cell of it falls there, else the mean of the cells; counts the occupied cells
    // of the window on the way.
    function cellLevels(diagram, width, height, ratio) {
      const [count, bins] = diagram.all.shape;
      const values = diagram.values.values;
      const [x0, x1] = zoom.window.x, [y0, y1] = zoom.window.y;
      const levels = new Uint8Array(width * height), sums = new Float32Array(width * height);
      const binWidth = (diagram.high - diagram.low) / bins;
      const firstBin = Math.max(0, Math.floor((y0 - diagram.low) / binWidth));
      const lastBin = Math.min(bins - 1, Math.ceil((y1 - diagram.low) / binWidth));
      const spacing = count > 1 ? (values[count - 1] - values[0]) / (count - 1) : x1 - x0;
      const cellWidth = (spacing / (x1 - x0)) * width, cellHeight = (binWidth / (y1 - y0)) * height;
      // deep inside, gaps between the cells show that the data are discrete
      const gapX = cellWidth > 5 * ratio ? 0.28 * cellWidth : 0, gapY = cellHeight > 5 * ratio ? 0.28 * cellHeight : 0;
      const share = Math.min(1, cellWidth) * Math.min(1, cellHeight); // of a pixel that one cell takes
      const least = Math.round(ratio);
      const rowsFrom = new Int32Array(lastBin - firstBin + 1), rowsTo = new Int32Array(lastBin - firstBin + 1);
      for (let bin = firstBin; bin <= lastBin; bin += 1) {
        const low = ((diagram.low + bin * binWidth - y0) / (y1 - y0)) * height;
        const from = Math.floor(height - low - cellHeight + gapY / 2), to = Math.max(from + 1, Math.floor(height - low - gapY / 2));
        rowsFrom[bin - firstBin] = Math.max(0, from);
        rowsTo[bin - firstBin] = Math.min(height, to);
      }
      cells = columns = 0;
      for (let column = 0; column < count; column += 1) {
        const centre = ((values[column] - x0) / (x1 - x0)) * width;
        if (centre < -cellWidth / 2 || centre > width + cellWidth / 2) continue;
        const from = Math.max(0, Math.floor(centre - cellWidth / 2 + gapX / 2));
        const to = Math.min(width, Math.max(Math.floor(centre - cellWidth / 2 + gapX / 2) + 1, Math.floor(centre + cellWidth / 2 - gapX / 2)));
        const inside = values[column] >= x0 && values[column] <= x1 ? 1 : 0;
        columns += inside;
        for (let bin = firstBin; bin <= lastBin; bin += 1) {
          const code = codes[column * bins + bin];
          if (!code) continue;
          cells += inside;
          // a lone mark of one pixel would be too faint
          const last = code === INK ? Math.min(height, Math.max(rowsTo[bin - firstBin], rowsFrom[bin - firstBin] + least + 1)) : rowsTo[bin - firstBin];
          for (let row = rowsFrom[bin - firstBin]; row < last; row += 1) {
            const at = row * width;
            if (code === INK) levels.fill(INK, at + from, at + to);
            else for (let pixel = at + from; pixel < at + to; pixel += 1) sums[pixel] += code;
          }
        }
      }
      // a lone cell among many keeps the palest tone, so that nothing vanishes
      for (let k = 0; k < levels.length; k += 1) if (sums[k] && !levels[k]) levels[k] = Math.min(1 + TONES, Math.max(1, Math.round(sums[k] * share)));
      return levels;
    }

    function drawStrip(context, diagram, box, x) {
      const values = diagram.values.values;
      const spacing = values.length > 1 ? (values[values.length - 1] - values[0]) / (values.length - 1) : 1;
      context.save();
      context.beginPath();
      context.rect(box.left, box.top, box.width, box.height);
      context.clip();
      const runs = [];
      for (let k = 0; k < values.length; k += 1) {
        const code = diagram.codes.values[k], period = diagram.periods.values[k];
        const last = runs[runs.length - 1];
        if (last && last.code === code && last.period === period) last.to = values[k];
        else runs.push({ code, period, from: values[k], to: values[k] });
      }
      context.font = "11px system-ui, sans-serif";
      context.textAlign = "center";
      context.textBaseline = "middle";
      for (const run of runs) {
        const left = x(run.from - spacing / 2), right = x(run.to + spacing / 2);
        if (right < box.left || left > box.left + box.width) continue;
        const colour = CLASSES[data.classes[run.code]];
        if (!colour) continue;
        context.fillStyle = colour;
        context.fillRect(left, box.top, Math.max(0.5, right - left), box.height);
      }
      for (const run of runs) {
        const left = Math.max(box.left, x(run.from - spacing / 2)), right = Math.min(box.left + box.width, x(run.to + spacing / 2));
        if (run.period > 0 && right - left > 12 + 7 * String(run.period).length) {
          context.fillStyle = "#1a1a1a";
          context.fillText(run.period, (left + right) / 2, box.top + box.height / 2 + 0.5);
        }
      }
      context.restore();
    }

    // Scale of the exponents that suits what the window shows.
    function exponentScale(diagram, box, shown) {
      const values = diagram.values.values, width = diagram.exponents.shape[1];
      const [x0, x1] = zoom.window.x;
      let most = 0.02;
      const seen = [];
      for (let k = 0; k < values.length; k += 1) {
        if (values[k] < x0 || values[k] > x1) continue;
        const first = diagram.exponents.values[k * width];
        if (Number.isFinite(first)) most = Math.max(most, first);
        const last = diagram.exponents.values[k * width + shown - 1];
        if (Number.isFinite(last)) seen.push(last);
      }
      seen.sort((p, q) => p - q);
      const floor = seen.length ? d3.quantileSorted(seen, state.spectrum ? 0 : 0.02) : -0.3;
      const low = state.spectrum ? 1.15 * Math.min(floor, -0.2) : Math.max(-0.6, Math.min(-0.1, 1.3 * floor));
      const type = state.spectrum && low < -3 ? d3.scaleSymlog().constant(1) : d3.scaleLinear();
      return type.domain([low, 1.25 * most]).range([box.top + box.height, box.top]);
    }

    function drawExponents(context, diagram, box, x, look) {
      const values = diagram.values.values, width = diagram.exponents.shape[1];
      const shown = state.spectrum ? width : Math.min(3, width);
      const y = exponentScale(diagram, box, shown);
      const spacing = values.length > 1 ? Math.abs(x(values[1]) - x(values[0])) : 4;
      const radius = Math.min(3, Math.max(0.8, 0.3 * spacing));
      context.save();
      context.beginPath();
      context.rect(box.left, box.top, box.width, box.height);
      context.clip();
      context.strokeStyle = look.quiet;
      context.lineWidth = 0.8;
      context.beginPath();
      context.moveTo(box.left, y(0));
      context.lineTo(box.left + box.width, y(0));
      context.stroke();
      const first = Math.max(0, nearest(values, zoom.window.x[0]) - 1), last = Math.min(values.length - 1, nearest(values, zoom.window.x[1]) + 1);
      // lines only where neighbours lie on one attractor, which a fine sweep does not promise
      const joined = values.length <= 1500;
      for (let j = shown - 1; j >= 0; j -= 1) {
        const colourOf = (value) => (j === 0 ? (value > CLEARLY ? look.positive : look.negative) : look.quiet);
        context.globalAlpha = j === 0 ? 1 : Math.max(0.3, 0.95 - 0.2 * j);
        let before = null;
        for (let k = first; k <= last; k += 1) {
          const value = diagram.exponents.values[k * width + j];
          if (!Number.isFinite(value)) { before = null; continue; }
          const px = x(values[k]), py = y(value);
          if (joined && before) {
            context.strokeStyle = colourOf((value + before.value) / 2);
            context.lineWidth = j === 0 ? 1.3 : 1;
            context.beginPath();
            context.moveTo(before.px, before.py);
            context.lineTo(px, py);
            context.stroke();
          }
          if (!joined || spacing > 6) {
            context.fillStyle = colourOf(value);
            context.fillRect(px - radius, py - radius, 2 * radius, 2 * radius);
          }
          before = { px, py, value };
        }
      }
      context.restore();
      return y;
    }

    function drawAxes(x, y, lambda, look) {
      const { top, bottom } = area;
      const count = Math.max(3, Math.floor(top.width / 90));
      const across = ticks(x, count), upwards = ticks(y, 5), exponents = ticks(d3.scaleLinear().domain(lambda.domain()), 4);
      axisX.attr("transform", `translate(0,${bottom.top + bottom.height})`)
        .call(d3.axisBottom(x).tickValues(across.values).tickFormat(across.text).tickSizeOuter(0));
      axisY.attr("transform", `translate(${top.left},0)`)
        .call(d3.axisLeft(y).tickValues(upwards.values).tickFormat(upwards.text).tickSizeOuter(0));
      axisL.attr("transform", `translate(${top.left},0)`)
        .call(d3.axisLeft(lambda).tickValues(exponents.values).tickFormat(exponents.text).tickSizeOuter(0));
      nameX.attr("x", top.left + top.width / 2).attr("y", bottom.top + bottom.height + 34).text(name);
      nameY.attr("transform", `translate(13,${top.top + top.height / 2}) rotate(-90)`).text("m₁");
      nameL.attr("transform", `translate(13,${bottom.top + bottom.height / 2}) rotate(-90)`).text("exponents");
      drawLegend(look);
    }

    let legendKey = "";
    function drawLegend(look) {
      const key = [look.mark, look.frequent, state.diagram].join();
      if (key === legendKey) return;
      legendKey = key;
      const entry = (colour, text) => {
        const swatch = make("span", { class: "view-key" });
        swatch.style.setProperty("--swatch", colour);
        return make("li", {}, swatch, text);
      };
      const diagram = current();
      legend.replaceChildren(
        ...(diagram.sliced ? [entry(look.mark, `slice |m₂| ≤ ${number(diagram.halfWidth)}, or few values`)] : []),
        entry(look.frequent, "all values, paler where rare"),
        ...Object.entries(CLASSES)
          // the common classes, and of the rare ones those that occur
          .filter(([label], place) => place < 4 || diagram.codes.values.includes(data.classes.indexOf(label)))
          .map(([label, colour]) => entry(colour, label)),
        entry(look.positive, "λ₁ > 0"), entry(look.negative, "λ₁ ≤ 0"), ...(diagram.exponents.shape[1] > 1 ? [entry(look.quiet, diagram.exponents.shape[1] > 2 ? "λ₂, λ₃" : "λ₂")] : []));
    }

    select(0);
    return {
      state: () => ({ ...state, x: [...zoom.window.x], y: [...zoom.window.y], columns, cells, zoomed: zoom.zoomed(), count: current().values.values.length }),
      zoom,
      exponent: (k, j) => current().exponents.values[k * current().exponents.shape[1] + j],
    };
  }

  component("bifurcation", build);
})();
