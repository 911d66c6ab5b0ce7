import { coding } from "../viewer/coding.js";
import { kmeans } from "./kmeans.js";
import { png } from "./png.js";

/** What is known of the best centres of a picture, and of the files they make. */
export class Costs {
  /** @param data what was computed beforehand, or null */
  constructor(session, most, data) {
    Object.assign(this, { most, data, full: data?.full }); // bytes with all colours
    const { picture, histogram, points } = session;
    Object.assign(this, { picture, histogram, points });
    this.rows = new Map();
    if (data) for (let k = 1; k <= most; k++) this.row(k);
  }

  /** Return the best k centres that are known, having looked for them if need be. */
  row(k) {
    if (!this.rows.has(k)) {
      const known = this.data?.rows[k - 1];
      const found = known
        ? { ...known, centers: Float64Array.from(kmeans.toSteps(Array.from(coding.bytesOf(known.colors)))) }
        : kmeans.best(this.points, k);
      this.rows.set(k, { ...found, k });
    }
    return this.rows.get(k);
  }

  /** Return the same with the bytes of its file. */
  async measure(k) {
    const row = this.row(k);
    if (row.bytes === undefined) {
      const { labels } = kmeans.pixelLabels(this.histogram, row.centers);
      Object.assign(row, await png.indexedSize(this.picture, labels, k));
    }
    return row;
  }

  /** Return the bytes of a file with all colours. */
  async measureFull() {
    this.full ??= await png.fullSize(this.picture);
    return this.full;
  }

  /** Return what is known by now, by the number of colours. */
  get known() {
    return [...this.rows.values()].sort((one, other) => one.k - other.k);
  }
}
