// The viewer of the gallery: PhotoSwipe with a caption and a button that downloads the picture at full size.
(function () {
  "use strict";
  const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const lightbox = new PhotoSwipeLightbox({
    gallery: ".pictures",
    children: "a.picture",
    pswpModule: PhotoSwipe,
    bgOpacity: 1,
    showHideAnimationType: still ? "none" : "zoom",
    paddingFn: (size) => ({ top: 56, bottom: size.x < 600 ? 96 : 64, left: 0, right: 0 }),
    maxZoomLevel: 4,
    closeTitle: "Close (Esc)",
    zoomTitle: "Zoom",
    arrowPrevTitle: "Previous picture (left arrow)",
    arrowNextTitle: "Next picture (right arrow)",
    errorMsg: "The picture cannot be loaded",
  });

  lightbox.on("uiRegister", () => {
    const viewer = lightbox.pswp;
    viewer.ui.registerElement({
      name: "download",
      order: 8,
      isButton: true,
      tagName: "a",
      title: "Download at full size",
      ariaLabel: "Download at full size",
      html: {
        isCustomSVG: true,
        inner: '<path d="M20.5 14.3 17.1 18V10h-2.2v7.9l-3.4-3.6L10 16l6 6.1 6-6.1ZM23 23H9v2h14Z" id="pswp__icn-download"/>',
        outlineID: "pswp__icn-download",
      },
      onInit: (element) => {
        element.setAttribute("download", "");
        element.target = "_blank"; // from a disk a browser does not download but opens: then beside the gallery
        element.rel = "noopener";
        viewer.on("change", () => { element.href = viewer.currSlide.data.src; });
      },
    });
    viewer.ui.registerElement({
      name: "caption",
      order: 9,
      isButton: false,
      appendTo: "root",
      onInit: (element) => {
        element.setAttribute("aria-live", "polite");
        viewer.on("change", () => {
          const figure = viewer.currSlide.data.element.closest("figure");
          element.textContent = figure.querySelector("figcaption").textContent;
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
