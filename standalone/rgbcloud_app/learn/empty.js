import { kmeans } from "./kmeans.js";
import { panels } from "./panels.js";

/** A centre that nobody joins, and how it is helped. */
export const empty = {
  /** Put the chosen centre where no colour is: into the corner of the cube that least would join. */
  strand(lesson) {
    const { session, selected } = lesson;
    const corners = Array.from({ length: 8 }, (_, i) =>
      [i & 1, (i >> 1) & 1, i >> 2].map((bit) => 255 * bit),
    );
    const places = corners.map((corner) => kmeans.toSteps(corner));
    const joining = places.map((place) => this.joining(session, selected, place));
    lesson.moveCenter(selected, places[joining.indexOf(Math.min(...joining))]);
    const used = session.sizes.filter((size) => size > 0).length;
    const pixels = panels.count(session.sizes[selected]);
    const text = `Centre ${selected + 1} has ${pixels} pixels: K is ${session.k}, but the picture has ${used} colours.`;
    panels.tell({ empty: `${text} Press Run: nothing helps it.` });
  },

  /** Return the weight of what would join a centre at a place; the farther, the less, where nothing would. */
  joining({ points, centers, k }, index, place) {
    const moved = centers.slice();
    moved.set(place, 3 * index);
    const { weights } = kmeans.sums(points, kmeans.assign(points, moved), k);
    let nearest = Infinity;
    for (let i = 0; i < points.count; i++) {
      nearest = Math.min(nearest, kmeans.squared(points.steps, 3 * i, place, 0));
    }
    return weights[index] || -nearest;
  },

  /** Put an empty centre, else the chosen one, to the point that adds most to the error. */
  rescue(lesson) {
    const { session } = lesson;
    const { points, labels, centers } = session;
    const found = session.sizes.indexOf(0);
    const index = found < 0 ? lesson.selected : found;
    const costs = points.weights.map(
      (weight, i) => weight * kmeans.squared(points.steps, 3 * i, centers, 3 * labels[i]),
    );
    const worst = costs.indexOf(costs.reduce((one, other) => Math.max(one, other)));
    lesson.moveCenter(index, points.steps.slice(3 * worst, 3 * worst + 3));
    lesson.run();
    panels.tell({ empty: `Centre ${index + 1} began anew where the picture had suffered most.` });
  },
};
