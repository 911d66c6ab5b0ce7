import { kmeans } from "./kmeans.js";
import { panels } from "./panels.js";
import { pictures } from "./pictures.js";

/** What a learner can try: bad starts, centres that nobody joins, a rare colour, other spaces. */
export const experiments = {
  STARTS: 20, // that are tried for a bad one
  POWERS: [0, 0.25, 0.5, 0.75, 1],
  TOLD: [
    "Not at all: every different colour has one vote, however many pixels have it.",
    "Hardly: a colour with 16 times as many pixels has twice the votes.",
    "By the root: a colour with 100 times as many pixels has 10 times the votes.",
    "Somewhat less: a colour with 10,000 times as many pixels has 1,000 times the votes.",
    "In full: every pixel has one vote.",
  ],

  /** Run the start, of some, that ends worst. */
  badStart(lesson) {
    const ends = this.ends(lesson, this.STARTS);
    const worst = ends.indexOf(ends.reduce((one, other) => (other.error > one.error ? other : one)));
    lesson.begin(5, worst);
    lesson.run();
    const least = Math.min(...ends.map(({ error }) => error));
    lesson.say(
      `This one will end ${panels.percent(ends[worst].error / least - 1)} above the best of ${ends.length}. Watch where.`,
    );
  },

  /** Follow ten starts to their ends, and offer them. */
  tenStarts(lesson) {
    lesson.halt();
    const ends = this.ends(lesson, 10);
    const least = Math.min(...ends.map(({ error }) => error));
    const most = Math.max(...ends.map(({ error }) => error));
    const offers = ends.map(({ centers, error }, seed) => {
      const colors = kmeans.toColors(centers);
      const faces = Array.from({ length: colors.length / 3 }, (_, i) => {
        const face = panels.made("i");
        face.style.background = panels.css(colors.subarray(3 * i, 3 * i + 3));
        return face;
      });
      const bar = panels.made("span", { className: "track" }, [
        panels.made("i", { className: error === least ? "accent" : "plain" }),
      ]);
      bar.firstChild.style.width = `${(100 * error) / most}%`;
      const more = error / least - 1;
      const text = panels.made("b", { textContent: more < 0.005 ? "best" : `+${Math.round(100 * more)} %` });
      const strip = panels.made("span", { className: "strip" }, faces);
      const button = panels.made("button", { type: "button", onclick: () => this.showEnd(lesson, seed) }, [
        strip,
        bar,
        text,
      ]);
      button.setAttribute(
        "aria-label",
        `Start ${seed + 1}: error ${panels.count(error)}, ${text.textContent}`,
      );
      return button;
    });
    panels.one("#tries").replaceChildren(...offers);
    const worst = panels.percent(most / least - 1);
    lesson.say(`Ten starts, from best to worst ${worst} apart. Click on one to see it.`);
  },

  showEnd(lesson, seed) {
    lesson.begin(5, seed);
    const { session } = lesson;
    while (!session.isAtRest && session.curve.length < 500) {
      session.assign();
      session.update();
    }
    lesson.refresh();
    lesson.say(
      `Start ${seed + 1} came to rest after ${session.curve.length} steps. Error ${panels.count(session.error)}.`,
    );
  },

  ends(lesson, count) {
    const k = Math.min(5, lesson.most);
    return Array.from({ length: count }, (_, seed) =>
      kmeans.settle(lesson.session.points, lesson.startOf(k, seed)),
    );
  },

  /** Put the chosen centre where no colour is: into the corner of the cube that fewest points would join. */
  strand(lesson) {
    const { session } = lesson;
    const index = lesson.selected;
    let found = null;
    for (let corner = 0; corner < 8; corner++) {
      const place = kmeans.toSteps([0, 1, 2].map((axis) => ((corner >> axis) & 1) * 255));
      const centers = session.centers.slice();
      centers.set(place, 3 * index);
      const { weights } = kmeans.sums(session.points, kmeans.assign(session.points, centers), session.k);
      const nearest = Math.min(...this.distances(session, place));
      if (
        !found ||
        weights[index] < found.weight ||
        (weights[index] === found.weight && nearest > found.nearest)
      ) {
        found = { place, weight: weights[index], nearest };
      }
    }
    lesson.moveCenter(index, found.place);
    this.tellEmpty(lesson);
  },

  distances({ points }, place) {
    return Array.from({ length: points.count }, (_, i) => kmeans.squared(points.steps, 3 * i, place, 0));
  },

  /** Put an empty centre, else the chosen one, where most error is. */
  rescue(lesson) {
    const { session } = lesson;
    const { points, labels, centers } = session;
    const empty = session.shares.indexOf(0);
    let worst = 0;
    let most = -1;
    for (let i = 0; i < points.count; i++) {
      const cost = points.weights[i] * kmeans.squared(points.steps, 3 * i, centers, 3 * labels[i]);
      if (cost > most) [most, worst] = [cost, i];
    }
    const index = empty < 0 ? lesson.selected : empty;
    lesson.moveCenter(index, points.steps.slice(3 * worst, 3 * worst + 3));
    lesson.run();
    panels.tell({
      empty: `Centre ${index + 1} began anew where the picture had suffered most, and found points of its own.`,
    });
  },

  tellEmpty(lesson) {
    const { session, selected } = lesson;
    const pixels = Math.round(session.shares[selected] * session.pixelLabels.length);
    const used = session.shares.filter((share) => share > 0).length;
    panels.tell({
      empty: `Centre ${selected + 1} has ${panels.count(pixels)} pixels. K is ${session.k}, but the picture has ${used} colours. Press Run: nothing helps.`,
    });
  },

  /** Paint a balloon into the picture, and cluster what is there now. */
  addBalloon(lesson) {
    const { session } = lesson;
    const picture = { ...session.picture, pixels: session.original };
    const balloon = pictures.withBalloon(picture, session.histogram);
    session.repaint(balloon.pixels, 1);
    balloon.k = this.mostWithout(balloon, session.points, lesson.most);
    lesson.balloon = balloon;
    panels.one("#power").value = 4;
    this.weigh(lesson);
  },

  /** Return the most centres, of 10 at most, with which the balloon is lost. */
  mostWithout(balloon, points, most) {
    let k = Math.min(10, most);
    while (k > 3 && this.isKept(balloon, kmeans.best(points, k).centers)) k--;
    return k;
  },

  /** Whether the balloon has a centre that is like it. */
  isKept({ color }, centers) {
    const colors = kmeans.toColors(centers);
    for (let i = 0; i < colors.length; i += 3) if (kmeans.squared(color, 0, colors, i) < 60 ** 2) return true;
    return false;
  },

  removeBalloon(lesson) {
    lesson.balloon = null;
    panels.one("#ring").hidden = true;
    lesson.session.repaint(lesson.session.original, 1);
    lesson.cloud.setPicture(lesson.session.picture);
  },

  /** Cluster anew with the weights that the slider says. */
  weigh(lesson) {
    const { balloon, session } = lesson;
    const power = Number(panels.one("#power").value);
    session.repaint(balloon.pixels, this.POWERS[power]);
    lesson.cloud.setPicture(session.picture);
    session.start(kmeans.best(session.points, balloon.k).centers);
    session.assign();
    session.past = [];
    session.isAtRest = true;
    lesson.selected = 0;
    lesson.refresh();
    lesson.say(
      `${balloon.k} colours, found with these votes: the balloon is ${this.isKept(balloon, session.centers) ? "kept" : "lost"}.`,
    );
    const ring = panels.one("#ring");
    ring.hidden = false;
    Object.assign(ring.style, {
      left: `${100 * balloon.x}%`,
      top: `${100 * balloon.y}%`,
      width: `${100 * 3.4 * balloon.radius}%`,
    });
    panels.tell({
      balloon: panels.percent(balloon.inside.length / session.pixelLabels.length),
      "balloon-k": balloon.k,
      power: this.TOLD[power],
    });
    this.tellBalloon(lesson);
  },

  tellBalloon({ balloon, session }) {
    const [own, given] = [
      [0, 0, 0],
      [0, 0, 0],
    ];
    for (const pixel of balloon.inside) {
      for (let axis = 0; axis < 3; axis++) {
        own[axis] += balloon.pixels[4 * pixel + axis] / balloon.inside.length;
        given[axis] += session.colors[3 * session.pixelLabels[pixel] + axis] / balloon.inside.length;
      }
    }
    panels.paintSwatch("balloon", own);
    panels.paintSwatch("lost", given);
  },
};
