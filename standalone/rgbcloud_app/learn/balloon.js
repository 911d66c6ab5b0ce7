import { kmeans } from "./kmeans.js";
import { panels } from "./panels.js";

/** A rare colour, painted into the picture; how it is lost, and how votes save it. */
export const balloon = {
  GRAIN: 24, // levels, so that hardly two of its pixels are alike: as in a photograph
  PAINTS: [
    [150, 30, 255],
    [255, 20, 170],
    [20, 220, 40],
    [255, 230, 20],
    [20, 120, 255],
    [255, 40, 30],
  ],
  POWERS: [0, 0.25, 0.5, 0.75, 1],
  TOLD: [
    "Not at all: every different colour has one vote, however many pixels have it.",
    "Hardly: a colour with 16 times as many pixels has twice the votes.",
    "By the root: a colour with 100 times as many pixels has 10 times the votes.",
    "Somewhat less: a colour with 10,000 times as many pixels has 1,000 times the votes.",
    "In full: every pixel has one vote.",
  ],

  add(lesson) {
    const { session } = lesson;
    lesson.balloon = this.painted({ ...session.picture, pixels: session.original }, session.histogram);
    session.repaint(lesson.balloon.pixels, 1);
    lesson.balloon.k = this.mostWithout(lesson.balloon, session.points, lesson.most);
    panels.one("#power").value = 4;
    this.weigh(lesson);
    this.showRing(lesson.balloon);
  },

  remove(lesson) {
    panels.one("#ring").hidden = true;
    lesson.session.repaint(lesson.session.original, 1);
    lesson.cloud.setPicture(lesson.session.picture);
  },

  /** Return a picture's pixels with a small ball in a colour that is far from all of theirs. */
  painted({ width, height, pixels }, histogram) {
    const color = this.farthest(histogram);
    const painted = pixels.slice();
    const radius = Math.max(2, Math.min(width, height) / 30);
    const [x, y] = [width * 0.16, height * 0.26];
    const inside = [];
    const next = kmeans.random(1);
    for (let i = 0; i < width * height; i++) {
      const [dx, dy] = [((i % width) - x) / radius, (Math.floor(i / width) - y) / radius];
      const left = 1 - dx * dx - dy * dy;
      if (left <= 0) continue;
      const shade = 0.85 + 0.15 * Math.max(0, 0.62 * Math.sqrt(left) - 0.5 * dx - 0.6 * dy);
      for (let axis = 0; axis < 3; axis++) {
        painted[4 * i + axis] = color[axis] * shade + this.GRAIN * (next() - 0.5);
      }
      inside.push(i);
    }
    return { pixels: painted, inside, color, x: x / width, y: y / height, radius: radius / width };
  },

  /** Return the paint whose nearest colour in a histogram is the farthest. */
  farthest({ codes }) {
    const distances = this.PAINTS.map(([red, green, blue]) =>
      codes.reduce((least, code) => {
        const [r, g, b] = [(code >> 16) - red, ((code >> 8) & 255) - green, (code & 255) - blue];
        return Math.min(least, r * r + g * g + b * b);
      }, Infinity),
    );
    return this.PAINTS[distances.indexOf(Math.max(...distances))];
  },

  /** Return the most centres, of 10 at most, with which the balloon is lost. */
  mostWithout(ball, points, most) {
    let k = Math.min(10, most);
    while (k > 3 && this.isKept(ball, kmeans.best(points, k).centers)) k--;
    return k;
  },

  /** Whether there is a centre that is like the balloon. */
  isKept({ color }, centers) {
    const colors = kmeans.toColors(centers);
    for (let i = 0; i < colors.length; i += 3) if (kmeans.squared(color, 0, colors, i) < 60 ** 2) return true;
    return false;
  },

  /** Cluster anew with the votes that the slider says. */
  weigh(lesson) {
    const { balloon: ball, session } = lesson;
    const power = Number(panels.one("#power").value);
    session.repaint(ball.pixels, this.POWERS[power]);
    lesson.cloud.setPicture(session.picture);
    lesson.showEnd(kmeans.best(session.points, ball.k).centers);
    const end = this.isKept(ball, session.centers) ? "kept" : "lost";
    lesson.say(`The best ${ball.k} colours with these votes: the balloon is ${end}.`);
    const plain = kmeans.pointsOf(session.histogram);
    const error = kmeans.error(plain, kmeans.assign(plain, session.centers), session.centers);
    panels.tell({
      balloon: panels.percent(ball.inside.length / session.pixelLabels.length),
      "balloon-k": ball.k,
      power: this.TOLD[power],
      price: panels.count(error),
    });
    panels.paintSwatch("balloon", ball.color);
    panels.paintSwatch("lost", this.given(ball, session));
  },

  /** Return the colour that most of the balloon has got. */
  given({ inside }, { pixelLabels, colors, k }) {
    const sizes = new Array(k).fill(0);
    for (const pixel of inside) sizes[pixelLabels[pixel]]++;
    const label = sizes.indexOf(Math.max(...sizes));
    return colors.subarray(3 * label, 3 * label + 3);
  },

  showRing({ x, y, radius }) {
    const ring = panels.one("#ring");
    ring.hidden = false;
    ring.style.left = `${100 * x}%`;
    ring.style.top = `${100 * y}%`;
    ring.style.width = `${100 * 3.4 * radius}%`;
  },
};
