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

/** Return what lies between two lists of numbers: at 0 the one, at 1 the other. */
export const between = (one, other, part) => one.map((value, i) => value + (other[i] - value) * part);
