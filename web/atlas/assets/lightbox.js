// Pictures at full size: PhotoSwipe with the caption, and links to the file and its vector form.
(function () {
  "use strict";
  if (!document.querySelector("a.picture")) return;
  const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const lightbox = new PhotoSwipeLightbox({
    gallery: ".plates",
    children: "a.picture",
    pswpModule: PhotoSwipe,
    bgOpacity: 1,
    showHideAnimationType: still ? "none" : "fade",
    paddingFn: () => ({ top: 56, bottom: 56, left: 8, right: 8 }),
    secondaryZoomLevel: 1,
    maxZoomLevel: 4,
    closeTitle: "Close (Esc)",
    zoomTitle: "Zoom (Z)",
    arrowPrevTitle: "Previous picture (left arrow)",
    arrowNextTitle: "Next picture (right arrow)",
    errorMsg: "The picture cannot be loaded",
  });
  lightbox.on("uiRegister", () => {
    const viewer = lightbox.pswp;
    viewer.ui.registerElement({
      name: "caption",
      order: 9,
      isButton: false,
      appendTo: "root",
      onInit: (element) => {
        element.setAttribute("aria-live", "polite");
        viewer.on("change", () => {
          element.textContent = viewer.currSlide.data.element.querySelector("img").alt;
        });
      },
    });
  });
  // Tab goes round inside the viewer; without this it would leave for the browser after the last button.
  lightbox.on("keydown", ({ originalEvent }) => {
    if (originalEvent.key !== "Tab") return;
    const buttons = [...lightbox.pswp.element.querySelectorAll("button:not(:disabled), a[href]")].filter(
      (button) => button.getClientRects().length && getComputedStyle(button).visibility !== "hidden"
    );
    const here = buttons.indexOf(document.activeElement);
    const next = originalEvent.shiftKey ? (here <= 0 ? buttons.length - 1 : here - 1) : (here + 1) % buttons.length;
    originalEvent.preventDefault();
    buttons[next].focus();
  });
  lightbox.init();
})();
