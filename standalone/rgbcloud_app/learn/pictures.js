import { kmeans } from "./kmeans.js";

/** Pictures: reading them, which pixel belongs to which centre, painting them. */
export const pictures = (() => {
  const LARGEST = 512; // pixels of the longer side
  const SHOWN_ERROR = 4; // how many times the difference is enlarged

  /** Decode a file, at most so large, what is transparent on white. */
  async function decoded(blob, name) {
    const bitmap = await createImageBitmap(blob);
    const scale = Math.min(1, LARGEST / Math.max(bitmap.width, bitmap.height));
    const width = Math.max(1, Math.round(bitmap.width * scale));
    const height = Math.max(1, Math.round(bitmap.height * scale));
    const canvas = Object.assign(document.createElement("canvas"), { width, height });
    const context = canvas.getContext("2d", { willReadFrequently: true });
    context.fillStyle = "white";
    context.fillRect(0, 0, width, height);
    context.imageSmoothingQuality = "high";
    context.drawImage(bitmap, 0, 0, width, height);
    return { name, width, height, pixels: context.getImageData(0, 0, width, height).data };
  }

  /** Return the bytes that a base64 text stands for. */
  const bytesOf = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

  const colorAt = ({ pixels, width }, row, column) => {
    const at = 4 * (row * width + column);
    return [pixels[at], pixels[at + 1], pixels[at + 2]];
  };

  /** Return the number of the nearest centre of every pixel. */
  function labelsOf(pixels, centers) {
    const words = new Uint32Array(pixels.buffer);
    const labels = new Uint8Array(words.length);
    const { STEPS, MIDDLE } = kmeans;
    let last = 0; // no opaque pixel is 0
    let label = 0;
    for (let i = 0; i < words.length; i++) {
      const word = words[i];
      if (word !== last) {
        const red = ((word & 255) - MIDDLE) * STEPS;
        const green = (((word >> 8) & 255) - MIDDLE) * STEPS;
        label = kmeans.nearest(red, green, (((word >> 16) & 255) - MIDDLE) * STEPS, centers);
        last = word;
      }
      labels[i] = label;
    }
    return labels;
  }

  /** Paint a canvas: every pixel in its centre's colour, or how far that is from its own. */
  function paint(canvas, { width, height, pixels }, labels, colors, mode) {
    if (canvas.width !== width) canvas.width = width;
    if (canvas.height !== height) canvas.height = height;
    const context = canvas.getContext("2d");
    if (mode === "original" || !labels) {
      context.putImageData(new ImageData(pixels, width, height), 0, 0);
      return;
    }
    const image = new ImageData(width, height);
    const words = new Uint32Array(image.data.buffer);
    const table = Uint32Array.from({ length: colors.length / 3 }, (_, i) => wordOf(colors, 3 * i));
    if (mode === "difference") paintDifference(words, pixels, labels, colors);
    else for (let i = 0; i < words.length; i++) words[i] = table[labels[i]];
    context.putImageData(image, 0, 0);
  }

  function paintDifference(words, pixels, labels, colors) {
    for (let i = 0; i < words.length; i++) {
      const distance = Math.sqrt(kmeans.squared(pixels, 4 * i, colors, 3 * labels[i]));
      const grey = Math.min(255, Math.round(SHOWN_ERROR * distance));
      words[i] = 0xff000000 | (grey << 16) | (grey << 8) | grey;
    }
  }

  /** Return a colour as ImageData holds it on all machines in use: the lowest byte is red. */
  const wordOf = (colors, at) => 0xff000000 | (colors[at + 2] << 16) | (colors[at + 1] << 8) | colors[at];

  const isLight = ([red, green, blue]) => 0.299 * red + 0.587 * green + 0.114 * blue > 140;

  /** Return where a piece of so many rows and columns is the most colourful. */
  function liveliest(picture, rows, columns) {
    const { width, height } = picture;
    let found = { top: 0, left: 0, spread: -1 };
    for (let top = 0; top + rows <= height; top += rows) {
      for (let left = 0; left + columns <= width; left += columns) {
        const spread = spreadOf(picture, top, left, rows, columns);
        if (spread > found.spread) found = { top, left, spread };
      }
    }
    return found;
  }

  function spreadOf(picture, top, left, rows, columns) {
    const sums = [0, 0, 0];
    let squares = 0;
    for (let i = 0; i < rows * columns; i++) {
      const color = colorAt(picture, top + Math.floor(i / columns), left + (i % columns));
      for (let axis = 0; axis < 3; axis++) {
        sums[axis] += color[axis];
        squares += color[axis] ** 2;
      }
    }
    return squares - sums.reduce((sum, value) => sum + value ** 2, 0) / (rows * columns);
  }

  /** Return a picture's pixels with a small balloon in a colour that is far from all of them. */
  function withBalloon({ width, height, pixels }, histogram) {
    const color = farthest(histogram);
    const painted = pixels.slice();
    const radius = Math.max(2, Math.min(width, height) / 30);
    const [x, y] = [width * 0.16, height * 0.26];
    const inside = [];
    const next = kmeans.random(1);
    for (let i = 0; i < width * height; i++) {
      const [dx, dy] = [((i % width) - x) / radius, (Math.floor(i / width) - y) / radius];
      const left = 1 - dx * dx - dy * dy;
      if (left <= 0) continue;
      const shade = 0.85 + 0.15 * Math.max(0, 0.62 * Math.sqrt(left) - 0.5 * dx - 0.6 * dy);
      color.forEach((level, axis) => {
        painted[4 * i + axis] = level * shade + GRAIN * (next() - 0.5);
      });
      inside.push(i);
    }
    return { pixels: painted, inside, color, x: x / width, y: y / height, radius: radius / width };
  }

  const GRAIN = 24; // levels, so that hardly two of its pixels are alike: as in a photograph

  const PAINTS = [
    [150, 30, 255],
    [255, 20, 170],
    [20, 220, 40],
    [255, 230, 20],
    [20, 120, 255],
    [255, 40, 30],
  ];

  /** Return the paint whose nearest colour in a histogram is the farthest. */
  function farthest({ codes }) {
    const distances = PAINTS.map(([red, green, blue]) => {
      let least = Infinity;
      for (const code of codes) {
        const [r, g, b] = [(code >> 16) - red, ((code >> 8) & 255) - green, (code & 255) - blue];
        least = Math.min(least, r * r + g * g + b * b);
      }
      return least;
    });
    return PAINTS[distances.indexOf(Math.max(...distances))];
  }

  /** Return how many bytes an indexed PNG of labels takes, and its parts. */
  async function pngSize({ width, height }, labels, k) {
    const depth = [1, 2, 4, 8].find((bits) => 2 ** bits >= k);
    const perByte = 8 / depth;
    const stride = 1 + Math.ceil(width / perByte); // the first byte of a row says how it is filtered: not
    const rows = new Uint8Array(height * stride);
    for (let i = 0; i < labels.length; i++) {
      const [row, column] = [Math.floor(i / width), i % width];
      const shift = 8 - depth * (1 + (column % perByte));
      rows[row * stride + 1 + Math.floor(column / perByte)] |= labels[i] << shift;
    }
    const packed = new Blob([rows]).stream().pipeThrough(new CompressionStream("deflate"));
    const indices = (await new Response(packed).arrayBuffer()).byteLength;
    const wrapping = 8 + 25 + 12 + 12 + 12; // signature, header, and what frames the three other parts
    return { bytes: wrapping + 3 * k + indices, palette: 3 * k, indices, depth };
  }

  /** Return how many bytes a PNG with all colours takes. */
  async function fullSize(picture) {
    const canvas = document.createElement("canvas");
    paint(canvas, picture, null, null, "original");
    return (await new Promise((done) => canvas.toBlob(done, "image/png"))).size;
  }

  return {
    decoded,
    bytesOf,
    colorAt,
    labelsOf,
    paint,
    wordOf,
    isLight,
    liveliest,
    withBalloon,
    pngSize,
    fullSize,
  };
})();
