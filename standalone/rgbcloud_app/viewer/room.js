import { coding } from "./coding.js";
import { marks } from "./marks.js";
import { between, motion } from "./motion.js";
import { spaces } from "./spaces.js";

/** Colours as points in a room that can be turned, drawn without a graphics card. */
export class Room {
  static HOME = { yaw: -0.56, pitch: 0.33, zoom: 1 };

  constructor(canvas) {
    this.canvas = canvas;
    this.context = canvas.getContext("2d");
    this.layer = document.createElement("canvas"); // what points are drawn on
    this.camera = { ...Room.HOME };
    this.count = 0; // points
    this.sizes = null; // of the points, 1 being usual
    this.hidden = null; // by point: 1 if it is not shown
    this.detour = null; // returns where on the canvas a point is that does not lie in the room
    this.centers = []; // {levels, color, name}: where one is, and the colour that it gives its pixels
    this.trails = []; // the levels of all centres, step by step
    this.selected = -1;
    this.space = this.from = "rgb";
    this.part = 1; // of the way from one space into another
    this.foot = 0; // CSS pixels at the lower edge that are left free
    this.resize();
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

  /** Show points of such colours, levels one after the other. */
  setColors(colors) {
    this.count = colors.length / 3;
    this.colors = colors;
    this.places = {};
    this.places.rgb = this.placed("rgb");
    this.at = this.placed(this.space).slice();
    this.shown = colors.slice();
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

  /** Let points change to other colours. */
  show(colors, isSudden) {
    const before = this.shown.slice();
    motion.run("colors", isSudden ? 1 : 450, (part) => {
      this.shown = colors.map((level, i) => before[i] + (level - before[i]) * part);
      this.redraw();
    });
  }

  /** Let centres, {levels, color, name}, glide to where they are; `isSudden` while they are dragged. */
  moveCenters(centers, trails, isSudden) {
    const before = this.centers;
    const isGliding = before.length === centers.length && !isSudden;
    this.trails = trails;
    motion.run("centers", isGliding ? 500 : 1, (part) => {
      this.centers = centers.map((center, i) => ({
        ...center,
        levels: isGliding ? between(before[i].levels, center.levels, part) : center.levels,
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
    // Places in the numbers of a file are told of points only: its cube has straight edges, too.
    const place = (space) => spaces.place(space === "file" ? "rgb" : space, color);
    return this.part < 1 ? between(place(this.from), place(this.space), this.part) : place(this.space);
  }

  redraw() {
    if (this.isWaiting) return;
    this.isWaiting = true;
    requestAnimationFrame(() => {
      this.isWaiting = false;
      if (this.image && this.count) this.draw();
    });
  }

  /** Clear the canvas and take the place of the camera. */
  look() {
    this.context.clearRect(0, 0, this.width, this.height);
    const room = this.height - this.foot * this.scale;
    this.middle = room / 2;
    this.focus = Math.min(this.width / 1.95, room / 1.8) * this.camera.zoom;
    this.turn = [this.camera.yaw, this.camera.pitch].flatMap((angle) => [Math.cos(angle), Math.sin(angle)]);
  }

  draw() {
    this.look();
    marks.drawEdges(this, true);
    this.drawPoints();
    marks.drawEdges(this, false);
    marks.drawNames(this);
    marks.drawTrails(this);
    marks.drawCenters(this);
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

  radiusOf(point, size) {
    const radius = (this.scale * 1.7 * size * (this.sizes?.[point] ?? 1)) / this.focus;
    return Math.max(1, Math.round(radius));
  }

  /** Draw all points, the near ones in front of the far ones, pixel by pixel. */
  drawPoints() {
    const { width, height, middle, count, at, shown, hidden, detour } = this;
    const [cosYaw, sinYaw, cosPitch, sinPitch] = this.turn;
    const words = new Uint32Array(this.image.data.buffer).fill(0);
    this.depths.fill(Infinity);
    for (let i = 0; i < count; i++) {
      if (hidden?.[i]) continue;
      const [x, y, z] = [at[3 * i], at[3 * i + 1], at[3 * i + 2]];
      const flat = x * sinYaw + y * cosYaw;
      const away = flat * cosPitch - z * sinPitch;
      const size = this.focus / (1 + away / 3);
      let column = width / 2 + (x * cosYaw - y * sinYaw) * size;
      let row = middle - (flat * sinPitch + z * cosPitch) * size;
      if (detour) [column, row] = detour(i, column, row);
      const word = coding.wordOf(shown, 3 * i);
      this.drawDot(words, Math.round(column), Math.round(row), this.radiusOf(i, size), away, word);
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

  /** Return the number of the point that is seen at a place of the canvas, or -1. */
  pointAt(x, y) {
    let found = -1;
    let nearest = Infinity;
    for (let i = 0; i < this.count; i++) {
      if (this.hidden?.[i]) continue;
      const [column, row, size, away] = this.onScreen(this.at.subarray(3 * i, 3 * i + 3));
      const distance = Math.hypot(column - x * this.scale, row - y * this.scale);
      if (away < nearest && distance <= this.radiusOf(i, size) + 1) [found, nearest] = [i, away];
    }
    return found;
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
}
