// Geometry and pictures of the sphere: where the viewer stands, its shading, its meridians.
(function () {
  "use strict";
  const { rgb } = ATLAS;
  const LIGHT = [-0.45, 0.6, 0.66].map((x) => x / Math.hypot(0.45, 0.6, 0.66)); // as in the figures: from the upper left
  const AMBIENT = 0.74;

  // Rows: to the right, upwards, towards the viewer.
  function axesOf(view) {
    const a = (view.azimuth * Math.PI) / 180, e = (view.elevation * Math.PI) / 180;
    return [
      [-Math.sin(a), Math.cos(a), 0],
      [-Math.sin(e) * Math.cos(a), -Math.sin(e) * Math.sin(a), Math.cos(e)],
      [Math.cos(e) * Math.cos(a), Math.cos(e) * Math.sin(a), Math.sin(e)],
    ];
  }

  function project(axes, x, y, z) {
    return axes.map((axis) => axis[0] * x + axis[1] * y + axis[2] * z);
  }

  // 256 colours of <x, Dx>, mixed with white: dark points stay readable on all of them.
  function formColours() {
    return Array.from({ length: 256 }, (_, k) => rgb(d3.interpolateCividis(k / 255)).map((c) => 0.62 * c + 0.38 * 255));
  }

  // Picture of the sphere that fills a square of `pixels`; the offscreen canvas is kept between calls.
  function paintSphere(canvas, pixels, axes, matrix, range, colours) {
    canvas.width = canvas.height = pixels;
    const context = canvas.getContext("2d");
    const image = context.createImageData(pixels, pixels);
    const flat = new Uint8ClampedArray(image.data.buffer);
    const [low, high] = range || [0, 1];
    // D in the coordinates of the screen: three dot products a pixel become one form
    const times = (row, q) => row.reduce((sum, entry, j) => sum + entry * q[j], 0);
    const local = matrix ? axes.map((p) => axes.map((q) => times(p, matrix.map((row) => times(row, q))))) : null;
    for (let row = 0; row < pixels; row += 1) {
      const v = 1 - ((row + 0.5) / pixels) * 2;
      for (let column = 0; column < pixels; column += 1) {
        const u = ((column + 0.5) / pixels) * 2 - 1;
        const radius = Math.hypot(u, v);
        const cover = Math.min(1, Math.max(0, ((1 - radius) * pixels) / 2 + 0.5));
        if (!cover) continue;
        const w = Math.sqrt(Math.max(0, 1 - radius * radius));
        let colour = null;
        if (local) {
          const form = local[0][0] * u * u + local[1][1] * v * v + local[2][2] * w * w
            + 2 * (local[0][1] * u * v + local[0][2] * u * w + local[1][2] * v * w);
          colour = colours[Math.min(255, Math.max(0, Math.round(((form - low) / (high - low)) * 255)))];
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

  Object.assign(ATLAS, { GRATICULE, axesOf, formColours, paintSphere, project });
})();
