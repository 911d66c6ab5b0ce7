/**
 * Lloyd's k-means on the colours of a picture, in whole numbers: bit for bit what rgbcloud's core computes
 * (grids.py makes the points, lloyd.py moves the centres). A centre is three whole steps of an eighth of a
 * level, counted from the middle of the cube; centres are a flat Float64Array: x y z, x y z, …
 */
export const kmeans = (() => {
  const STEPS = 8; // in one level of 0 … 255
  const MIDDLE = 128; // the level that steps are counted from
  const ENOUGH = 4000; // points; iterations.py takes as many
  const OPAQUE = 255; // what one pixel weighs
  const ROUNDING = 2 ** 52 + 2 ** 51; // a double that large has no digits after the point

  /** Round to the nearest integer, halves to the even one, as numpy does; Math.round rounds halves up. */
  const rint = (number) => number + ROUNDING - ROUNDING;

  /**
   * Return the distinct colours of RGBA pixels, 0xRRGGBB ascending, how many pixels have each, and the number
   * of every pixel's colour.
   */
  function histogram(pixels) {
    const all = new Uint32Array(pixels.length / 4);
    for (let i = 0, p = 0; i < all.length; i++, p += 4) {
      all[i] = (pixels[p] << 16) | (pixels[p + 1] << 8) | pixels[p + 2];
    }
    const sorted = all.slice().sort();
    const codes = sorted.filter((code, i) => i === 0 || code !== sorted[i - 1]);
    const numbers = all.map((code) => place(codes, code));
    const counts = new Float64Array(codes.length);
    for (const number of numbers) counts[number]++;
    return { codes, counts, numbers };
  }

  /** Return where a code stands among ascending ones. */
  function place(codes, code) {
    let [low, high] = [0, codes.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (codes[middle] < code) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Spread the bits of a byte: every third place. */
  function spread(byte) {
    let bits = 0;
    for (let bit = 0; bit < 8; bit++) bits |= ((byte >> bit) & 1) << (3 * bit);
    return bits;
  }
  const SPREAD = Int32Array.from({ length: 256 }, (_, byte) => spread(byte));

  /** Return which cell of the cube each colour lies in: a bit for each halving, of green, red, blue in turn. */
  function cellsOf(codes) {
    const cells = new Int32Array(codes.length);
    for (let i = 0; i < codes.length; i++) {
      const code = codes[i];
      cells[i] = (SPREAD[(code >> 8) & 255] << 2) | (SPREAD[code >> 16] << 1) | SPREAD[code & 255];
    }
    return cells;
  }

  /** Number the occupied cells of the coarsest grid that has enough of them; else every colour is one. */
  function numbered(codes) {
    const cells = cellsOf(codes);
    for (let depth = 12; codes.length >= ENOUGH && depth <= 22; depth++) {
      const numbers = new Int32Array(2 ** depth).fill(-1);
      let count = 0;
      const labels = cells.map((cell) => {
        const place = cell >> (24 - depth);
        if (numbers[place] < 0) numbers[place] = count++;
        return numbers[place];
      });
      if (count >= ENOUGH) return { labels, count };
    }
    return { labels: cells.map((_, i) => i), count: codes.length };
  }

  /**
   * Return what k-means moves among: colours, or the means of small cells of colours, each with its weight.
   *
   * A colour weighs its number of pixels to a power: 1 counts pixels, 0 counts every colour alike.
   */
  function pointsOf({ codes, counts }, power = 1) {
    const { labels, count } = numbered(codes);
    const weights = new Float64Array(count);
    const moments = new Float64Array(3 * count); // sums of levels from the middle
    let squares = 0;
    for (let i = 0; i < codes.length; i++) {
      const weight = Math.max(1, rint(counts[i] ** power * OPAQUE));
      const at = 3 * labels[i];
      weights[labels[i]] += weight;
      for (let axis = 0; axis < 3; axis++) {
        const level = ((codes[i] >> (16 - 8 * axis)) & 255) - MIDDLE;
        moments[at + axis] += weight * level;
        squares += weight * level * level;
      }
    }
    const steps = moments.map((moment, i) => rint((moment / weights[Math.floor(i / 3)]) * STEPS));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    return { count, weights, moments, steps, squares, total };
  }

  /** Return the number of the nearest centre to a place in steps; of equally near ones the first. */
  function nearest(x, y, z, centers) {
    let best = 0;
    let least = Infinity;
    for (let c = 0; c < centers.length; c += 3) {
      const dx = x - centers[c];
      const dy = y - centers[c + 1];
      const dz = z - centers[c + 2];
      const distance = dx * dx + dy * dy + dz * dz;
      if (distance < least) {
        least = distance;
        best = c;
      }
    }
    return best / 3;
  }

  /** Return the nearest centre of every pixel, found once for each colour; and how many pixels each has. */
  function pixelLabels({ codes, counts, numbers }, centers) {
    const labels = new Uint8Array(codes.length);
    const sizes = new Float64Array(centers.length / 3);
    for (let i = 0; i < codes.length; i++) {
      const [red, green, blue] = [codes[i] >> 16, (codes[i] >> 8) & 255, codes[i] & 255];
      labels[i] = nearest((red - MIDDLE) * STEPS, (green - MIDDLE) * STEPS, (blue - MIDDLE) * STEPS, centers);
      sizes[labels[i]] += counts[i];
    }
    const all = new Uint8Array(numbers.length);
    for (let i = 0; i < all.length; i++) all[i] = labels[numbers[i]];
    return { labels: all, sizes };
  }

  /** The first half of an iteration: every point joins its nearest centre. */
  function assign({ count, steps }, centers) {
    const labels = new Uint8Array(count);
    for (let i = 0; i < count; i++) {
      labels[i] = nearest(steps[3 * i], steps[3 * i + 1], steps[3 * i + 2], centers);
    }
    return labels;
  }

  /** Return the weight of each cluster, and the sums of its colours. */
  function sums(points, labels, k) {
    const weights = new Float64Array(k);
    const moments = new Float64Array(3 * k);
    for (let i = 0; i < points.count; i++) {
      const label = labels[i];
      weights[label] += points.weights[i];
      for (let axis = 0; axis < 3; axis++) moments[3 * label + axis] += points.moments[3 * i + axis];
    }
    return { weights, moments };
  }

  /** The second half: every centre moves to the mean of the points that joined it; without any it stays. */
  function update(points, labels, centers) {
    const { weights, moments } = sums(points, labels, centers.length / 3);
    return centers.map((center, i) => {
      const weight = weights[Math.floor(i / 3)];
      return weight > 0 ? rint((moments[i] / weight) * STEPS) : center;
    });
  }

  /** Return the error: the mean, over all pixels, of the squared distance to their centre, in levels. */
  function error(points, labels, centers) {
    const { weights, moments } = sums(points, labels, centers.length / 3);
    let sum = points.squares; // |x - c|² summed is the sum of |x|², less 2 c·x, plus |c|²
    for (let i = 0; i < centers.length; i++) {
      const level = centers[i] / STEPS;
      sum += level * (weights[Math.floor(i / 3)] * level - 2 * moments[i]);
    }
    return sum / points.total;
  }

  /** Run assign and update until nothing changes; return the centres and their error. */
  function settle(points, start, most = 200) {
    let centers = start;
    let labels = assign(points, centers);
    for (let turn = 0; turn < most; turn++) {
      const moved = update(points, labels, centers);
      if (moved.every((value, i) => value === centers[i])) break;
      centers = moved;
      labels = assign(points, centers);
    }
    return { centers, error: error(points, labels, centers) };
  }

  /** Return a source of random numbers in [0, 1) that a seed decides: mulberry32, by Tommy Ettinger. */
  function random(seed) {
    let state = seed;
    return () => {
      state = (state + 0x6d2b79f5) | 0;
      let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
      mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
    };
  }

  /** Return the index that a draw in [0, 1) falls on, each as likely as its share. */
  function drawn(shares, draw) {
    const total = shares.reduce((sum, share) => sum + share, 0);
    let left = draw * total;
    for (let i = 0; i < shares.length; i++) {
      left -= shares[i];
      if (left < 0) return i;
    }
    return shares.findLastIndex((share) => share > 0);
  }

  /** Return the colours of k pixels drawn at random, no colour twice, as centres (Forgy's start). */
  function randomStart({ codes, counts }, k, seed) {
    const next = random(seed);
    const shares = counts.slice();
    const centers = [];
    while (centers.length < 3 * Math.min(k, codes.length)) {
      const i = drawn(shares, next());
      shares[i] = 0;
      centers.push(...toSteps([codes[i] >> 16, (codes[i] >> 8) & 255, codes[i] & 255]));
    }
    return Float64Array.from(centers);
  }

  /** Return points drawn at random, far ones more likely, as centres (the start of k-means++). */
  function spreadStart(points, k, seed) {
    const next = random(seed);
    const far = new Float64Array(points.count).fill(1);
    const centers = [];
    while (centers.length < 3 * k) {
      const shares = far.map((distance, i) => distance * points.weights[i]);
      if (!shares.some((share) => share > 0)) break; // no more distinct points
      const i = drawn(shares, next());
      const chosen = points.steps.slice(3 * i, 3 * i + 3);
      const isFirst = centers.length === 0;
      for (let p = 0; p < points.count; p++) {
        const distance = squared(points.steps, 3 * p, chosen, 0);
        if (isFirst || distance < far[p]) far[p] = distance;
      }
      centers.push(...chosen);
    }
    return Float64Array.from(centers);
  }

  /** Return the best of several spread starts, each followed to its end. */
  function best(points, k, starts = 10) {
    let found = null;
    for (let seed = 0; seed < starts; seed++) {
      const end = settle(points, spreadStart(points, k, seed));
      if (!found || end.error < found.error) found = end;
    }
    return found;
  }

  /** Return the squared distance of two of the places in flat arrays. */
  function squared(one, i, other, j) {
    return (one[i] - other[j]) ** 2 + (one[i + 1] - other[j + 1]) ** 2 + (one[i + 2] - other[j + 2]) ** 2;
  }

  const toSteps = (levels) => levels.map((level) => rint((level - MIDDLE) * STEPS));
  const toLevels = (steps) => Array.from(steps, (step) => step / STEPS + MIDDLE);
  /** Return centres as the whole levels that a file can hold. */
  const toColors = (steps) => Uint8ClampedArray.from(toLevels(steps), (level) => rint(level));

  return {
    histogram,
    pointsOf,
    pixelLabels,
    assign,
    update,
    error,
    sums,
    settle,
    best,
    random,
    randomStart,
    spreadStart,
    squared,
    toSteps,
    toLevels,
    toColors,
  };
})();
