// A map over two parameters: zoom by box, wheel, pinch or keys shows the cells as they were computed; the cell under the cursor is read out.
(function () {
  "use strict";
  const { attachZoom, axesLayer, choice, component, identifier, make, number, rgb, stage, theme, ticks, zoomButtons } = ATLAS;
  const MARGIN = { left: 62, right: 16, top: 10, bottom: 44 };
  const RAMPS = { diverging: (t) => d3.interpolateRdBu(1 - t), sequential: d3.interpolateCividis };

  // Borders of the cells around ascending centres, in axis coordinates.
  function edgesOf(centres) {
    const n = centres.length;
    if (n === 1) return [centres[0] - 0.5, centres[0] + 0.5];
    const edges = [1.5 * centres[0] - 0.5 * centres[1]];
    for (let k = 1; k < n; k += 1) edges.push((centres[k - 1] + centres[k]) / 2);
    edges.push(1.5 * centres[n - 1] - 0.5 * centres[n - 2]);
    return edges;
  }

  function prepare(axis) {
    const values = Array.from(axis.values.values, (v) => v * axis.values.scale);
    const forth = axis.log ? Math.log10 : (v) => v, back = axis.log ? (u) => 10 ** u : (u) => u;
    const edges = edgesOf(values.map(forth));
    if (axis.from !== undefined) edges[0] = Math.max(edges[0], forth(axis.from));
    return { ...axis, values, edges, forth, back };
  }

  function build(place, data) {
    const state = { map: 0, layer: 0, column: 0, row: 0 };
    const help = identifier("help");
    let x = null, y = null, picture = null, pictureKey = "", area = null, inWindow = 0;
    const map = () => data.maps[state.map];
    const layer = () => map().layers[state.layer];

    const controls = make("div", { class: "view-controls" });
    const holder = make("div", { class: "view-stage" });
    let layers = null;
    if (data.maps.length > 1) controls.append(choice(data.choice || "Map", data.maps.map((m) => m.label), selectMap).element);
    if (data.maps.some((m) => m.layers.length > 1)) {
      layers = choice(data.quantity || "Shown", map().layers.map((l) => l.label), selectLayer);
      controls.append(layers.element);
    }
    place.append(controls, holder);
    const scene = stage(holder, (width) => (map().square ? Math.min(width, 620) : Math.max(320, Math.min(560, width * 0.62))), draw, {
      tabindex: 0, role: "application", "aria-roledescription": "map that can be enlarged", class: "view-canvas view-zoom",
      "aria-label": `${data.label}. Arrow keys read the map cell by cell.`, "aria-describedby": help,
    });
    const svg = axesLayer(holder);
    const axisX = svg.append("g").attr("class", "view-axis"), axisY = svg.append("g").attr("class", "view-axis");
    const nameX = svg.append("text").attr("class", "view-axis-name").attr("text-anchor", "middle");
    const nameY = svg.append("text").attr("class", "view-axis-name").attr("text-anchor", "middle");
    const zoom = attachZoom(scene.canvas, {
      limits: { x: [0, 1], y: [0, 1] }, least: { x: 1e-9, y: 1e-9 },
      area: () => ({ ...area, both: true }), changed, hover, cursor: step,
      cursorPlace: () => centre(),
    });
    controls.append(zoomButtons(zoom, centre));
    const scale = make("div", { class: "view-scale" });
    const readout = make("p", { class: "view-readout", "aria-live": "off" });
    const legend = make("ul", { class: "view-legend" });
    place.append(scale, legend, readout, make("p", { class: "view-help", id: help },
      "Zoom: drag a box, pinch, wheel after a click, or plus and minus. Arrow keys read cell by cell, with Shift they move the window; "
      + "0 shows everything, a double click or Backspace goes back. Each cell is a computed value, without smoothing."));

    // Where the cursor is, in axis coordinates.
    function centre() {
      return { x: (x.edges[state.column] + x.edges[state.column + 1]) / 2, y: (y.edges[state.row] + y.edges[state.row + 1]) / 2 };
    }

    function selectMap(index) {
      state.map = index;
      x = prepare(map().x);
      y = prepare(map().y);
      state.column = Math.floor(x.values.length / 2);
      state.row = Math.floor(y.values.length / 2);
      const ends = (axis) => [axis.edges[0], axis.edges[axis.edges.length - 1]];
      const least = (axis) => 3 * d3.min(d3.pairs(axis.edges), ([p, q]) => q - p);
      zoom.restart({ x: ends(x), y: ends(y) }, { x: least(x), y: least(y) });
      if (layers) {
        const { select } = layers;
        state.layer = Math.min(state.layer, map().layers.length - 1);
        select.replaceChildren(...map().layers.map((l) => make("option", {}, l.label)));
        select.selectedIndex = state.layer;
      }
      scene.fit();
      selectLayer(state.layer);
    }

    function selectLayer(index) {
      state.layer = index;
      pictureKey = "";
      showScale();
      changed();
    }

    function valueOf(l, column, row) { return l.values.values[row * x.values.length + column] * l.values.scale; }

    function textOf(l, value) {
      if (l.classes) return l.classes[value] === undefined ? "none" : l.classes[value];
      return Number.isNaN(value) ? "none" : number(value, 4);
    }

    function describe() {
      const { column, row } = state;
      const rest = map().layers.map((l) => `${l.name || l.label} ${textOf(l, valueOf(l, column, row))}`);
      readout.textContent = `${map().x.name} = ${number(x.values[column], 6)}, ${map().y.name} = ${number(y.values[row], 6)}: ${rest.join(", ")}`;
    }

    function changed() {
      describe();
      scene.request();
    }

    function hover(here) {
      if (!here || !here.inside) return;
      const column = cell(x.edges, here.x), row = cell(y.edges, here.y);
      if (column === state.column && row === state.row) return;
      readout.setAttribute("aria-live", "off"); // a mouse runs over hundreds of cells
      Object.assign(state, { column, row });
      changed();
    }

    function step(dx, dy) {
      readout.setAttribute("aria-live", "polite");
      state.column = Math.min(x.values.length - 1, Math.max(0, state.column + dx));
      state.row = Math.min(y.values.length - 1, Math.max(0, state.row + dy));
      const here = centre();
      zoom.reveal("x", here.x);
      zoom.reveal("y", here.y);
      changed();
    }

    // share of the colour scale, or a class
    function shareOf(l, value) {
      const [low, high] = l.range;
      if (l.log) return value > 0 ? (Math.log(value) - Math.log(low)) / (Math.log(high) - Math.log(low)) : 0;
      return (value - low) / (high - low);
    }

    function colourTable(l) {
      const pack = (text) => { const [r, g, b] = rgb(text); return (255 << 24 | b << 16 | g << 8 | r) >>> 0; };
      if (l.classes) return l.colours.map(pack);
      return Array.from({ length: 256 }, (_, k) => pack(RAMPS[l.kind || "sequential"](k / 255)));
    }

    function showScale() {
      const l = layer();
      scale.hidden = Boolean(l.classes);
      if (l.classes) {
        legend.replaceChildren(...l.classes.map((text, k) => entry(l.colours[k], text)), ...curveEntries());
        return;
      }
      const bar = make("span", { class: "view-bar" });
      bar.style.background = `linear-gradient(to right, ${d3.range(0, 1.01, 0.1).map(RAMPS[l.kind || "sequential"]).join(",")})`;
      scale.replaceChildren(...[l.label, number(l.range[0]), bar, number(l.range[1]), l.log ? "(logarithmic)" : ""].map((part) => make("span", {}, part)));
      legend.replaceChildren(...curveEntries());
    }

    function entry(colour, text) {
      const swatch = make("span", { class: "view-key" });
      swatch.style.setProperty("--swatch", colour);
      return make("li", {}, swatch, text);
    }

    function curveEntries() {
      return (map().curves || []).map((curve) => make("li", {}, make("span", { class: curve.dashed ? "view-dash dashed" : "view-dash" }), curve.label));
    }

    function draw(context, size) {
      const look = theme(place), l = layer();
      area = { left: MARGIN.left, top: MARGIN.top, width: size.width - MARGIN.left - MARGIN.right, height: size.height - MARGIN.top - MARGIN.bottom };
      context.setTransform(size.ratio, 0, 0, size.ratio, 0, 0);
      context.clearRect(0, 0, size.width, size.height);
      const width = Math.round(area.width * size.ratio), height = Math.round(area.height * size.ratio);
      const key = [state.map, state.layer, width, height, zoom.window.x, zoom.window.y].join();
      if (key !== pictureKey) {
        pictureKey = key;
        paint(l, width, height);
      }
      context.drawImage(picture, area.left, area.top, area.width, area.height);
      const px = (u) => area.left + ((u - zoom.window.x[0]) / (zoom.window.x[1] - zoom.window.x[0])) * area.width;
      const py = (u) => area.top + area.height - ((u - zoom.window.y[0]) / (zoom.window.y[1] - zoom.window.y[0])) * area.height;
      context.save();
      context.beginPath();
      context.rect(area.left, area.top, area.width, area.height);
      context.clip();
      drawCurves(context, px, py);
      drawCursor(context, px, py);
      context.restore();
      drawAxes(look, size);
    }

    function paint(l, width, height) {
      picture = picture || document.createElement("canvas");
      picture.width = width;
      picture.height = height;
      const image = picture.getContext("2d").createImageData(width, height);
      const pixels = new Uint32Array(image.data.buffer);
      const colours = colourTable(l), columns = x.values.length;
      const [x0, x1] = zoom.window.x, [y0, y1] = zoom.window.y;
      const across = Array.from({ length: width }, (_, k) => cell(x.edges, x0 + ((k + 0.5) / width) * (x1 - x0)));
      const upwards = Array.from({ length: height }, (_, k) => cell(y.edges, y1 - ((k + 0.5) / height) * (y1 - y0)));
      // colours of the cells once, not once a pixel
      const codes = new Uint32Array(l.values.values.length);
      for (let k = 0; k < codes.length; k += 1) {
        const value = l.values.values[k] * l.values.scale;
        if (Number.isNaN(value)) continue;
        codes[k] = l.classes ? colours[value] || 0 : colours[Math.min(255, Math.max(0, Math.round(255 * shareOf(l, value))))];
      }
      for (let row = 0; row < height; row += 1) {
        const from = upwards[row] * columns, to = row * width;
        for (let k = 0; k < width; k += 1) pixels[to + k] = codes[from + across[k]];
      }
      inWindow = (across[width - 1] - across[0] + 1) * (upwards[0] - upwards[height - 1] + 1);
      picture.getContext("2d").putImageData(image, 0, 0);
    }

    function drawCurves(context, px, py) {
      for (const curve of map().curves || []) {
        for (const [colour, thick] of [["#fff", 4], ["#1a1a1a", 1.8]]) {
          context.strokeStyle = colour;
          context.lineWidth = thick;
          context.setLineDash(curve.dashed && colour !== "#fff" ? [6, 4] : []);
          context.beginPath();
          let drawing = false;
          for (let k = 0; k < curve.x.values.length; k += 1) {
            const u = x.forth(curve.x.values[k]), v = y.forth(curve.y.values[k]);
            if (!Number.isFinite(u) || !Number.isFinite(v)) { drawing = false; continue; }
            if (drawing) context.lineTo(px(u), py(v));
            else context.moveTo(px(u), py(v));
            drawing = true;
          }
          context.stroke();
        }
      }
      context.setLineDash([]);
    }

    function drawCursor(context, px, py) {
      const [left, right] = [px(x.edges[state.column]), px(x.edges[state.column + 1])];
      const [low, high] = [py(y.edges[state.row]), py(y.edges[state.row + 1])];
      const wide = Math.max(9, right - left), tall = Math.max(9, low - high);
      const cx = (left + right) / 2, cy = (low + high) / 2;
      for (const [colour, thick] of [["#fff", 3.5], ["#1a1a1a", 1.5]]) {
        context.strokeStyle = colour;
        context.lineWidth = thick;
        context.strokeRect(cx - wide / 2, cy - tall / 2, wide, tall);
      }
    }

    function drawAxes(look, size) {
      const axis = (prepared, window_, range, count, side) => {
        const [low, high] = window_.map(prepared.back);
        const drawn = (prepared.log ? d3.scaleLog() : d3.scaleLinear()).domain([low, high]).range(range);
        const linear = ticks(d3.scaleLinear().domain([low, high]), count);
        const marks = prepared.log ? drawn.ticks(count) : linear.values;
        const sparse = prepared.log && marks.length > count ? marks.filter((v) => Math.abs(Math.log10(v) - Math.round(Math.log10(v))) < 1e-9) : marks;
        const shown = sparse.length >= 2 ? sparse : marks;
        return side(drawn).tickValues(shown).tickFormat(prepared.log ? (v) => number(v, 4) : linear.text).tickSizeOuter(0);
      };
      const bottom = area.top + area.height;
      axisX.attr("transform", `translate(0,${bottom})`)
        .call(axis(x, zoom.window.x, [area.left, area.left + area.width], Math.max(3, Math.floor(area.width / 90)), d3.axisBottom));
      axisY.attr("transform", `translate(${area.left},0)`).call(axis(y, zoom.window.y, [bottom, area.top], 6, d3.axisLeft));
      nameX.attr("x", area.left + area.width / 2).attr("y", size.height - 5).text(map().x.name);
      nameY.attr("transform", `translate(14,${area.top + area.height / 2}) rotate(-90)`).text(map().y.name);
    }

    selectMap(0);
    return {
      state: () => ({ ...state, x: zoom.window.x.map(x.back), y: zoom.window.y.map(y.back), cells: inWindow, zoomed: zoom.zoomed(), readout: readout.textContent }),
      zoom,
      value: (column, row) => valueOf(layer(), column, row),
    };
  }

  // Index of the cell that holds a coordinate, the nearest one outside.
  function cell(edges, u) { return Math.min(edges.length - 2, Math.max(0, d3.bisectRight(edges, u) - 1)); }

  component("heatmap", build);
})();
