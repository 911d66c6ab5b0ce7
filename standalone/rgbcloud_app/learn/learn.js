import { Cloud, motion } from "./cloud.js";
import { experiments } from "./experiments.js";
import { kmeans } from "./kmeans.js";
import { loupe } from "./loupe.js";
import { panels } from "./panels.js";
import { pictures } from "./pictures.js";
import { Session } from "./session.js";

/** The lesson: what is shown in each of its sections, and what happens when something is pressed. */
export class Lesson {
  static MOST = 32; // centres
  static PACE = 650; // milliseconds of a step while it runs

  constructor() {
    this.cloud = new Cloud(panels.one("#cloud"));
    this.canvas = panels.one("#picture");
    this.mode = "rebuilt";
    this.selected = 0;
    this.section = "pixel";
  }

  /** Begin with a picture; `data` is what was computed for it beforehand, if anything was. */
  open(picture, data) {
    this.halt();
    this.data = data;
    this.session = new Session(picture);
    this.rows = new Map(); // what is known of the best centres, by their number
    this.full = data?.full; // bytes with all colours
    this.most = Math.min(Lesson.MOST, this.session.histogram.codes.length);
    const { row, column } = this.firstPixel(picture);
    loupe.block = null;
    loupe.look(picture, row, column);
    this.cloud.setPicture(picture);
    panels.one("#k").max = this.most;
    panels.one("#frame").style.setProperty("--aspect", picture.width / picture.height);
    panels.tell({
      pixels: panels.count(picture.width * picture.height),
      colors: panels.count(this.session.histogram.codes.length),
    });
    this.enter(this.section);
    this.look(row, column);
  }

  /** Return row 6, column 4 of the most colourful piece. */
  firstPixel(picture) {
    const { top, left } = pictures.liveliest(picture, loupe.ROWS, loupe.COLUMNS);
    return { row: Math.min(picture.height - 1, top + 5), column: Math.min(picture.width - 1, left + 3) };
  }

  // Pixels

  look(row, column) {
    const { picture } = this.session;
    loupe.look(picture, row, column);
    const color = pictures.colorAt(picture, row, column);
    this.cloud.spot = color;
    this.cloud.redraw();
    panels.drawNumbers(color);
    panels.tell({
      row: row - loupe.block.top + 1,
      column: column - loupe.block.left + 1,
      own: color.join(", "),
    });
    panels.paintSwatch("own", color);
    const marker = panels.one("#marker");
    marker.style.left = `${(100 * (column + 0.5)) / picture.width}%`;
    marker.style.top = `${(100 * (row + 0.5)) / picture.height}%`;
    this.tellPixel();
  }

  /** Tell what has become of the pixel that is looked at. */
  tellPixel() {
    const { session } = this;
    if (!session.pixelLabels) return;
    const { row, column } = loupe.pixel;
    const label = session.pixelLabels[row * session.picture.width + column];
    const given = session.colors.subarray(3 * label, 3 * label + 3);
    panels.paintSwatch("given", given);
    const distance = Math.sqrt(kmeans.squared(pictures.colorAt(session.picture, row, column), 0, given, 0));
    panels.tell({ given: Array.from(given).join(", "), distance: panels.count(distance) });
    panels.drawIndices(session.picture, session.pixelLabels, session.colors, loupe.block, loupe.pixel);
  }

  /** Take a pixel: look at it, and where centres are moved by hand, put the chosen one there. */
  take(row, column) {
    this.look(row, column);
    if (!Lesson.BY_HAND.has(this.section)) return;
    this.moveCenter(this.selected, kmeans.toSteps(this.cloud.spot));
    this.choose((this.selected + 1) % this.session.k);
  }

  // Centres

  choose(index) {
    this.selected = index;
    this.refresh(true);
  }

  moveCenter(index, steps, isContinued = false) {
    this.halt();
    const before = this.session.error;
    this.session.place(index, steps, isContinued);
    this.refresh(true);
    this.say(`Centre ${index + 1} was moved by hand. ${this.changeOf(before)}`);
  }

  /** Begin with k random pixels as centres. */
  begin(k, seed) {
    this.halt();
    this.session.start(this.startOf(Math.min(k, this.most), seed));
    this.selected = 0;
    this.refresh();
  }

  /** Return the centres that a seed draws: beforehand those that the library draws. */
  startOf(k, seed) {
    const { seeds, starts } = this.data ?? { seeds: 0 };
    if (seed >= seeds || this.session.picture.pixels !== this.session.original) {
      return kmeans.randomStart(this.session.histogram, k, seed);
    }
    const first = 3 * (((k * (k - 1)) / 2) * seeds + k * seed);
    return Float64Array.from(kmeans.toSteps(Array.from(starts.subarray(first, first + 3 * k))));
  }

  /** Show the best k centres that are known. */
  showBest(k) {
    this.halt();
    const row = this.rowOf(Math.min(k, this.most));
    this.session.start(Float64Array.from(row.centers));
    this.session.assign();
    this.session.past = [];
    this.session.isAtRest = true;
    this.selected = 0;
    this.refresh();
    this.say(`The best ${row.k === 1 ? "colour that was" : `${row.k} colours that were`} found.`);
    this.tellFile(row.k);
  }

  /** Return what is known of the best k centres, having found them if need be. */
  rowOf(k) {
    if (!this.rows.has(k)) {
      const known = this.data?.rows[k - 1];
      if (known) {
        const colors = Array.from(pictures.bytesOf(known.colors));
        this.rows.set(k, { ...known, k, centers: kmeans.toSteps(colors) });
      } else {
        this.rows.set(k, { k, ...kmeans.best(this.session.points, k) });
      }
    }
    return this.rows.get(k);
  }

  /** Tell what the file of the best k centres holds, having measured it if that was not done beforehand. */
  async tellFile(k) {
    const { picture } = this.session;
    const [row, ...others] = await Promise.all(
      [k, 16, 3].map((size) => this.measured(Math.min(size, this.most))),
    );
    this.full ??= await pictures.fullSize(picture);
    if (this.session.picture !== picture || this.session.k !== k) return; // it has taken too long
    const size = ({ bytes }) => `${panels.count(bytes)} (${panels.percent(bytes / this.full)})`;
    const typical = ({ error }) => Math.sqrt(error).toFixed(1);
    panels.tell({
      anatomy: `Each number takes ${row.depth} bit${row.depth > 1 ? "s" : ""}. Then all are packed: rows of like numbers take less room.`,
      cost: `${panels.count(row.bytes)} bytes, ${panels.percent(row.bytes / this.full)} of what all colours take; typically ${typical(row)} off.`,
      "typical-16": typical(others[0]),
      wanted: k,
    });
    const wrapping = row.bytes - row.palette - row.indices;
    panels.drawBars(panels.one("[data-parts]"), [
      ["palette", row.palette, `${k} x 3 = ${panels.count(row.palette)} bytes`, "accent"],
      ["numbers", row.indices, panels.count(row.indices)],
      ["wrapping", wrapping, panels.count(wrapping), "faint"],
    ]);
    panels.drawBars(panels.one("[data-costs]"), [
      ["all colours", this.full, `${panels.count(this.full)} bytes`, "faint"],
      ...others.map((other) => [`K = ${other.k}`, other.bytes, size(other), "accent"]),
    ]);
    panels.drawChart(this.knownRows(), this.most, k);
  }

  /** Return what is known of the best k centres, and the bytes of their file. */
  async measured(k) {
    const row = this.rowOf(k);
    if (row.bytes === undefined) {
      const { picture } = this.session;
      const labels = pictures.labelsOf(picture.pixels, Float64Array.from(row.centers));
      Object.assign(row, await pictures.pngSize(picture, labels, k));
    }
    return row;
  }

  knownRows() {
    if (this.data) for (let k = 1; k <= this.most; k++) this.rowOf(k);
    return [...this.rows.values()].sort((one, other) => one.k - other.k);
  }

  // Steps

  assign() {
    const { session } = this;
    if (!session.isToAssign) return this.say("Every point is with its nearest centre already: now update.");
    const before = session.error;
    const changed = session.assign();
    this.refresh();
    const who =
      before === null
        ? "Every pixel has joined its nearest centre."
        : `${panels.count(changed)} pixels changed to a nearer centre.`;
    return this.say(`Assign: ${who} ${this.changeOf(before)}`);
  }

  update() {
    const { session } = this;
    if (session.isToAssign) return this.say("First assign: who belongs to which centre?");
    const before = session.error;
    if (session.isAtRest || !session.update()) {
      this.halt();
      return this.say(`At rest: every centre is in the middle of its points. Error ${panels.count(before)}.`);
    }
    this.refresh();
    return this.say(`Update: every centre moved to the middle of its points. ${this.changeOf(before)}`);
  }

  step() {
    if (this.session.isToAssign) this.assign();
    else this.update();
  }

  run() {
    if (this.timer) return this.halt();
    this.session.isAtRest = false;
    this.timer = setInterval(() => this.step(), motion.wish.matches ? Lesson.PACE / 3 : Lesson.PACE);
    this.step();
    return this.showTools();
  }

  halt() {
    clearInterval(this.timer);
    this.timer = null;
    this.showTools();
  }

  back() {
    this.halt();
    const wasThere = this.session.back();
    this.refresh();
    this.say(wasThere ? "One step back." : "This is the beginning.");
  }

  changeOf(before) {
    const { error } = this.session;
    return before === null
      ? `Error ${panels.count(error)}.`
      : `Error ${panels.count(before)} → ${panels.count(error)}.`;
  }

  // Showing

  refresh(isSudden = false) {
    const { session, cloud } = this;
    const { colors, pixelLabels } = session;
    const painted = session.basis && pixelLabels ? colors : null;
    cloud.selected = Lesson.BY_HAND.has(this.section) ? this.selected : -1;
    const levels = kmeans.toLevels(session.centers);
    const centers = Array.from({ length: session.k }, (_, i) => ({
      levels: levels.slice(3 * i, 3 * i + 3),
      color: Array.from(colors.subarray(3 * i, 3 * i + 3)),
    }));
    cloud.moveCenters(centers, session.trails, isSudden);
    cloud.recolor(pixelLabels, painted, isSudden);
    this.paint();
    panels.drawPalette(colors, session.pixelLabels && session.shares, this.selected, (i) => this.choose(i));
    panels.drawCurve(session.curve);
    panels.tell({
      k: session.k,
      error: session.error === null ? "–" : panels.count(session.error),
      typical: session.error === null ? "–" : Math.sqrt(session.error).toFixed(1),
    });
    this.tellPixel();
    this.showSliders();
    this.showTools();
  }

  paint() {
    const { picture, pixelLabels, colors } = this.session;
    pictures.paint(this.canvas, picture, pixelLabels, colors, this.mode);
  }

  showTools() {
    const { session, timer } = this;
    if (!session) return;
    const turn = { assign: session.isToAssign, update: !session.isToAssign && !session.isAtRest };
    for (const button of panels.all("[data-do]")) {
      const name = button.dataset.do;
      if (name === "run") button.textContent = timer ? "Pause" : "Run";
      button.classList.toggle("turn", !timer && turn[name] === true);
      const isOff = name === "back" ? !session.past.length : turn[name] === false;
      button.setAttribute("aria-disabled", isOff); // `disabled` would take the focus away
    }
  }

  showSliders() {
    const levels = kmeans.toLevels(this.session.centers.slice(3 * this.selected, 3 * this.selected + 3));
    panels.all("[data-sliders] input").forEach((input, axis) => {
      if (document.activeElement !== input) input.value = Math.round(levels[axis]);
      const name = ["red", "green", "blue"][axis];
      input.setAttribute("aria-label", `Centre ${this.selected + 1}: ${name}`);
      input.nextElementSibling.textContent = Math.round(levels[axis]);
    });
    panels.tell({ chosen: this.selected + 1 });
  }

  say(text) {
    panels.one("#status").textContent = text;
  }

  // Sections

  /** Show what belongs to a section. */
  enter(name) {
    const left = this.section;
    this.section = name;
    const { cloud, session } = this;
    const isLook = ["pixel", "point", "cloud-of-all"].includes(name);
    panels.one("#stage").className = isLook ? (name === "pixel" ? "look hero" : "look") : "";
    if (left === "rare" && name !== "rare") experiments.removeBalloon(this);
    if (left === "rooms" && name !== "rooms") this.showSpace("rgb");
    if (name === "pixel" || name === "point") {
      cloud.shows = name === "pixel" ? "picture" : "pixel";
      cloud.flight = 1;
    } else if (cloud.shows !== "cloud") {
      cloud.shows = "cloud";
      cloud.flight = 0;
      cloud.camera = { ...Cloud.HOME };
      cloud.fly(true);
    } else if (name !== "cloud-of-all" && cloud.flight === 0) cloud.fly(true);
    panels.one("#fly").textContent = "Back into the picture";
    this.halt();
    if (isLook) {
      session.clear();
      this.refresh(true);
      this.say("");
    } else this.fill(name);
  }

  fill(name) {
    if (name === "three") {
      this.begin(3, 0);
      this.say("Three pixels, drawn at random, are the centres. Now press Assign.");
    } else if (name === "rebuilt") this.showBest(3);
    else if (name === "empty") {
      this.showBest(3);
      this.choose(this.session.k - 1);
      panels.tell({ empty: "" });
    } else if (name === "sixteen" || name === "rooms") this.showBest(16);
    else if (name === "hands") this.showBest(5);
    else if (name === "starts") {
      this.begin(5, 0);
      panels.one("#tries").replaceChildren();
      this.say("Five pixels, drawn at random. Try a bad start, or ten.");
    } else if (name === "how-many") this.showBest(Number(panels.one("#k").value));
    else if (name === "rare") experiments.addBalloon(this);
  }
}

Lesson.BY_HAND = new Set(["three", "hands", "starts", "empty", "rare", "how-many"]);
