// The picture of tokens on the sphere or the circle, recorded or live: where the viewer stands, the ground, traces, points, hands.
(function () {
  "use strict";
  const { CATEGORIES, make, number, rgb, stage, theme } = ATLAS;
  const LIGHT = [-0.45, 0.6, 0.66].map((x) => x / Math.hypot(0.45, 0.6, 0.66)); // as in the figures: from the upper left
  const AMBIENT = 0.74;
  const RADIUS = 0.76; // of half the canvas: the rest is for the axes
  const INNERMOST = 0.4; // a trace on the circle lies inside it, older parts nearer to the centre
  const START = { azimuth: 32, elevation: 24, zoom: 1 };
  const STEP = 5; // degrees a key turns
  const PATH = 100; // pieces of a whole path

  // ---- sphere -------------------------------------------------------------------------------------------------
  // Rows: to the right, upwards, towards the viewer.
  function axesOf(view) {
    const a = (view.azimuth * Math.PI) / 180, e = (view.elevation * Math.PI) / 180;
    return [
      [-Math.sin(a), Math.cos(a), 0],
      [-Math.sin(e) * Math.cos(a), -Math.sin(e) * Math.sin(a), Math.cos(e)],
      [Math.cos(e) * Math.cos(a), Math.cos(e) * Math.sin(a), Math.sin(e)],
    ];
  }
  const project = (axes, x, y, z) => axes.map((axis) => axis[0] * x + axis[1] * y + axis[2] * z);

  // 256 colours of <x, Dx>, mixed with white: dark points stay readable on all of them.
  const COLOURS = Array.from({ length: 256 }, (_, k) => rgb(d3.interpolateCividis(k / 255)).map((c) => 0.62 * c + 0.38 * 255));
  const css = (share) => `rgb(${COLOURS[Math.min(255, Math.max(0, Math.round(255 * share)))].map(Math.round)})`;

  // Where a value of <x, Dx> lies between the smallest and the largest eigenvalue; a constant form is in the middle.
  const shareOf = (value, [low, high]) => (high - low < 1e-12 ? 0.5 : (value - low) / (high - low));

  // Picture of the sphere that fills a square of `pixels`; the offscreen canvas is kept between calls.
  function paintSphere(canvas, pixels, axes, matrix, range) {
    canvas.width = canvas.height = pixels;
    const context = canvas.getContext("2d");
    const image = context.createImageData(pixels, pixels);
    const flat = new Uint8ClampedArray(image.data.buffer);
    // D in the coordinates of the screen: three dot products a pixel become one form
    const [offset, steepness] = matrix && range[1] - range[0] > 1e-12 ? [-255 * range[0], 255].map((x) => x / (range[1] - range[0])) : [127.5, 0];
    const times = (row, q) => row.reduce((sum, entry, j) => sum + entry * q[j], 0);
    const local = matrix ? axes.map((p) => axes.map((q) => times(p, matrix.map((row) => times(row, q))))) : null;
    for (let row = 0; row < pixels; row += 1) {
      const v = 1 - ((row + 0.5) / pixels) * 2;
      for (let column = 0; column < pixels; column += 1) {
        const u = ((column + 0.5) / pixels) * 2 - 1;
        const radius = Math.sqrt(u * u + v * v);
        const cover = Math.min(1, Math.max(0, ((1 - radius) * pixels) / 2 + 0.5));
        if (!cover) continue;
        const w = Math.sqrt(Math.max(0, 1 - radius * radius));
        let colour = null;
        if (local) {
          const form = local[0][0] * u * u + local[1][1] * v * v + local[2][2] * w * w
            + 2 * (local[0][1] * u * v + local[0][2] * u * w + local[1][2] * v * w);
          colour = COLOURS[Math.min(255, Math.max(0, Math.round(offset + steepness * form)))];
        }
        let shade = AMBIENT + (1 - AMBIENT) * Math.max(0, LIGHT[0] * u + LIGHT[1] * v + LIGHT[2] * w);
        shade *= 1 - 0.25 * (1 - w) ** 3;
        if (!colour) { colour = [246, 247, 248]; shade = 1 - 0.5 * (1 - shade); }
        const at = 4 * (row * pixels + column);
        flat[at] = colour[0] * shade;
        flat[at + 1] = colour[1] * shade;
        flat[at + 2] = colour[2] * shade;
        flat[at + 3] = 255 * cover;
      }
    }
    context.putImageData(image, 0, 0);
  }

  // Meridians and parallels every 30 degrees, for a sphere without colours.
  const GRATICULE = d3.geoGraticule().stepMinor([30, 30]).stepMajor([180, 360]).extentMinor([[-180, -60.1], [180, 60.1]])().coordinates
    .map((line) => line.map(([longitude, latitude]) => {
      const [a, b] = [longitude, latitude].map((x) => (x * Math.PI) / 180);
      return [Math.cos(b) * Math.cos(a), Math.cos(b) * Math.sin(a), Math.sin(b)];
    }));

  // The scale of <x, Dx> below a picture; hidden without D.
  function formScale() {
    const element = make("div", { class: "view-scale", hidden: true });
    const show = (matrix, range) => {
      element.hidden = !matrix;
      if (!matrix) return;
      const bar = make("span", { class: "view-bar" }), constant = range[1] - range[0] < 1e-12;
      bar.style.background = constant ? css(0.5) : `linear-gradient(to right, ${d3.range(0, 1.01, 0.1).map(css).join(",")})`;
      const parts = constant ? [bar, number(range[0])] : [number(range[0]), bar, number(range[1])];
      element.replaceChildren(...["⟨x, Dx⟩", ...parts].map((part) => make("span", {}, part)));
    };
    return { element, show };
  }

  // Colour of a category; null and the last one are ink, which depends on the ground; below 0 is grey.
  function categoryColour(k, ink) {
    if (k !== null && k < 0) return "#7d858e";
    return k === null || k % CATEGORIES.length === CATEGORIES.length - 1 ? ink : CATEGORIES[k % CATEGORIES.length];
  }

  // ---- scene --------------------------------------------------------------------------------------------------
  // options: side (the largest, in CSS pixels), attributes of the canvas, picture() -> what is to be seen now:
  //   dimension (2 or 3), tokens, frame (now), first (where traces begin), at(token, frame) -> its coordinates,
  //   colour(token) -> number of a category, null for ink, below 0 for grey;
  // and where they are wanted: traced (tokens with a trace; all of them otherwise), paths (number of frames of whole paths),
  //   matrix D with its range [smallest, largest eigenvalue], arrows, axisNames, marked (a token), ball and inside (tokens in the ball).
  // With `hands` the picture is turned, enlarged and asked: {turned(), hovered(token or -1), picked(token or -1), keys}.
  function tokenScene(place, holder, { side, attributes, picture, hands }) {
    const view = { ...START }, raster = document.createElement("canvas");
    let rasterKey = "", turning = false, painted = 0;
    const scene = stage(holder, (width) => Math.min(width, side), draw, attributes);
    const unitOf = () => (scene.size.height / 2) * RADIUS * view.zoom;

    // To the right, upwards, towards the viewer; on the circle older moments lie further inside.
    function placer(shown) {
      const axes = axesOf(view);
      if (shown.dimension === 3) return (token, frame) => project(axes, ...shown.at(token, frame));
      return (token, frame) => {
        const age = frame === shown.frame ? 1 : (frame - shown.first) / (shown.frame - shown.first);
        const radius = INNERMOST + (1 - INNERMOST) * age, [x, y] = shown.at(token, frame);
        return [radius * x, radius * y, 1];
      };
    }

    function draw(context, size) {
      const shown = picture(), look = theme(place), unit = unitOf(), where = placer(shown);
      const pen = { context, unit, where, shown, look, ink: shown.dimension === 3 ? "#1a1a1a" : look.ink };
      context.setTransform(size.ratio, 0, 0, size.ratio, 0, 0);
      context.clearRect(0, 0, size.width, size.height);
      context.translate(size.width / 2, size.height / 2);
      if (shown.dimension === 3) drawSphere(pen, size.ratio); else drawRing(pen);
      if (shown.paths) drawPaths(pen);
      if (shown.frame - shown.first >= 1) drawTraces(pen);
      (shown.arrows || []).forEach((arrows) => drawArrows(pen, arrows));
      drawPoints(pen);
    }

    const colourOf = ({ shown, ink }, token) => categoryColour(shown.colour(token), ink);

    function drawSphere(pen, ratio) {
      const { context, unit, shown } = pen, axes = axesOf(view);
      const tips = (shown.axisNames || ["e₁", "e₂", "e₃"]).map((name, k) => ({ name, at: axes.map((axis) => axis[k]) }));
      tips.filter((tip) => tip.at[2] < 0).forEach((tip) => drawAxis(pen, tip));
      // the sphere is painted at most at the size of the canvas, coarser while it turns
      const matrix = shown.ball ? null : shown.matrix;
      const pixels = Math.round(Math.min(2 * unit * ratio, 1400) * (turning && matrix ? 0.5 : 1));
      const key = [pixels, matrix ? `${matrix} ${view.azimuth} ${view.elevation}` : ""].join();
      if (key !== rasterKey) {
        paintSphere(raster, pixels, axes, matrix, shown.range);
        rasterKey = key;
      }
      context.imageSmoothingEnabled = true;
      context.drawImage(raster, -unit, -unit, 2 * unit, 2 * unit);
      if (!shown.matrix && !shown.ball) drawGraticule(pen, axes);
      tips.filter((tip) => tip.at[2] >= 0).forEach((tip) => drawAxis(pen, tip));
    }

    function letter({ context, look }, text, x, y, size) {
      context.font = `${size}px ${look.font}`;
      context.textAlign = "center";
      context.textBaseline = "middle";
      context.fillText(text, x, y);
    }

    function drawAxis(pen, tip) {
      const { context, unit, look } = pen, [x, y] = tip.at;
      // over the sphere the page's ink may be light on light
      const over = Math.hypot(x, y) * 1.21 < 1 && tip.at[2] >= 0;
      context.strokeStyle = context.fillStyle = over ? "#1a1a1a" : look.ink;
      context.lineWidth = 1;
      context.beginPath();
      context.moveTo(unit * x, -unit * y);
      context.lineTo(1.13 * unit * x, -1.13 * unit * y);
      context.stroke();
      letter(pen, tip.name, 1.21 * unit * x, -1.21 * unit * y, Math.max(12, Math.min(15, unit / 14)));
    }

    function drawGraticule({ context, unit }, axes) {
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

    // The circle itself, coloured by <x, Dx> where there is a D.
    function drawRing(pen) {
      const { context, unit, shown, look } = pen, { matrix } = shown, parts = matrix ? 180 : 1;
      context.lineWidth = matrix ? 9 : 1;
      for (let k = 0; k < parts; k += 1) {
        const a = (2 * Math.PI * k) / parts, x = [Math.cos(a), Math.sin(a)], half = Math.PI / parts + (matrix ? 0.012 : 0);
        context.strokeStyle = matrix
          ? css(shareOf(matrix.reduce((sum, row, i) => sum + x[i] * (row[0] * x[0] + row[1] * x[1]), 0), shown.range)) : look.quiet;
        context.beginPath();
        context.arc(0, 0, unit, -a - half, -a + half);
        context.stroke();
      }
      context.fillStyle = look.ink;
      [["0", 0], ["π/2", 0.5], ["π", 1], ["−π/2", 1.5]].forEach(([text, turn]) => {
        letter(pen, text, 1.17 * unit * Math.cos(turn * Math.PI), -1.17 * unit * Math.sin(turn * Math.PI), 13);
      });
    }

    // Where each token comes from and goes to, in grey; what is behind the sphere is faint.
    function drawPaths({ context, unit, where, shown }) {
      const frames = shown.paths, step = Math.max(1, Math.floor(frames / PATH));
      const front = new Path2D(), behind = new Path2D();
      for (let token = 0; token < shown.tokens; token += 1) {
        let before = where(token, 0);
        for (let frame = step; frame < frames + step - 1; frame += step) {
          const now = where(token, Math.min(frame, frames - 1));
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

    // The way of a token up to now, fading into the past.
    function drawTraces(pen) {
      const { context, unit, where, shown } = pen, { first, frame: last } = shown;
      for (const token of shown.traced || d3.range(shown.tokens)) {
        context.strokeStyle = colourOf(pen, token);
        context.lineWidth = token === shown.marked ? 2 : 1;
        let before = where(token, first);
        for (let frame = first + 1; frame <= last; frame += 1) {
          const now = where(token, frame);
          context.globalAlpha = 0.7 * ((frame - first) / (last - first)) ** 1.5 * (now[2] < 0 ? 0.25 : 1);
          context.beginPath();
          context.moveTo(unit * before[0], -unit * before[1]);
          context.lineTo(unit * now[0], -unit * now[1]);
          context.stroke();
          before = now;
        }
      }
      context.globalAlpha = 1;
    }

    function drawPoints(pen) {
      const { context, unit, where, shown, look } = pen, places = [], taken = new Set();
      for (let token = 0; token < shown.tokens; token += 1) {
        const [x, y, z] = where(token, shown.frame);
        // points on top of each other would add up, behind to dark ones and in front (their light rims) to white ones: each place once
        const spot = (Math.round(200 * x) * 1024 + Math.round(200 * y)) * 2 + (z < 0 ? 1 : 0);
        if (taken.has(spot) && !shown.inside && token !== shown.marked) continue;
        taken.add(spot);
        places.push([x, y, z, token]);
      }
      places.sort((p, q) => (p[3] === shown.marked) - (q[3] === shown.marked) || p[2] - q[2]);
      const size = Math.max(1.8, Math.min(5.5, (unit / 40) * Math.sqrt(150 / Math.max(places.length, 40))));
      for (const [x, y, z, token] of places) {
        const marked = token === shown.marked, front = z >= 0 || shown.inside;
        context.globalAlpha = shown.inside ? 0.65 + 0.35 * z : z < 0 ? 0.25 : 1; // inside the ball nothing hides, distance fades
        context.beginPath();
        context.arc(unit * x, -unit * y, marked ? 1.5 * size + 1 : front ? size : 0.87 * size, 0, 2 * Math.PI);
        context.fillStyle = colourOf(pen, token);
        context.fill();
        if (!front && !marked) continue;
        context.lineWidth = marked ? 2 : 0.7;
        context.strokeStyle = marked ? pen.ink : shown.dimension === 3 ? "#fff" : look.paper;
        context.stroke();
      }
      context.globalAlpha = 1;
      painted = places.length;
    }

    function drawArrows({ context, unit, shown }, arrows) {
      const { values, scale } = arrows.vectors, axes = axesOf(view);
      context.strokeStyle = context.fillStyle = CATEGORIES[arrows.colour];
      context.lineWidth = 2;
      for (let token = 0; token < shown.tokens; token += 1) {
        const point = shown.at(token, 0);
        const vector = [0, 1, 2].map((k) => values[3 * token + k] * scale * arrows.length);
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
        for (const side_ of [2.7, -2.7]) {
          context.lineTo(unit * to[0] + head * Math.cos(angle + side_), -unit * to[1] + head * Math.sin(angle + side_));
        }
        context.fill();
      }
      context.globalAlpha = 1;
    }

    // ---- hands: drag and arrow keys turn; wheel, two fingers, plus and minus enlarge; a touch asks for a token ----
    function tokenAt(event, reach) {
      const shown = picture(), where = placer(shown), box = scene.canvas.getBoundingClientRect(), unit = unitOf();
      const x = event.clientX - box.left - box.width / 2, y = box.height / 2 - (event.clientY - box.top);
      let best = -1, nearest = reach;
      for (let token = 0; token < shown.tokens; token += 1) {
        const [u, v, w] = where(token, shown.frame), distance = Math.hypot(unit * u - x, unit * v - y);
        if (distance < nearest && (w >= 0 || shown.inside)) { nearest = distance; best = token; }
      }
      return best;
    }

    function moveView(changes) {
      Object.assign(view, changes);
      view.azimuth = ((view.azimuth % 360) + 360) % 360;
      view.elevation = Math.min(90, Math.max(-90, view.elevation));
      view.zoom = Math.min(20, Math.max(1, view.zoom));
      scene.request();
      if (hands.turned) hands.turned();
    }
    const turn = (azimuth, elevation) => moveView({ azimuth: view.azimuth + azimuth, elevation: view.elevation + elevation });
    const zoom = (factor) => moveView({ zoom: view.zoom * factor });
    const reset = () => moveView(START);

    function attachHands(canvas) {
      const pointers = new Map();
      let travelled = 0, spread = 0;
      canvas.addEventListener("pointerdown", (event) => {
        if (event.button) return;
        pointers.set(event.pointerId, [event.clientX, event.clientY]);
        canvas.setPointerCapture(event.pointerId);
        if (pointers.size === 1) travelled = 0;
        spread = 0;
      });
      canvas.addEventListener("pointermove", (event) => {
        const last = pointers.get(event.pointerId);
        if (!last) { if (hands.hovered) hands.hovered(tokenAt(event, 10)); return; }
        const moved = [event.clientX - last[0], event.clientY - last[1]];
        pointers.set(event.pointerId, [event.clientX, event.clientY]);
        travelled += Math.hypot(...moved);
        if (pointers.size > 1) {
          const [p, q] = [...pointers.values()], wide = Math.hypot(p[0] - q[0], p[1] - q[1]);
          if (spread) zoom(wide / spread);
          spread = wide;
        } else if (travelled >= 4) {
          const speed = 180 / (Math.PI * unitOf()); // a point under the finger stays there
          turning = true;
          turn(-moved[0] * speed, moved[1] * speed);
        }
      });
      const release = (event) => {
        if (!pointers.delete(event.pointerId)) return;
        if (turning) { turning = false; scene.request(); }
        if (hands.picked && event.type === "pointerup" && travelled < 4) hands.picked(tokenAt(event, event.pointerType === "touch" ? 22 : 14));
      };
      canvas.addEventListener("pointerup", release);
      canvas.addEventListener("pointercancel", release);
      canvas.addEventListener("wheel", (event) => {
        if (document.activeElement !== canvas && !event.ctrlKey && !event.metaKey) return; // the page scrolls
        event.preventDefault();
        zoom(Math.exp(-event.deltaY / 400));
      }, { passive: false });
      const keys = {
        ArrowLeft: () => turn(STEP, 0), ArrowRight: () => turn(-STEP, 0), ArrowUp: () => turn(0, -STEP), ArrowDown: () => turn(0, STEP),
        "+": () => zoom(1.25), "=": () => zoom(1.25), "-": () => zoom(1 / 1.25), 0: reset, Home: reset, ...hands.keys,
      };
      canvas.addEventListener("keydown", (event) => {
        if (event.ctrlKey || event.metaKey || event.altKey || !keys[event.key]) return;
        event.preventDefault();
        keys[event.key]();
      });
    }
    if (hands) attachHands(scene.canvas);
    // A ground that changes with every move of a slider is painted coarsely until it rests.
    let resting = 0;
    function coarsely() {
      turning = true;
      clearTimeout(resting);
      resting = setTimeout(() => { turning = false; scene.request(); }, 200);
      scene.request();
    }
    return { canvas: scene.canvas, request: scene.request, paint: scene.paint, view, reset, coarsely, painted: () => painted };
  }

  Object.assign(ATLAS, { categoryColour, formScale, tokenScene });
})();
