// A map over two parameters: zoom by box, wheel, pinch or keys shows the cells as they were computed; the cell under the cursor is read out.
(function () {
  "use strict";
  const { attachZoom, axesLayer, choice, component, identifier, make, number, rgb, stage, theme, ticks, zoomButtons } = ATLAS;
  const MARGIN = { left: 62, right: 16, top: 10, bottom: 44 };
  const RAMPS = {
    diverging: (t) => d3.interpolateRdBu(1 - t), sequential: d3.interpolateCividis,
    bright: (t) => d3.interpolateViridis(0.3 + 0.7 * t), // stands out from black
  };

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
    const state = { map: 0, layer: 0, grid: 0, column: 0, row: 0 };
    const help = identifier("help");
    let grids = [], picture = null, pictureKey = "", area = null, inWindow = 0;
    const map = () => data.maps[state.map];
    const layer = () => map().layers[state.layer];
    // the map is grid 0; a map may have finer ones inside, each with the same layers
    const here = () => grids[state.grid];

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
    const deeper = ATLAS.button("Next window", nextWindow, "The next of the maps inside, whole");
    controls.append(zoomButtons(zoom, centre), deeper);
    const scale = make("div", { class: "view-scale" });
    const readout = make("p", { class: "view-readout", "aria-live": "off" });
    const legend = make("ul", { class: "view-legend" });
    place.append(scale, legend, readout, make("p", { class: "view-help", id: help },
      "Zoom: drag a box, pinch, wheel after a click, or plus and minus. Arrow keys read cell by cell, with Shift they move the window; "
      + "0 shows everything, a double click or Backspace goes back. Each cell is a computed value; where several share a pixel, it shows their mean colour."));

    // Where the cursor is, in axis coordinates.
    function centre() {
      const { x, y } = here();
      return { x: (x.edges[state.column] + x.edges[state.column + 1]) / 2, y: (y.edges[state.row] + y.edges[state.row + 1]) / 2 };
    }

    function selectMap(index) {
      state.map = index;
      grids = [map(), ...(map().insets || [])].map((grid) => ({ x: prepare(grid.x), y: prepare(grid.y), layers: grid.layers }));
      const finest = grids[grids.length - 1];
      state.grid = 0;
      state.column = Math.floor(here().x.values.length / 2);
      state.row = Math.floor(here().y.values.length / 2);
      const least = (axis) => 3 * d3.min(d3.pairs(axis.edges), ([p, q]) => q - p);
      zoom.restart({ x: ends(here().x), y: ends(here().y) }, { x: least(finest.x), y: least(finest.y) });
      if (layers) {
        const { select } = layers;
        state.layer = Math.min(state.layer, map().layers.length - 1);
        select.replaceChildren(...map().layers.map((l) => make("option", {}, l.label)));
        select.selectedIndex = state.layer;
      }
      deeper.hidden = grids.length < 2;
      scene.fit();
      selectLayer(state.layer);
    }

    // The whole of the first map inside that is smaller than what is shown; after the last one, everything.
    function nextWindow() {
      const span = zoom.window.x[1] - zoom.window.x[0];
      const width = (grid) => grid.x.edges[grid.x.edges.length - 1] - grid.x.edges[0];
      const next = grids.findIndex((grid) => width(grid) < 0.99 * span);
      const grid = grids[Math.max(0, next)];
      Object.assign(state, { grid: Math.max(0, next), column: Math.floor(grid.x.values.length / 2), row: Math.floor(grid.y.values.length / 2) });
      zoom.set(ends(grid.x), ends(grid.y));
    }

    function selectLayer(index) {
      state.layer = index;
      pictureKey = "";
      showScale();
      changed();
    }

    function valueOf(k, column, row) {
      const { values, scale: s } = here().layers[k].values;
      return values[row * here().x.values.length + column] * s;
    }

    function textOf(l, value) {
      if (l.missing !== undefined && value === l.missing) return l.missingText;
      if (l.classes && !l.bounds) return l.classes[value] === undefined ? "none" : l.classes[value];
      return Number.isNaN(value) ? "none" : number(value, 4);
    }

    // A value of an axis in words; the name of the row or column where there is one.
    function placeOf(axis, index) {
      return axis.names ? `${axis.name} ${axis.values[index]} “${axis.names[index]}”` : `${axis.name} = ${number(axis.values[index], 8)}`;
    }

    function describe() {
      const { column, row } = state;
      const rest = map().layers.map((l, k) => `${l.name || l.label} ${textOf(l, valueOf(k, column, row))}`);
      readout.textContent = `${placeOf(here().x, column)}, ${placeOf(here().y, row)}: ${rest.join(", ")}`;
    }

    function changed() {
      describe();
      scene.request();
    }

    // The finest grid that holds a place.
    function gridAt(u, v) {
      const holds = (axis, w) => w >= axis.edges[0] && w <= axis.edges[axis.edges.length - 1];
      for (let k = grids.length - 1; k > 0; k -= 1) if (holds(grids[k].x, u) && holds(grids[k].y, v)) return k;
      return 0;
    }

    function hover(place_) {
      if (!place_ || !place_.inside) return;
      const grid = gridAt(place_.x, place_.y);
      const column = cell(grids[grid].x.edges, place_.x), row = cell(grids[grid].y.edges, place_.y);
      if (grid === state.grid && column === state.column && row === state.row) return;
      readout.setAttribute("aria-live", "off"); // a mouse runs over hundreds of cells
      Object.assign(state, { grid, column, row });
      changed();
    }

    function step(dx, dy) {
      readout.setAttribute("aria-live", "polite");
      state.column = Math.min(here().x.values.length - 1, Math.max(0, state.column + dx));
      state.row = Math.min(here().y.values.length - 1, Math.max(0, state.row + dy));
      const middle = centre();
      zoom.reveal("x", middle.x);
      zoom.reveal("y", middle.y);
      changed();
    }

    // share of the colour scale, or a class
    function shareOf(l, value) {
      const [low, high] = l.range;
      if (l.log) return value > 0 ? (Math.log(value) - Math.log(low)) / (Math.log(high) - Math.log(low)) : 0;
      return (value - low) / (high - low);
    }

    function pack(text) {
      const [r, g, b] = rgb(text);
      return (255 << 24 | b << 16 | g << 8 | r) >>> 0;
    }

    function colourTable(l) {
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
      legend.replaceChildren(...(l.missingColour ? [entry(l.missingColour, l.missingText)] : []), ...curveEntries());
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
      const look = theme(place);
      area = { left: MARGIN.left, top: MARGIN.top, width: size.width - MARGIN.left - MARGIN.right, height: size.height - MARGIN.top - MARGIN.bottom };
      context.setTransform(size.ratio, 0, 0, size.ratio, 0, 0);
      context.clearRect(0, 0, size.width, size.height);
      const width = Math.round(area.width * size.ratio), height = Math.round(area.height * size.ratio);
      const key = [state.map, state.layer, width, height, zoom.window.x, zoom.window.y].join();
      if (key !== pictureKey) {
        pictureKey = key;
        paint(width, height);
      }
      context.drawImage(picture, area.left, area.top, area.width, area.height);
      const px = (u) => area.left + ((u - zoom.window.x[0]) / (zoom.window.x[1] - zoom.window.x[0])) * area.width;
      const py = (u) => area.top + area.height - ((u - zoom.window.y[0]) / (zoom.window.y[1] - zoom.window.y[0])) * area.height;
      context.save();
      context.beginPath();
      context.rect(area.left, area.top, area.width, area.height);
      context.clip();
      drawCurves(context, px, py);
      drawFrames(context, px, py);
      drawCursor(context, px, py);
      context.restore();
      drawAxes(look, size);
    }

    // The coarsest grid first, finer ones over it where they lie.
    function paint(width, height) {
      picture = picture || document.createElement("canvas");
      picture.width = width;
      picture.height = height;
      const image = picture.getContext("2d").createImageData(width, height);
      const pixels = new Uint32Array(image.data.buffer);
      inWindow = 0;
      grids.forEach((grid) => paintGrid(pixels, grid, width, height));
      picture.getContext("2d").putImageData(image, 0, 0);
    }

    // Colours of all cells of a layer, once and not once a pixel; kept, because a zoom does not change them.
    function coloursOf(grid) {
      const l = grid.layers[state.layer];
      if (l.painted) return l.painted;
      const table = colourTable(layer()), { values, scale: s } = l.values;
      l.painted = new Uint32Array(values.length);
      for (let k = 0; k < values.length; k += 1) l.painted[k] = colourOf(layer(), values[k] * s, table);
      return l.painted;
    }

    function colourOf(l, value, table) {
      if (l.missing !== undefined && value === l.missing) return l.missingColour ? pack(l.missingColour) : 0;
      if (Number.isNaN(value)) return 0;
      if (l.bounds) return table[Math.max(0, d3.bisectRight(l.bounds, value) - 1)];
      if (l.classes) return table[value] || 0;
      return table[Math.min(255, Math.max(0, Math.round(255 * shareOf(l, value))))];
    }

    function paintGrid(pixels, grid, width, height) {
      const colours = coloursOf(grid), columns = grid.x.values.length;
      const across = cellsOfPixels(grid.x, zoom.window.x, width, false), upwards = cellsOfPixels(grid.y, zoom.window.y, height, true);
      if (across.first >= across.end || upwards.first >= upwards.end) return;
      inWindow += (across.to[across.end - 1] - across.from[across.first]) * Math.abs(upwards.to[upwards.first] - upwards.from[upwards.end - 1]);
      for (let row = upwards.first; row < upwards.end; row += 1) {
        for (let column = across.first; column < across.end; column += 1) {
          const [left, right, low, high] = [across.from[column], across.to[column], upwards.from[row], upwards.to[row]];
          pixels[row * width + column] = right - left === 1 && high - low === 1 ? colours[low * columns + left]
            : mean(colours, columns, left, right, low, high);
        }
      }
    }

    // The mean colour of the cells of a pixel: fine grain turns grey from afar instead of into a false pattern.
    function mean(colours, columns, left, right, low, high) {
      let red = 0, green = 0, blue = 0, count = 0;
      for (let row = low; row < high; row += 1) {
        for (let k = row * columns + left; k < row * columns + right; k += 1) {
          const colour = colours[k];
          if (!colour) continue;
          red += colour & 255;
          green += (colour >> 8) & 255;
          blue += (colour >> 16) & 255;
          count += 1;
        }
      }
      if (!count) return 0;
      return (255 << 24 | Math.round(blue / count) << 16 | Math.round(green / count) << 8 | Math.round(red / count)) >>> 0;
    }

    // For every pixel between first and end the cells [from, to) whose share of it is shown; pixels run downwards on the y axis.
    function cellsOfPixels(axis, [low, high], count, downwards) {
      const { edges } = axis;
      const from = new Int32Array(count), to = new Int32Array(count);
      let first = count, end = 0;
      for (let k = 0; k < count; k += 1) {
        const place_ = downwards ? count - 1 - k : k;
        const [u0, u, u1] = [0, 0.5, 1].map((share) => low + ((place_ + share) / count) * (high - low));
        if (u < edges[0] || u >= edges[edges.length - 1]) continue;
        first = Math.min(first, k);
        end = k + 1;
        const [a, b] = [cell(edges, u0), cell(edges, u1)];
        // cells wider than a pixel are not mixed at their borders
        if (b - a <= 1) { from[k] = cell(edges, u); to[k] = from[k] + 1; }
        else { from[k] = a; to[k] = b; }
      }
      return { from, to, first, end };
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
            const u = grids[0].x.forth(curve.x.values[k]), v = grids[0].y.forth(curve.y.values[k]);
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

    // Where the finer maps lie.
    function drawFrames(context, px, py) {
      context.strokeStyle = "#D55E00";
      context.lineWidth = 1.3;
      for (const grid of grids.slice(1)) {
        const [[left, right], [low, high]] = [ends(grid.x).map(px), ends(grid.y).map(py)];
        if (right - left > 8) context.strokeRect(left, high, right - left, low - high);
      }
    }

    function drawCursor(context, px, py) {
      const { x, y } = here();
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
      const { x, y } = grids[0];
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
      state: () => ({ ...state, x: zoom.window.x.map(grids[0].x.back), y: zoom.window.y.map(grids[0].y.back), cells: inWindow, zoomed: zoom.zoomed(), readout: readout.textContent }),
      zoom,
      value: (column, row) => valueOf(state.layer, column, row),
    };
  }

  function ends(axis) { return [axis.edges[0], axis.edges[axis.edges.length - 1]]; }

  // Index of the cell that holds a coordinate, the nearest one outside.
  function cell(edges, u) { return Math.min(edges.length - 2, Math.max(0, d3.bisectRight(edges, u) - 1)); }

  component("heatmap", build);
})();
