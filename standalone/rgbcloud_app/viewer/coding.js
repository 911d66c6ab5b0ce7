/** Bytes as texts hold them, colours as images hold them. */
export const coding = {
  /** Return the bytes that a base64 text stands for. */
  bytesOf: (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)),

  /** Return a colour as ImageData holds it on all machines in use: the lowest byte is red. */
  wordOf: (colors, at) => 0xff000000 | (colors[at + 2] << 16) | (colors[at + 1] << 8) | colors[at],

  isLight: ([red, green, blue]) => 0.299 * red + 0.587 * green + 0.114 * blue > 140,
};
