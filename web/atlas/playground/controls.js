// What the three parts of the playground share: sliders, the address that holds a state, numbers in words.
(function () {
  "use strict";
  const { identifier, make, number } = ATLAS;

  // A slider beside its value as a field: `curve` maps 0..1 to the range and back (log and square ranges).
  const CURVES = {
    linear: { to: (t, low, high) => low + t * (high - low), from: (v, low, high) => (v - low) / (high - low) },
    square: { to: (t, low, high) => low + t * t * (high - low), from: (v, low, high) => Math.sqrt((v - low) / (high - low)) },
    log: { to: (t, low, high) => low * (high / low) ** t, from: (v, low, high) => Math.log(v / low) / Math.log(high / low) },
  };
  function slider({ label, low, high, value, whole = false, curve = "linear", changed }) {
    const id = identifier("slider"), { to, from } = CURVES[curve];
    const limit = (v) => Math.min(high, Math.max(low, whole ? Math.round(v) : v));
    const place = (v) => String(Math.round(1000 * from(limit(v), low, high)));
    const range = make("input", { type: "range", min: 0, max: 1000, step: 1, "aria-label": `${label}, slider` });
    const field = make("input", { id, type: "number", min: low, max: high, step: "any", inputmode: "decimal" });
    const show = (v) => {
      range.value = place(v);
      range.setAttribute("aria-valuetext", number(v, 5));
      field.value = String(whole ? v : Number(v.toPrecision(6)));
    };
    const take = (v, typed) => {
      if (!Number.isFinite(v)) return;
      const fitted = limit(v);
      if (typed) range.value = place(fitted); else show(fitted);
      changed(fitted);
    };
    range.addEventListener("input", () => take(Number(to(range.value / 1000, low, high).toPrecision(4)), false));
    field.addEventListener("change", () => { take(Number(field.value), false); });
    show(value);
    return { element: make("div", { class: "play-slider" }, make("label", { for: id }, label), range, field), set: show };
  }

  function select(label, options, value, changed) {
    const id = identifier("select");
    const box = make("select", { id, onchange: () => changed(box.value) },
      ...options.map(([key, text]) => make("option", { value: key, selected: key === value }, text)));
    return { element: make("div", { class: "play-select" }, make("label", { for: id }, label), box), set: (key) => { box.value = key; } };
  }

  // Name and value pairs of the address; numbers as they are written.
  function readAddress() { return Object.fromEntries(new URLSearchParams(location.hash.slice(1))); }
  let writing = 0;
  function writeAddress(state) {
    clearTimeout(writing);
    writing = setTimeout(() => {
      const text = new URLSearchParams(Object.entries(state).map(([key, value]) => [key, String(value)])).toString();
      history.replaceState(null, "", `#${text}`);
    }, 200);
  }
  const numberOr = (text, other, low, high) => {
    const value = Number(text);
    return text === undefined || text === "" || !Number.isFinite(value) ? other : Math.min(high, Math.max(low, value));
  };

  // A list of names and values, for eyes and screen readers alike; set(name, text).
  function readouts(names) {
    const cells = {};
    const list = make("dl", { class: "play-readouts" }, ...names.map((name) => {
      cells[name] = make("dd", {}, "–");
      return make("div", {}, make("dt", {}, name), cells[name]);
    }));
    return { element: list, set: (name, text) => { if (cells[name].textContent !== text) cells[name].textContent = text; } };
  }

  // A text that opens below its name, with a button that copies it.
  function recipe(label, text) {
    const shown = make("pre", { tabindex: 0, "aria-label": label }), said = make("span", { role: "status" });
    const copy = make("button", { type: "button", onclick: () => toClipboard(text(), said, "Copied.", "Select the text to copy it.") }, "Copy");
    const show = () => { shown.textContent = box.open ? text() : ""; said.textContent = ""; };
    const box = make("details", { class: "play-recipe", ontoggle: show },
      make("summary", {}, label), make("p", { class: "view-help" }, "Save it as this.yaml and run the command of its first line: the same at full precision and scale."),
      make("div", { class: "play-buttons" }, copy, said), shown);
    return { element: box, refresh: () => { if (box.open) show(); } };
  }

  async function toClipboard(text, status, done, otherwise) {
    try {
      await navigator.clipboard.writeText(text);
      status.textContent = done;
    } catch (error) {
      status.textContent = otherwise;
    }
  }
  const share = (status) => toClipboard(location.href, status, "The address is on the clipboard.", "The address of this state stands in the address bar.");

  // Calls back once a picture while the part is in sight and running.
  function animation(tick) {
    let handle = 0, running = false;
    const turn = (now) => { if (running) { tick(now); handle = requestAnimationFrame(turn); } };
    const api = {
      start() { if (!running) { running = true; handle = requestAnimationFrame(turn); } },
      stop() { running = false; cancelAnimationFrame(handle); },
      get running() { return running; },
    };
    document.addEventListener("visibilitychange", () => { if (document.hidden) api.stop(); });
    return api;
  }

  PLAYGROUND.controls = { animation, numberOr, readAddress, readouts, recipe, select, share, slider, writeAddress };
  PLAYGROUND.parts = {};
})();
