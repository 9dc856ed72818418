// A window on a plane that drag, wheel, pinch and keys move: shared by bifurcation diagrams and maps.
// Coordinates are those of the axes (logarithms where an axis is logarithmic), so a zoom is always linear.
(function () {
  "use strict";
  const { button, make } = ATLAS;

  // options: limits {x, y}, least {x, y} (smallest spans), area() -> {left, top, width, height, both} of the place under a point,
  // changed(), cursor(dx, dy) for arrow keys, hover(x, y) or hover(null), help (id of the instructions)
  function attachZoom(canvas, options) {
    const window_ = { x: [...options.limits.x], y: [...options.limits.y] };
    const history = [];
    const box = make("div", { class: "view-box", hidden: true });
    const hint = make("div", { class: "view-hint", hidden: true }, "Click the picture first, or hold Ctrl, to zoom with the wheel");
    canvas.after(box, hint);
    let hintTimer = 0;

    const limits = (axis) => options.limits[axis];

    function place(axis, low, high) {
      const [first, last] = limits(axis);
      const span = Math.min(last - first, Math.max(options.least[axis], high - low));
      const middle = (low + high) / 2;
      let start = middle - span / 2;
      start = Math.min(Math.max(start, first), last - span);
      window_[axis] = [start, start + span];
    }

    function set(x, y, remember) {
      if (remember !== false) history.push({ x: [...window_.x], y: [...window_.y] });
      if (history.length > 60) history.shift();
      if (x) place("x", x[0], x[1]);
      if (y) place("y", y[0], y[1]);
      options.changed();
    }

    // factor below 1 enlarges; about is in axis coordinates
    function scale(factor, about, axes) {
      const next = {};
      for (const axis of axes) {
        const [low, high] = window_[axis];
        const fixed = about && about[axis] !== undefined ? about[axis] : (low + high) / 2;
        next[axis] = [fixed - (fixed - low) * factor, fixed + (high - fixed) * factor];
      }
      set(next.x, next.y, false);
    }

    function pan(dx, dy) {
      const shift = (axis, share) => window_[axis].map((value) => value + share * (window_[axis][1] - window_[axis][0]));
      set(shift("x", dx), shift("y", dy), false);
    }

    function reset() { set(limits("x"), limits("y")); }

    function back() {
      const last = history.pop();
      if (last) { Object.assign(window_, last); options.changed(); }
    }

    function zoomed() {
      return ["x", "y"].some((axis) => window_[axis][1] - window_[axis][0] < (limits(axis)[1] - limits(axis)[0]) * 0.999);
    }

    // ---- where a pointer is ----
    function at(event) {
      const frame = canvas.getBoundingClientRect();
      const px = event.clientX - frame.left, py = event.clientY - frame.top;
      const area = options.area(px, py);
      const u = (px - area.left) / area.width, v = 1 - (py - area.top) / area.height;
      return {
        px, py, area,
        inside: u >= 0 && u <= 1 && v >= 0 && v <= 1,
        x: window_.x[0] + u * (window_.x[1] - window_.x[0]),
        y: area.both ? window_.y[0] + v * (window_.y[1] - window_.y[0]) : undefined,
      };
    }

    // ---- pointers: one mouse draws a box (Shift moves), two fingers zoom, one finger moves what is enlarged ----
    const touches = new Map();
    let start = null, pinch = null;
    canvas.addEventListener("pointerdown", (event) => {
      if (event.pointerType === "mouse" && event.button) return;
      const here = at(event);
      if (!here.inside) return;
      if (event.pointerType === "touch") {
        touches.set(event.pointerId, here);
        if (touches.size === 2) { start = null; pinch = gesture(); return; }
      }
      canvas.setPointerCapture(event.pointerId);
      start = { ...here, moves: event.shiftKey || event.pointerType === "touch", dragged: false };
    });
    canvas.addEventListener("pointermove", (event) => {
      const here = at(event);
      if (touches.has(event.pointerId)) touches.set(event.pointerId, here);
      if (pinch && touches.size === 2) return pinched();
      if (!start) return options.hover(here.inside ? here : null);
      if (Math.hypot(here.px - start.px, here.py - start.py) > 4) start.dragged = true;
      if (!start.dragged) return;
      if (start.moves) {
        if (!zoomed()) return;
        pan((start.px - here.px) / start.area.width, start.area.both ? (here.py - start.py) / start.area.height : 0);
        start = { ...start, px: here.px, py: here.py };
      } else showBox(here);
    });
    function release(event) {
      touches.delete(event.pointerId);
      if (touches.size < 2) pinch = null;
      if (start && start.dragged && !start.moves && event.type === "pointerup") zoomToBox(at(event));
      else if (start && !start.dragged && event.type === "pointerup") options.hover(at(event));
      box.hidden = true;
      start = null;
    }
    canvas.addEventListener("pointerup", release);
    canvas.addEventListener("pointercancel", release);
    canvas.addEventListener("pointerleave", () => { if (!start) options.hover(null); });
    canvas.addEventListener("dblclick", back);

    function gesture() {
      const [a, b] = [...touches.values()];
      return { middle: { px: (a.px + b.px) / 2, py: (a.py + b.py) / 2 }, distance: Math.max(20, Math.hypot(a.px - b.px, a.py - b.py)), area: a.area };
    }
    function pinched() {
      const now = gesture();
      const { area } = pinch;
      const u = (pinch.middle.px - area.left) / area.width, v = 1 - (pinch.middle.py - area.top) / area.height;
      const about = {
        x: window_.x[0] + u * (window_.x[1] - window_.x[0]),
        y: window_.y[0] + v * (window_.y[1] - window_.y[0]),
      };
      scale(pinch.distance / now.distance, about, area.both ? ["x", "y"] : ["x"]);
      pan((pinch.middle.px - now.middle.px) / area.width, area.both ? (now.middle.py - pinch.middle.py) / area.height : 0);
      pinch = now;
    }

    // The rectangle between two places, kept inside the panel where it began.
    function corners(here) {
      const { area } = start;
      const clampX = (px) => Math.min(Math.max(px, area.left), area.left + area.width);
      const clampY = (py) => Math.min(Math.max(py, area.top), area.top + area.height);
      const [x0, x1] = [start.px, clampX(here.px)].sort((p, q) => p - q);
      const [y0, y1] = area.both ? [start.py, clampY(here.py)].sort((p, q) => p - q) : [area.top, area.top + area.height];
      return { x0, x1, y0, y1, area };
    }
    function showBox(here) {
      const { x0, x1, y0, y1 } = corners(here);
      box.hidden = false;
      Object.assign(box.style, { left: `${x0}px`, top: `${y0}px`, width: `${x1 - x0}px`, height: `${y1 - y0}px` });
    }
    function zoomToBox(here) {
      const { x0, x1, y0, y1, area } = corners(here);
      const across = (px) => window_.x[0] + ((px - area.left) / area.width) * (window_.x[1] - window_.x[0]);
      const upwards = (py) => window_.y[1] - ((py - area.top) / area.height) * (window_.y[1] - window_.y[0]);
      // a flat box chooses along one axis only
      set(x1 - x0 > 6 ? [across(x0), across(x1)] : null, area.both && y1 - y0 > 6 ? [upwards(y1), upwards(y0)] : null);
    }

    canvas.addEventListener("wheel", (event) => {
      if (document.activeElement !== canvas && !event.ctrlKey && !event.metaKey) {
        hint.hidden = false;
        clearTimeout(hintTimer);
        hintTimer = setTimeout(() => { hint.hidden = true; }, 1500);
        return; // the page scrolls
      }
      const here = at(event);
      if (!here.inside) return;
      event.preventDefault();
      const delta = event.deltaMode === 1 ? event.deltaY * 16 : event.deltaY;
      scale(Math.exp(Math.max(-200, Math.min(200, delta)) / 400), here, here.area.both && !event.shiftKey ? ["x", "y"] : ["x"]);
    }, { passive: false });

    canvas.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
      const about = options.cursorPlace();
      const keys = {
        "+": () => scale(0.7, about, ["x", "y"]), "=": () => scale(0.7, about, ["x", "y"]),
        "-": () => scale(1 / 0.7, about, ["x", "y"]), _: () => scale(1 / 0.7, about, ["x", "y"]),
        0: reset, Home: reset, Backspace: back, Escape: () => { if (start) { start = null; box.hidden = true; } },
      };
      if (moves && event.shiftKey) pan(0.15 * moves[0], 0.15 * moves[1]);
      else if (moves) options.cursor(moves[0], moves[1]);
      else if (keys[event.key]) keys[event.key]();
      else return;
      event.preventDefault();
    });

    return {
      window: window_, set, scale, pan, reset, back, zoomed,
      // new limits, and the whole of them shown
      restart(newLimits, least) {
        Object.assign(options.limits, newLimits);
        Object.assign(options.least, least);
        history.length = 0;
        window_.x = [...newLimits.x];
        window_.y = [...newLimits.y];
      },
      // keeps a value visible
      reveal(axis, value) {
        const [low, high] = window_[axis];
        if (value >= low && value <= high) return;
        const span = high - low;
        place(axis, value - span / 2, value + span / 2);
      },
    };
  }

  function zoomButtons(zoom, about) {
    return make("div", { class: "view-zoom-buttons", role: "group", "aria-label": "Zoom" },
      button("Zoom in", () => zoom.scale(0.5, about(), ["x", "y"]), "Key +"),
      button("Zoom out", () => zoom.scale(2, about(), ["x", "y"]), "Key −"),
      button("Back", () => zoom.back(), "Key Backspace: the window before the last box or reset"),
      button("Whole picture", () => zoom.reset(), "Key 0"));
  }

  Object.assign(ATLAS, { attachZoom, zoomButtons });
})();
