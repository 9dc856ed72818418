// What all pages share: formulas, the choice of colours, filters, commands that copy themselves.
(function () {
  "use strict";

  function each(selector, action, within) {
    Array.prototype.forEach.call((within || document).querySelectorAll(selector), action);
  }

  // ---- formulas
  if (window.renderMathInElement) {
    renderMathInElement(document.body, {
      delimiters: [{ left: "\\[", right: "\\]", display: true }, { left: "\\(", right: "\\)", display: false }],
      ignoredTags: ["script", "noscript", "style", "textarea", "pre", "code", "option", "svg"],
      throwOnError: false,
      strict: "ignore",
    });
    // a formula that fits needs no stop of the Tab key; one that scrolls does
    each(".equation", function (box) {
      if (box.scrollWidth <= box.clientWidth) { box.removeAttribute("tabindex"); }
    });
  }

  // ---- colours: as the system, light, dark
  var button = document.getElementById("theme");
  var names = ["system", "light", "dark"];
  var signs = { system: "◐", light: "○", dark: "●" };
  function current() { return document.documentElement.dataset.theme || "system"; }
  function label() {
    var text = "Colours: " + (current() === "system" ? "as the system" : current());
    button.setAttribute("aria-label", text);
    button.title = text;
    button.firstElementChild.textContent = signs[current()];
  }
  button.addEventListener("click", function () {
    var next = names[(names.indexOf(current()) + 1) % names.length];
    if (next === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = next;
    try {
      if (next === "system") localStorage.removeItem("atlas-theme");
      else localStorage.setItem("atlas-theme", next);
    } catch (error) { /* storage is off: the choice lasts for this page */ }
    label();
    document.dispatchEvent(new CustomEvent("atlas-theme"));
  });
  label();

  // ---- filters of the wall and of the table of claims
  var form = document.querySelector("form.filters");
  if (form) {
    var state = {};
    var search = document.getElementById("search");
    var cards = function () { return document.querySelectorAll(".card, table.claims tbody tr"); };
    var words = function (item) { return (item.dataset.words || item.textContent).toLowerCase(); };
    var apply = function () {
      var wanted = search.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
      var count = 0;
      Array.prototype.forEach.call(cards(), function (item) {
        var fits = Object.keys(state).every(function (name) {
          return !state[name] || (item.dataset[name] || "").split(" ").indexOf(state[name]) >= 0;
        }) && wanted.every(function (word) { return words(item).indexOf(word) >= 0; });
        item.hidden = !fits;
        if (fits) count += 1;
      });
      document.getElementById("count").textContent = count;
      each("section.paper", function (section) { section.hidden = !section.querySelector(".card:not([hidden])"); });
      var nothing = document.getElementById("nothing");
      if (nothing) nothing.hidden = count > 0;
    };
    var choose = function (chip) {
      state[chip.dataset.filter] = chip.dataset.value;
      each('[data-filter="' + chip.dataset.filter + '"]', function (other) {
        other.setAttribute("aria-pressed", String(other === chip));
      }, form);
      apply();
    };
    each("[data-filter]", function (chip) { chip.addEventListener("click", function () { choose(chip); }); }, form);
    search.addEventListener("input", apply);
    form.addEventListener("submit", function (event) { event.preventDefault(); });
    var reset = document.getElementById("reset");
    if (reset) {
      reset.addEventListener("click", function () {
        search.value = "";
        each('[data-value=""]', choose, form);
        search.focus();
      });
    }
    var follow = function () {
      var chip = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
      if (chip && chip.dataset && chip.dataset.filter) choose(chip);
    };
    window.addEventListener("hashchange", follow);
    follow();
  }

  // ---- commands that copy themselves
  each(".command", function (box) {
    var copy = document.createElement("button");
    copy.type = "button";
    copy.className = "copy";
    copy.textContent = "Copy";
    copy.setAttribute("aria-live", "polite");
    copy.addEventListener("click", function () {
      var text = box.querySelector("code").textContent;
      var done = function (good) {
        copy.textContent = good ? "Copied" : "Press Ctrl+C";
        setTimeout(function () { copy.textContent = "Copy"; }, 2000);
      };
      var select = function () {
        var range = document.createRange();
        range.selectNodeContents(box.querySelector("code"));
        var selection = window.getSelection();
        selection.removeAllRanges();
        selection.addRange(range);
        done(false);
      };
      if (navigator.clipboard) navigator.clipboard.writeText(text).then(function () { done(true); }, select);
      else select();
    });
    box.appendChild(copy);
  });
})();
