import { loupe } from "./loupe.js";
import { marks } from "./marks.js";
import { between, motion } from "./motion.js";
import { pictures } from "./pictures.js";
import { spaces } from "./spaces.js";

/** The colours of a picture as points in a room, drawn without a graphics card. */
export class Cloud {
  static MOST = 24000; // points
  static HOME = { yaw: -0.56, pitch: 0.33, zoom: 1 };

  constructor(canvas) {
    this.canvas = canvas;
    this.context = canvas.getContext("2d");
    this.layer = document.createElement("canvas"); // what points are drawn on
    this.camera = { ...Cloud.HOME };
    this.flight = 1; // 0: points lie in the picture, 1: in the room
    this.shows = "picture"; // or "pixel", "cloud"
    this.centers = []; // {levels, color}: where one is, and the colour that it gives its pixels
    this.trails = [];
    this.selected = -1;
    this.space = this.from = "rgb";
    this.part = 1; // of the way from one space into another
    new ResizeObserver(() => this.resize()).observe(canvas);
  }

  resize() {
    this.scale = Math.max(2, Math.min(3, devicePixelRatio)); // finer than the screen: smooth edges
    this.width = Math.round(this.canvas.clientWidth * this.scale);
    this.height = Math.round(this.canvas.clientHeight * this.scale);
    for (const canvas of [this.canvas, this.layer])
      Object.assign(canvas, { width: this.width, height: this.height });
    this.image = this.width && this.height ? new ImageData(this.width, this.height) : null;
    this.depths = new Float32Array(this.width * this.height);
    this.redraw();
  }

  /** Show some of the pixels of a picture, evenly scattered. */
  setPicture(picture) {
    const total = picture.width * picture.height;
    this.count = Math.min(total, Cloud.MOST);
    this.chosen = Int32Array.from({ length: this.count }, (_, i) =>
      Math.floor(((i + 0.5) * total) / this.count),
    );
    this.places = {};
    this.colors = new Uint8ClampedArray(3 * this.count);
    this.homes = new Float32Array(2 * this.count); // in the picture, -0.5 … 0.5
    this.chosen.forEach((pixel, i) => {
      const [row, column] = [Math.floor(pixel / picture.width), pixel % picture.width];
      this.colors.set(pictures.colorAt(picture, row, column), 3 * i);
      this.homes.set([(column + 0.5) / picture.width - 0.5, (row + 0.5) / picture.height - 0.5], 2 * i);
    });
    this.picture = picture;
    this.places.rgb = this.placed("rgb");
    this.at = this.placed(this.space).slice();
    this.shown = this.colors.slice();
    this.redraw();
  }

  placed(space) {
    if (!this.places[space]) {
      const places = new Float32Array(3 * this.count);
      for (let i = 0; i < places.length; i += 3) {
        places.set(spaces.place(space, Array.from(this.colors.subarray(i, i + 3))), i);
      }
      this.places[space] = places;
    }
    return this.places[space];
  }

  /** Let points change to other colours: those of the pixels' centres, or their own. */
  recolor(labels, colors, isSudden) {
    const before = this.shown.slice();
    const after = this.colors.slice();
    if (labels && colors) {
      this.chosen.forEach((pixel, i) => {
        after.set(colors.subarray(3 * labels[pixel], 3 * labels[pixel] + 3), 3 * i);
      });
    }
    motion.run("colors", isSudden ? 1 : 450, (part) => {
      this.shown = after.map((level, i) => before[i] + (level - before[i]) * part);
      this.redraw();
    });
  }

  /** Let centres, {levels, color}, glide to where they are; `isSudden` while they are dragged. */
  moveCenters(centers, trails, isSudden) {
    const before = this.centers;
    const isGliding = before.length === centers.length && !isSudden;
    this.trails = trails;
    motion.run("centers", isGliding ? 500 : 1, (part) => {
      this.centers = centers.map(({ levels, color }, i) => ({
        color,
        levels: isGliding ? between(before[i].levels, levels, part) : levels,
      }));
      this.redraw();
    });
  }

  /** Let the room change into another space. */
  morph(space) {
    if (space === this.space) return;
    const [before, after] = [this.at.slice(), this.placed(space)];
    this.from = this.space;
    this.space = space;
    motion.run("morph", 1400, (part) => {
      this.part = part;
      this.at = after.map((value, i) => before[i] + (value - before[i]) * part);
      this.redraw();
    });
  }

  /** Return where a colour is now, also while the room changes. */
  placeOf(color) {
    const place = spaces.place(this.space, color);
    return this.part < 1 ? between(spaces.place(this.from, color), place, this.part) : place;
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

  redraw() {
    if (this.isWaiting) return;
    this.isWaiting = true;
    requestAnimationFrame(() => {
      this.isWaiting = false;
      if (this.image && this.picture) this.draw();
    });
  }

  draw() {
    this.context.clearRect(0, 0, this.width, this.height);
    const room = this.height - 40 * this.scale; // the status lies below
    this.middle = room / 2;
    this.focus = Math.min(this.width / 1.75, room / 1.8) * this.camera.zoom;
    this.turn = [this.camera.yaw, this.camera.pitch].flatMap((angle) => [Math.cos(angle), Math.sin(angle)]);
    if (this.shows === "picture") {
      loupe.draw(this);
      return;
    }
    const isThere = this.flight === 1;
    if (isThere) marks.drawEdges(this, true);
    if (this.shows === "cloud") this.drawPoints();
    if (isThere) {
      marks.drawEdges(this, false);
      marks.drawNames(this);
      if (this.shows === "pixel") marks.drawLegs(this);
      marks.drawTrails(this);
      marks.drawCenters(this);
    }
  }

  /** Return a place as seen: to the right, away, upwards. */
  seen([x, y, z]) {
    const [cosYaw, sinYaw, cosPitch, sinPitch] = this.turn;
    const away = x * sinYaw + y * cosYaw;
    return [x * cosYaw - y * sinYaw, away * cosPitch - z * sinPitch, away * sinPitch + z * cosPitch];
  }

  /** Return where on the canvas a place is, and how large things are there. */
  onScreen(place) {
    const [right, away, up] = this.seen(place);
    const size = this.focus / (1 + away / 3);
    return [this.width / 2 + right * size, this.middle - up * size, size, away];
  }

  /** Draw all points, the near ones in front of the far ones, pixel by pixel. */
  drawPoints() {
    const { width, height, middle, count, at, shown, flight, homes } = this;
    const [cosYaw, sinYaw, cosPitch, sinPitch] = this.turn;
    const words = new Uint32Array(this.image.data.buffer).fill(0);
    this.depths.fill(Infinity);
    const frame = loupe.frame(this);
    for (let i = 0; i < count; i++) {
      const [x, y, z] = [at[3 * i], at[3 * i + 1], at[3 * i + 2]];
      const flat = x * sinYaw + y * cosYaw;
      const away = flat * cosPitch - z * sinPitch;
      const size = this.focus / (1 + away / 3);
      let column = width / 2 + (x * cosYaw - y * sinYaw) * size;
      let row = middle - (flat * sinPitch + z * cosPitch) * size;
      if (flight < 1) {
        const late = (((i * 7919) % 1000) / 1000) * 0.6;
        const part = Math.min(1, Math.max(0, flight * 1.6 - late));
        const home = [
          frame.x + (homes[2 * i] + 0.5) * frame.width,
          frame.y + (homes[2 * i + 1] + 0.5) * frame.height,
        ];
        [column, row] = between(home, [column, row], part * part * (3 - 2 * part));
      }
      const radius = Math.max(1, Math.round((this.scale * 1.7 * size) / this.focus));
      this.drawDot(words, Math.round(column), Math.round(row), radius, away, pictures.wordOf(shown, 3 * i));
    }
    const layer = this.layer.getContext("2d");
    layer.putImageData(this.image, 0, 0);
    this.context.drawImage(this.layer, 0, 0, width, height);
  }

  /** Draw a disc with a darker rim, where nothing is in front of it. */
  drawDot(words, column, row, radius, away, word) {
    if (column < radius || row < radius || column >= this.width - radius || row >= this.height - radius)
      return;
    const rim = (((word >> 1) & 0x7f7f7f) + ((word >> 2) & 0x3f3f3f)) | 0xff000000;
    for (let dy = -radius; dy <= radius; dy++) {
      const reach = Math.round(Math.sqrt(radius * radius + radius - dy * dy));
      const middle = (row + dy) * this.width + column;
      for (let place = middle - reach; place <= middle + reach; place++) {
        if (this.depths[place] <= away) continue;
        this.depths[place] = away;
        const isRim =
          radius > 1 && (place === middle - reach || place === middle + reach || dy * dy === radius * radius);
        words[place] = isRim ? rim : word;
      }
    }
  }

  /** Return the number of the centre under a place of the canvas, or -1. */
  centerAt(x, y) {
    let found = -1;
    let least = 24;
    this.centers.forEach(({ levels }, i) => {
      const [column, row] = this.onScreen(this.placeOf(levels));
      const distance = Math.hypot(column / this.scale - x, row / this.scale - y);
      if (distance < least) {
        least = distance;
        found = i;
      }
    });
    return found;
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
