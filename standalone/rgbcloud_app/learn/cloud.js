import { marks } from "../viewer/marks.js";
import { between, motion } from "../viewer/motion.js";
import { Room } from "../viewer/room.js";
import { loupe } from "./loupe.js";
import { pictures } from "./pictures.js";

/** The pixels of a picture in a room, and on their way into it. */
export class Cloud extends Room {
  static MOST = 24000; // points

  constructor(canvas) {
    super(canvas);
    this.flight = 1; // 0: points lie in the picture, 1: in the room
    this.shows = "picture"; // or "pixel", "cloud"
    this.foot = 40; // the status lies there
  }

  /** Show some of the pixels of a picture, evenly scattered. */
  setPicture(picture) {
    const total = picture.width * picture.height;
    const count = Math.min(total, Cloud.MOST);
    this.chosen = Int32Array.from({ length: count }, (_, i) => Math.floor(((i + 0.5) * total) / count));
    const colors = new Uint8ClampedArray(3 * count);
    this.homes = new Float32Array(2 * count); // in the picture, -0.5 … 0.5
    this.chosen.forEach((pixel, i) => {
      const [row, column] = [Math.floor(pixel / picture.width), pixel % picture.width];
      colors.set(pictures.colorAt(picture, row, column), 3 * i);
      this.homes.set([(column + 0.5) / picture.width - 0.5, (row + 0.5) / picture.height - 0.5], 2 * i);
    });
    this.picture = picture;
    this.setColors(colors);
  }

  /** Let points change to other colours: those of the pixels' centres, or their own. */
  recolor(labels, colors, isSudden) {
    const after = this.colors.slice();
    if (labels && colors) {
      this.chosen.forEach((pixel, i) => {
        after.set(colors.subarray(3 * labels[pixel], 3 * labels[pixel] + 3), 3 * i);
      });
    }
    this.show(after, isSudden);
  }

  /** Let pixels fly from the picture into the room, or back. */
  fly(isThere, done) {
    const [before, after] = [this.flight, isThere ? 1 : 0];
    motion.run(
      "flight",
      2200,
      (part) => {
        this.flight = before + (after - before) * part;
        this.redraw();
      },
      done,
    );
  }

  draw() {
    if (this.shows === "cloud" && this.flight === 1) {
      this.detour = null;
      super.draw();
      return;
    }
    this.look();
    if (this.shows === "picture") loupe.draw(this);
    else if (this.shows === "pixel") this.drawPixel();
    else {
      const frame = loupe.frame(this);
      this.detour = (i, column, row) => this.onTheWay(i, frame, column, row);
      this.drawPoints();
    }
  }

  /** Draw one point in the room, and how it is found there. */
  drawPixel() {
    for (const isBehind of [true, false]) marks.drawEdges(this, isBehind);
    marks.drawNames(this);
    marks.drawLegs(this);
  }

  /** Return where on the canvas a point is that flies between the picture's frame and the room. */
  onTheWay(i, frame, column, row) {
    const late = (((i * 7919) % 1000) / 1000) * 0.6;
    const part = Math.min(1, Math.max(0, this.flight * 1.6 - late));
    const home = [
      frame.x + (this.homes[2 * i] + 0.5) * frame.width,
      frame.y + (this.homes[2 * i + 1] + 0.5) * frame.height,
    ];
    return between(home, [column, row], part * part * (3 - 2 * part));
  }

  /** Return the colour, levels, that a centre has when it is dragged along the screen, in RGB. */
  dragged(index, dx, dy) {
    const place = this.placeOf(this.centers[index].levels);
    const size = this.onScreen(place)[2] / this.scale;
    const [cosYaw, sinYaw, cosPitch, sinPitch] = this.turn;
    const [right, up] = [dx / size, -dy / size];
    const moved = [
      place[0] + right * cosYaw + up * sinPitch * sinYaw,
      place[1] - right * sinYaw + up * sinPitch * cosYaw,
      place[2] + up * cosPitch,
    ];
    return moved.map((value) => Math.min(255, Math.max(0, (value + 0.5) * 255)));
  }
}
