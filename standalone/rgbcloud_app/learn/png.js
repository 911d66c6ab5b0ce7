import { pictures } from "./pictures.js";

/** How many bytes a picture takes as a PNG file, where that is not known beforehand. */
export const png = (() => {
  /** Return how many bytes an indexed PNG of labels takes, and its parts. */
  async function indexedSize({ width, height }, labels, k) {
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
    pictures.paint(canvas, picture, null, null, "original");
    return (await new Promise((done) => canvas.toBlob(done, "image/png"))).size;
  }

  return { indexedSize, fullSize };
})();
