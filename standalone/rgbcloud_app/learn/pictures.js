import { coding } from "../viewer/coding.js";
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

  const colorAt = ({ pixels, width }, row, column) => {
    const at = 4 * (row * width + column);
    return [pixels[at], pixels[at + 1], pixels[at + 2]];
  };

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
    const table = Uint32Array.from({ length: colors.length / 3 }, (_, i) => coding.wordOf(colors, 3 * i));
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

  return { decoded, colorAt, paint, liveliest };
})();
