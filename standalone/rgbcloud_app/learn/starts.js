import { kmeans } from "./kmeans.js";
import { panels } from "./panels.js";

/** Why the result depends on the start. */
export const starts = {
  K: 5,
  MANY: 20, // are tried for a bad one
  TRIES: 10,

  begin(lesson) {
    lesson.begin(this.K, 0);
    panels.one("#tries").replaceChildren();
    lesson.say("Five pixels, drawn at random. Try a bad start, or ten.");
  },

  /** Run the start, of many, that ends worst. */
  runBad(lesson) {
    const errors = this.ends(lesson, this.MANY).map(({ error }) => error);
    const [least, most] = [Math.min(...errors), Math.max(...errors)];
    lesson.begin(this.K, errors.indexOf(most));
    lesson.run();
    const more = panels.percent(most / least - 1);
    lesson.say(`This one will end ${more} above the best of ${this.MANY}. Watch where its centres go.`);
  },

  /** Follow ten starts to their ends, and offer them. */
  offerTen(lesson) {
    lesson.halt();
    const ends = this.ends(lesson, this.TRIES);
    const errors = ends.map(({ error }) => error);
    const [least, most] = [Math.min(...errors), Math.max(...errors)];
    panels.one("#tries").replaceChildren(
      ...ends.map((end, seed) => {
        const more = end.error / least - 1;
        const text = more < 0.005 ? "best" : `+${Math.round(100 * more)} %`;
        return panels.madeOffer(end, end.error / most, text, `Start ${seed + 1}`, () =>
          this.show(lesson, seed),
        );
      }),
    );
    lesson.say(
      `Ten starts: the worst ends ${panels.percent(most / least - 1)} above the best. Click on one.`,
    );
  },

  /** Follow one start to its end, and show it with all its steps. */
  show(lesson, seed) {
    lesson.begin(this.K, seed);
    const { session } = lesson;
    while (!session.isAtRest) {
      session.assign();
      session.update();
    }
    lesson.refresh();
    const steps = session.curve.length;
    lesson.say(`Start ${seed + 1} came to rest after ${steps} steps. Error ${panels.count(session.error)}.`);
  },

  ends(lesson, count) {
    const k = Math.min(this.K, lesson.most);
    const { points } = lesson.session;
    return Array.from({ length: count }, (_, seed) => kmeans.settle(points, lesson.startOf(k, seed)));
  },
};
