import { Cloud } from "./cloud.js";
import { Costs } from "./costs.js";
import { kmeans } from "./kmeans.js";
import { loupe } from "./loupe.js";
import { motion } from "../viewer/motion.js";
import { panels } from "./panels.js";
import { pictures } from "./pictures.js";
import { sections } from "./sections.js";
import { Session } from "./session.js";

/** The lesson: the picture, what has been made of it, and what happens when something is pressed. */
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
    this.most = Math.min(Lesson.MOST, this.session.histogram.codes.length);
    this.costs = new Costs(this.session, this.most, data);
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
    sections.enter(this, this.section);
    this.look(row, column);
    this.tellCosts(3);
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
    if (!sections.BY_HAND.has(this.section)) return;
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
    const row = this.costs.row(Math.min(k, this.most));
    this.showEnd(row.centers);
    this.say(`The best ${row.k === 1 ? "colour that was" : `${row.k} colours that were`} found.`);
    this.tellCosts(row.k);
  }

  /** Show centres that k-means has found already. */
  showEnd(centers) {
    this.session.start(centers);
    this.session.assign();
    this.session.past = [];
    this.session.isAtRest = true;
    this.selected = 0;
    this.refresh();
  }

  /** Tell what the files of k, of 16 and of 3 colours take, once that is known. */
  async tellCosts(k) {
    const { costs } = this;
    const rows = await Promise.all([k, 16, 3].map((size) => costs.measure(Math.min(size, this.most))));
    const full = await costs.measureFull();
    if (this.costs === costs && (this.session.k === k || !this.session.k))
      panels.tellCosts(rows, full, costs);
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
    cloud.selected = sections.BY_HAND.has(this.section) ? this.selected : -1;
    const levels = kmeans.toLevels(session.centers);
    const centers = Array.from({ length: session.k }, (_, i) => ({
      levels: levels.slice(3 * i, 3 * i + 3),
      color: Array.from(colors.subarray(3 * i, 3 * i + 3)),
      name: i + 1,
    }));
    cloud.moveCenters(centers, session.trails.map(kmeans.toLevels), isSudden);
    cloud.recolor(pixelLabels, painted, isSudden);
    this.paint();
    const sizes = session.pixelLabels && session.sizes;
    panels.drawPalette(colors, sizes, this.selected, (i) => this.choose(i));
    panels.drawCurve(session.curve);
    panels.tell({
      k: session.k,
      error: session.error === null ? "–" : panels.count(session.error),
      typical: session.error === null ? "–" : panels.count(Math.sqrt(session.error)),
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
}
