// Light or dark, before anything is drawn: what the reader chose, else what the system says.
(function () {
  "use strict";
  var chosen = null;
  try { chosen = localStorage.getItem("atlas-theme"); } catch (error) { /* storage is off: follow the system */ }
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
})();
