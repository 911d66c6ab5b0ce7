import { kmeans } from "./kmeans.js";

/** A picture and what k-means has made of it so far: every step, so that one can go back. */
export class Session {
  /** @param picture {name, width, height, pixels}: RGBA, opaque */
  constructor(picture) {
    this.picture = picture;
    this.original = picture.pixels;
    this.recount(1);
  }

  /** Count the colours anew, each weighing its number of pixels to a power. */
  recount(power) {
    this.histogram = kmeans.histogram(this.picture.pixels);
    this.points = kmeans.pointsOf(this.histogram, power);
    this.clear();
  }

  /** Exchange the picture's pixels for others of the same size. */
  repaint(pixels, power) {
    this.picture = { ...this.picture, pixels };
    this.recount(power);
  }

  clear() {
    this.centers = new Float64Array();
    this.labels = null; // of the points
    this.pixelLabels = null;
    this.isMoved = false; // whether centres have moved since labels were given
    this.isAtRest = false;
    this.curve = [];
    this.past = [];
    this.trails = [];
  }

  get k() {
    return this.centers.length / 3;
  }

  get colors() {
    return kmeans.toColors(this.centers);
  }

  get error() {
    return this.curve.length ? this.curve[this.curve.length - 1].error : null;
  }

  /** Whether it is the turn of `assign`; else of `update`. */
  get isToAssign() {
    return this.labels === null || this.isMoved;
  }

  start(centers) {
    this.clear();
    this.centers = centers;
  }

  /** Let every point join its nearest centre; return how many pixels changed. */
  assign() {
    if (!this.isToAssign) return 0;
    this.remember();
    return this.join("assign");
  }

  /** Move every centre to the mean of its points; return whether one has moved. */
  update() {
    if (this.isToAssign) return false;
    const moved = kmeans.update(this.points, this.labels, this.centers);
    if (moved.every((value, i) => value === this.centers[i])) {
      this.isAtRest = true;
      return false;
    }
    this.remember();
    this.trails.push(this.centers);
    this.centers = moved;
    this.isMoved = true;
    this.measure("update");
    return true;
  }

  /** Put a centre somewhere by hand: points join anew, and the error may rise. */
  place(index, steps, isContinued = false) {
    if (!isContinued) this.remember();
    this.centers = this.centers.slice();
    this.centers.set(steps, 3 * index);
    this.trails = [];
    this.labels = null;
    this.isAtRest = false;
    if (isContinued) this.curve.pop();
    this.join("hand");
  }

  join(kind) {
    const labels = kmeans.assign(this.points, this.centers);
    // A point stands for its cell by its mean, rounded: at the very end one may join a centre that is a
    // hair farther. Such a step is left out, so that the error never rises.
    const isWorse = this.labels && kmeans.error(this.points, labels, this.centers) > this.error;
    if (!isWorse) this.labels = labels;
    const before = this.pixelLabels;
    this.basis = this.centers;
    this.isMoved = false;
    this.labelPixels();
    this.measure(kind);
    let changed = 0;
    for (let i = 0; i < this.pixelLabels.length; i++) if (this.pixelLabels[i] !== before?.[i]) changed++;
    return changed;
  }

  labelPixels() {
    const { labels, sizes } = kmeans.pixelLabels(this.histogram, this.basis);
    this.pixelLabels = labels;
    this.sizes = sizes; // pixels of each centre
  }

  measure(kind) {
    this.curve.push({ kind, error: kmeans.error(this.points, this.labels, this.centers) });
  }

  remember() {
    const { centers, labels, basis, isMoved, curve, trails } = this;
    this.past.push({ centers, labels, basis, isMoved, curve: curve.slice(), trails: trails.slice() });
  }

  /** Take the last step back; return whether there was one. */
  back() {
    if (!this.past.length) return false;
    Object.assign(this, this.past.pop());
    this.isAtRest = false;
    if (this.labels) this.labelPixels();
    else this.pixelLabels = null;
    return true;
  }
}
