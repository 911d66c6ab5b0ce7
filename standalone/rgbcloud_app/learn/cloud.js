import { kmeans } from "./kmeans.js";
import { loupe } from "./loupe.js";
import { pictures } from "./pictures.js";
import { spaces } from "./spaces.js";

/** Motion that heeds the wish for less of it: with that, everything is where it goes at once. */
export const motion = {
  wish: matchMedia("(prefers-reduced-motion: reduce)"),
  running: new Map(),

  /** Call `step` with 0 … 1, eased, until it is over; another one of the same name ends it. */
  run(name, milliseconds, step, done = () => {}) {
    cancelAnimationFrame(this.running.get(name));
    if (this.wish.matches) {
      step(1);
      done();
      return;
    }
    const begin = performance.now();
    const frame = (now) => {
      const part = Math.min(1, Math.max(0, (now - begin) / milliseconds));
      step(part * part * (3 - 2 * part));
      if (part < 1) this.running.set(name, requestAnimationFrame(frame));
      else done();
    };
    this.running.set(name, requestAnimationFrame(frame));
  },
};

/** The colours of a picture as points in a room, drawn without a graphics card. */
export class Cloud {
  static MOST = 24000; // points
  static AXES = ["#ff6b66", "#5be38a", "#6db3ff"];
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
    const room = this.height - 36 * this.scale; // the status lies below
    this.middle = room / 2;
    this.focus = Math.min(this.width / 1.75, room / 1.72) * this.camera.zoom;
    this.turn = [this.camera.yaw, this.camera.pitch].flatMap((angle) => [Math.cos(angle), Math.sin(angle)]);
    if (this.shows === "picture") {
      loupe.draw(this);
      return;
    }
    const edges = this.flight === 1 ? this.edges() : [];
    for (const edge of edges) if (edge.isBehind) this.drawLine(edge.points, edge.color, 1);
    if (this.shows === "cloud") this.drawPoints();
    for (const edge of edges) if (!edge.isBehind) this.drawLine(edge.points, edge.color, 1);
    if (this.flight < 1) return;
    this.drawAxes();
    if (this.shows === "pixel") this.drawLegs();
    this.drawTrails();
    this.drawCenters();
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

  /** Return the twelve edges of the cube of all colours, bent where the space bends them. */
  edges() {
    const found = [];
    for (let axis = 0; axis < 3; axis++) {
      for (const [one, other] of [
        [0, 0],
        [0, 255],
        [255, 0],
        [255, 255],
      ]) {
        const points = Array.from({ length: 13 }, (_, i) => {
          const color = [0, 0, 0];
          color[axis] = (255 * i) / 12;
          color[(axis + 1) % 3] = one;
          color[(axis + 2) % 3] = other;
          return this.placeOf(color);
        });
        const isAxis = one + other === 0;
        found.push({
          points,
          isBehind: isAxis || this.seen(points[6])[1] > 0,
          color: isAxis ? Cloud.AXES[axis] : "#ffffff3d",
        });
      }
    }
    return found;
  }

  drawLine(places, color, width) {
    const { context } = this;
    context.beginPath();
    for (const place of places) context.lineTo(...this.onScreen(place).slice(0, 2));
    context.strokeStyle = color;
    context.lineWidth = width * this.scale;
    context.stroke();
  }

  drawText(text, place, color, dx = 0, dy = 0) {
    const { context, scale } = this;
    const [x, y] = this.onScreen(place);
    context.font = `600 ${13 * scale}px system-ui, sans-serif`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.strokeStyle = "#202224";
    context.lineWidth = 3 * scale;
    context.strokeText(text, x + dx * scale, y + dy * scale);
    context.fillStyle = color;
    context.fillText(text, x + dx * scale, y + dy * scale);
  }

  drawAxes() {
    const ends = [
      [255, 0, 0],
      [0, 255, 0],
      [0, 0, 255],
    ];
    ["red", "green", "blue"].forEach((name, axis) => {
      const offsets = [
        [24, 12],
        [22, -12],
        [-26, -8],
      ][axis];
      this.drawText(name, this.placeOf(ends[axis]), Cloud.AXES[axis], ...offsets);
    });
    this.drawText("black", this.placeOf([0, 0, 0]), "#b8bcc0", -12, 14);
    this.drawText("white", this.placeOf([255, 255, 255]), "#ffffff", 0, -14);
  }

  /** Draw the way from black to a pixel's point: so far to the right, to the back, and up. */
  drawLegs() {
    const [red, green, blue] = this.spot;
    const corners = [
      [0, 0, 0],
      [red, 0, 0],
      [red, green, 0],
      [red, green, blue],
    ].map((color) => this.placeOf(color));
    this.spot.forEach((level, axis) => {
      this.drawLine(corners.slice(axis, axis + 2), Cloud.AXES[axis], 4);
      const middle = between(corners[axis], corners[axis + 1], 0.5);
      this.drawText((level / 255).toFixed(2), middle, Cloud.AXES[axis], [0, 30, 30][axis], [18, 10, 0][axis]);
    });
    this.drawBall(corners[3], this.spot, "", 13, false);
  }

  drawTrails() {
    const steps = this.trails.concat([null]);
    this.centers.forEach(({ levels }, i) => {
      const path = steps.map((past) =>
        this.placeOf(past ? kmeans.toLevels(past.slice(3 * i, 3 * i + 3)) : levels),
      );
      if (path.length > 1) this.drawLine(path, "#ffffffb0", 1.5);
    });
  }

  drawCenters() {
    const most = this.centers.length > 16 ? 9 : 12;
    const radius = Math.min(most, Math.max(7, this.focus / this.scale / 18));
    const order = this.centers.map(({ levels, color }, i) => ({ i, color, place: this.placeOf(levels) }));
    order.sort((one, other) => this.seen(other.place)[1] - this.seen(one.place)[1]);
    for (const { i, color, place } of order)
      this.drawBall(place, color, `${i + 1}`, radius, i === this.selected);
  }

  drawBall(place, color, name, radius, isSelected) {
    const { context, scale } = this;
    const [x, y] = this.onScreen(place);
    const ring = (size, fill) => {
      context.beginPath();
      context.arc(x, y, size * scale, 0, 7);
      context.fillStyle = fill;
      context.fill();
    };
    if (isSelected) ring(radius + 6, "#ffd54a");
    ring(radius + 3.5, "#1b1c1e");
    ring(radius + 2, "#ffffff");
    ring(radius, `rgb(${color})`);
    context.font = `700 ${(radius - 1) * scale}px system-ui, sans-serif`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.fillStyle = pictures.isLight(color) ? "#000" : "#fff";
    context.fillText(name, x, y + scale * 0.5);
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

const between = (one, other, part) => one.map((value, i) => value + (other[i] - value) * part);
