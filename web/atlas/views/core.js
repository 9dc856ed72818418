// What all interactive views share: reading arrays, finding their places in a page, colours of the theme, controls.
// A view is <div class="view" data-component="sphere" data-source="name">; its data is ATLAS_DATA[name], put there by a script of its own.
(function () {
  "use strict";
  const components = {};
  const TYPES = {
    uint8: Uint8Array, int8: Int8Array, uint16: Uint16Array, int16: Int16Array,
    uint32: Uint32Array, int32: Int32Array, float32: Float32Array, float64: Float64Array,
  };
  // Okabe and Ito's palette, as in the figures; ink comes from the theme
  const CATEGORIES = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#1A1A1A"];

  // ---- arrays -------------------------------------------------------------------------------------------------
  // Inverse of views/typed_data.py: base64, zlib, bytes grouped by significance, differences along the first axis.
  async function decode(record) {
    const text = atob(record.data);
    const packed = new Uint8Array(text.length);
    for (let k = 0; k < text.length; k += 1) packed[k] = text.charCodeAt(k);
    const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
    const planes = new Uint8Array(await new Response(stream).arrayBuffer());
    const Type = TYPES[record.type];
    const count = record.shape.reduce((product, size) => product * size, 1);
    const bytes = new Uint8Array(planes.length);
    const width = Type.BYTES_PER_ELEMENT;
    for (let plane = 0; plane < width; plane += 1) {
      for (let k = 0, from = plane * count; k < count; k += 1) bytes[k * width + plane] = planes[from + k];
    }
    const values = new Type(bytes.buffer);
    if (record.differences && record.shape[0] > 1) {
      const row = count / record.shape[0];
      for (let k = row; k < count; k += 1) values[k] += values[k - row]; // the type wraps round, as it did when written
    }
    return { values, shape: record.shape, scale: record.scale === undefined ? 1 : record.scale };
  }

  // A copy of the data in which every record has become an array; everything else stays as it is.
  async function decodeAll(content) {
    if (Array.isArray(content)) return Promise.all(content.map(decodeAll));
    if (content === null || typeof content !== "object") return content;
    if (typeof content.data === "string" && content.type in TYPES) return decode(content);
    const entries = await Promise.all(Object.entries(content).map(async ([key, value]) => [key, await decodeAll(value)]));
    return Object.fromEntries(entries);
  }

  // ---- elements -----------------------------------------------------------------------------------------------
  let serial = 0;
  function identifier(prefix) {
    serial += 1;
    return `view-${prefix}-${serial}`;
  }

  function make(tag, attributes, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) {
      if (value === null || value === undefined || value === false) continue;
      if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
      else if (name === "value") element.value = value;
      else element.setAttribute(name, value === true ? "" : value);
    }
    element.append(...children.filter((child) => child !== null && child !== undefined));
    return element;
  }

  // A labelled choice; calls back with the index.
  function choice(label, options, chosen) {
    const id = identifier("choice");
    const select = make("select", { id, onchange: () => chosen(select.selectedIndex) },
      ...options.map((option) => make("option", {}, option)));
    return { element: make("div", { class: "view-choice" }, make("label", { for: id }, label), select), select };
  }

  function toggle(label, checked, changed) {
    const id = identifier("toggle");
    const box = make("input", { id, type: "checkbox", onchange: () => changed(box.checked) });
    box.checked = checked;
    return { element: make("div", { class: "view-toggle" }, box, make("label", { for: id }, label)), box };
  }

  function button(label, pressed, title) {
    return make("button", { type: "button", onclick: pressed, title: title || null }, label);
  }

  // A slider with a button that plays; `describe` says a value in words.
  function timeline(options) {
    const id = identifier("slider");
    const still = window.matchMedia("(prefers-reduced-motion: reduce)");
    const output = make("output", { for: id, class: "view-moment" });
    const slider = make("input", { id, type: "range", min: 0, max: options.count - 1, step: 1 });
    slider.value = options.value;
    let playing = 0, last = 0, handle = 0;
    const play = options.playable === false ? null : button("Play", () => (playing ? stop() : start()));
    function show(notify) {
      const text = options.describe(Number(slider.value));
      output.textContent = text;
      slider.setAttribute("aria-valuetext", text);
      if (notify) options.changed(Number(slider.value));
    }
    function tick(now) {
      if (!playing) return;
      // who asked for less motion gets single pictures
      if (now - last >= (still.matches ? 500 : 1000 / (options.speed || 24))) {
        last = now;
        if (Number(slider.value) >= Number(slider.max)) return stop();
        slider.value = Number(slider.value) + 1;
        show(true);
      }
      handle = requestAnimationFrame(tick);
    }
    function start() {
      playing = 1;
      play.textContent = "Pause";
      if (Number(slider.value) >= Number(slider.max)) { slider.value = 0; show(true); }
      handle = requestAnimationFrame(tick);
    }
    function stop() {
      playing = 0;
      cancelAnimationFrame(handle);
      if (play) play.textContent = "Play";
    }
    slider.addEventListener("input", () => { stop(); show(true); });
    document.addEventListener("visibilitychange", () => { if (document.hidden) stop(); });
    const element = make("div", { class: "view-timeline" }, play,
      make("label", { for: id }, options.label), slider, output);
    return {
      element, slider, stop, show,
      set(value, count) {
        if (count !== undefined) slider.max = count - 1;
        slider.value = value;
        show(false);
      },
    };
  }

  // ---- canvas -------------------------------------------------------------------------------------------------
  // A canvas as wide as its place, sharp on every screen. height(width) in CSS pixels; `draw` is called when it changes.
  function stage(place, height, draw, attributes) {
    const canvas = make("canvas", attributes);
    place.append(canvas);
    const size = { width: 0, height: 0, ratio: 1 };
    let asked = 0;
    function paint() {
      asked = 0;
      if (size.width) draw(canvas.getContext("2d"), size);
    }
    function request() { if (!asked) asked = requestAnimationFrame(paint); }
    function fit() {
      const width = Math.floor(place.clientWidth);
      if (!width) return;
      const ratio = Math.min(window.devicePixelRatio || 1, 2);
      const tall = Math.round(height(width));
      if (width === size.width && tall === size.height && ratio === size.ratio) return;
      Object.assign(size, { width, height: tall, ratio });
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(tall * ratio);
      canvas.style.height = `${tall}px`;
      paint();
    }
    new ResizeObserver(fit).observe(place); // calls back once at the start, when the view is complete
    onTheme(request);
    return { canvas, size, request, paint, fit };
  }

  // ---- theme --------------------------------------------------------------------------------------------------
  const listeners = [];
  function onTheme(listener) { listeners.push(listener); }
  function themeChanged() { listeners.forEach((listener) => listener()); }
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", themeChanged);
  new MutationObserver(themeChanged).observe(document.documentElement, { attributes: true });

  // Values of CSS variables such as --ink, as the page sets them now.
  function theme(element) {
    const style = getComputedStyle(element);
    const read = (name) => style.getPropertyValue(name).trim();
    return {
      paper: read("--paper"), ink: read("--ink"), quiet: read("--quiet"), line: read("--line"), accent: read("--accent"),
      rare: read("--view-rare"), frequent: read("--view-frequent"), mark: read("--view-mark"),
      positive: read("--view-positive"), negative: read("--view-negative"), font: style.fontFamily,
    };
  }

  function rgb(text) {
    const colour = d3.rgb(text);
    return [colour.r, colour.g, colour.b];
  }

  // ---- numbers ------------------------------------------------------------------------------------------------
  // Plain text with a real minus sign.
  function number(value, digits) {
    if (Number.isNaN(value)) return "none";
    if (!Number.isFinite(value)) return value < 0 ? "−∞" : "∞";
    const size = Math.abs(value);
    const text = size !== 0 && (size < 1e-4 || size >= 1e6) ? value.toExponential((digits || 4) - 1)
      : String(Number(value.toPrecision(digits || 4)));
    return text.replace("-", "−").replace("e-", "e−");
  }

  // Index of the value nearest to x among ascending ones.
  function nearest(values, x) {
    const right = d3.bisectLeft(values, x);
    if (right <= 0) return 0;
    if (right >= values.length) return values.length - 1;
    return x - values[right - 1] < values[right] - x ? right - 1 : right;
  }

  // Ticks with as many decimals as the window needs.
  function ticks(scale, count) {
    const [low, high] = scale.domain();
    const step = d3.tickStep(low, high, count);
    const decimals = Math.max(0, Math.ceil(-Math.log10(step) - 1e-9));
    const text = (value) => (Math.abs(value) < step / 1e6 ? 0 : value).toFixed(decimals).replace("-", "−");
    return { values: scale.ticks(count), text };
  }

  // SVG over a canvas for axes, whose text and lines take the colours of the page.
  function axesLayer(place) {
    const svg = d3.select(place).append("svg").attr("class", "view-axes").attr("aria-hidden", "true");
    return svg;
  }

  // ---- mounting -----------------------------------------------------------------------------------------------
  function component(name, build) { components[name] = build; }

  async function mount(element) {
    if (element.dataset.mounted) return;
    element.dataset.mounted = "yes";
    const build = components[element.dataset.component];
    const content = (window.ATLAS_DATA || {})[element.dataset.source];
    const message = (text) => element.replaceChildren(make("p", { role: "alert", class: "view-message" }, text));
    if (!build) return message(`This page lacks the script of the view “${element.dataset.component}”.`);
    if (!content) return message(`The data of this view (${element.dataset.source}) is missing beside the page.`);
    if (typeof DecompressionStream === "undefined") {
      return message("This view needs a newer browser (one with DecompressionStream: since 2023 all have it).");
    }
    try {
      const data = await decodeAll(content);
      element.replaceChildren();
      element.atlasView = build(element, data);
      element.dataset.ready = "yes";
    } catch (error) {
      message(`This view cannot be shown: ${error.message}`);
      throw error;
    }
  }

  function mountAll() { document.querySelectorAll(".view[data-component]").forEach(mount); }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", mountAll);
  else setTimeout(mountAll);

  window.ATLAS = {
    CATEGORIES, axesLayer, button, choice, component, decode, decodeAll, identifier, make, mount, nearest, number, onTheme, rgb, stage,
    theme, ticks, timeline, toggle,
  };
})();
