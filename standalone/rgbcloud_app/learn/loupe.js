import { pictures } from "./pictures.js";

/** The picture, large, and a few of its pixels, larger: where one pixel is looked at. */
export const loupe = {
  ROWS: 9,
  COLUMNS: 12,

  /** Return where the picture lies on a cloud's canvas. */
  frame({ width, height, scale, picture }) {
    const room = 16 * scale;
    const size = Math.min((width - 2 * room) / picture.width, (height - 2 * room) / picture.height);
    const [w, h] = [picture.width * size, picture.height * size];
    return { x: (width - w) / 2, y: (height - h) / 2, width: w, height: h, size };
  },

  /** Return where the enlarged piece lies on a cloud's canvas: on the side where the piece is not. */
  piece(cloud) {
    const { width, height, scale } = cloud;
    const { rows, columns, left } = this.block;
    const cell = Math.floor(
      Math.min((width * (width < 600 * scale ? 0.5 : 0.38)) / (columns + 1), (height * 0.86) / (rows + 1)),
    );
    const isRight = left + columns / 2 < cloud.picture.width / 2;
    const x = isRight ? width - cell * columns - 20 * scale : cell + 20 * scale;
    return { x, y: (height - cell * (rows - 1)) / 2, cell };
  },

  /** Look at a pixel; the enlarged piece moves along where it has to. */
  look(picture, row, column) {
    const rows = Math.min(this.ROWS, picture.height);
    const columns = Math.min(this.COLUMNS, picture.width);
    const block = this.block?.picture === picture ? this.block : { top: row - 5, left: column - 3 };
    const within = (start, length, place, all) =>
      Math.max(0, Math.min(all - length, Math.min(place, Math.max(start, place - length + 1))));
    const top = within(block.top, rows, row, picture.height);
    const left = within(block.left, columns, column, picture.width);
    this.block = { picture, top, left, rows, columns };
    this.pixel = { row, column };
  },

  /** Return the pixel at a place of the canvas, in the enlarged piece or in the picture; else null. */
  pixelAt(cloud, x, y) {
    const { rows, columns, top, left } = this.block;
    const piece = this.piece(cloud);
    const [column, row] = [Math.floor((x - piece.x) / piece.cell), Math.floor((y - piece.y) / piece.cell)];
    if (row >= 0 && row < rows && column >= 0 && column < columns)
      return { row: top + row, column: left + column };
    const frame = this.frame(cloud);
    const place = {
      row: Math.floor((y - frame.y) / frame.size),
      column: Math.floor((x - frame.x) / frame.size),
    };
    const { width, height } = cloud.picture;
    return place.row >= 0 && place.row < height && place.column >= 0 && place.column < width ? place : null;
  },

  draw(cloud) {
    const { context, scale, picture } = cloud;
    const frame = this.frame(cloud);
    this.source ??= document.createElement("canvas");
    pictures.paint(this.source, picture, null, null, "original");
    context.drawImage(this.source, frame.x, frame.y, frame.width, frame.height);
    const { rows, columns, top, left } = this.block;
    const piece = this.piece(cloud);
    const small = [
      frame.x + left * frame.size,
      frame.y + top * frame.size,
      columns * frame.size,
      rows * frame.size,
    ];
    const large = [piece.x, piece.y, columns * piece.cell, rows * piece.cell];
    context.lineWidth = 1.5 * scale;
    context.strokeStyle = "#ffffff";
    context.strokeRect(...small);
    const isRight = large[0] > small[0];
    context.beginPath();
    for (const end of [0, 1]) {
      context.moveTo(small[0] + (isRight ? small[2] : 0), small[1] + end * small[3]);
      context.lineTo(large[0] + (isRight ? 0 : large[2]), large[1] + end * large[3]);
    }
    context.stroke();
    this.drawPiece(cloud, piece);
    context.strokeRect(...large);
  },

  drawPiece({ context, scale, picture }, { x, y, cell }) {
    const { rows, columns, top, left } = this.block;
    context.fillStyle = "#202224d0";
    context.fillRect(x - cell, y - cell, cell * (columns + 1), cell * (rows + 1));
    context.font = `${Math.min(cell * 0.5, 12 * scale)}px system-ui, sans-serif`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    const [pixelRow, pixelColumn] = [this.pixel.row - top, this.pixel.column - left];
    const number = (index, isChosen, column, row) => {
      context.fillStyle = isChosen ? "#ffd54a" : "#d8dce0";
      context.fillText(`${index + 1}`, x + (column + 0.5) * cell, y + (row + 0.5) * cell);
    };
    for (let row = 0; row < rows; row++) number(row, row === pixelRow, -1, row);
    for (let column = 0; column < columns; column++) number(column, column === pixelColumn, column, -1);
    for (let i = 0; i < rows * columns; i++) {
      const [row, column] = [Math.floor(i / columns), i % columns];
      context.fillStyle = `rgb(${pictures.colorAt(picture, top + row, left + column)})`;
      context.fillRect(x + column * cell, y + row * cell, cell - 1, cell - 1);
    }
    context.strokeStyle = "#ffd54a";
    context.lineWidth = 3 * scale;
    context.strokeRect(x + pixelColumn * cell, y + pixelRow * cell, cell, cell);
    context.strokeStyle = "#ffffff";
    context.lineWidth = 1.5 * scale;
  },
};
