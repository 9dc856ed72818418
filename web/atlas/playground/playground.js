// The page: three parts under tabs; the address says which one is open, and in which state.
(function () {
  "use strict";
  const { readAddress } = PLAYGROUND.controls;
  const built = {};

  function partOf(address) {
    const found = Object.entries(PLAYGROUND.parts).find(([, part]) => part.claims(address));
    return found ? found[0] : "particles";
  }

  function show(name, address) {
    for (const tab of document.querySelectorAll("[role=tab]")) {
      const own = tab.dataset.part === name;
      tab.setAttribute("aria-selected", String(own));
      tab.tabIndex = own ? 0 : -1;
      document.getElementById(tab.getAttribute("aria-controls")).hidden = !own;
    }
    for (const [other, part] of Object.entries(built)) if (other !== name) part.leave();
    if (!built[name]) built[name] = PLAYGROUND.parts[name].build(document.querySelector(`.play[data-part="${name}"]`));
    else if (address) built[name].open(address);
    else if (built[name].enter) built[name].enter();
    PLAYGROUND.open = built;
  }

  const tabs = [...document.querySelectorAll("[role=tab]")];
  tabs.forEach((tab, k) => {
    tab.addEventListener("click", () => { history.replaceState(null, "", "#"); show(tab.dataset.part); });
    tab.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      const next = tabs[(k + step + tabs.length) % tabs.length];
      next.focus();
      next.click();
    });
  });
  window.addEventListener("hashchange", () => show(partOf(readAddress()), readAddress()));
  show(partOf(readAddress()));
})();
