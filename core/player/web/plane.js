/* A point that a reader drags over a map of two coefficients, and all that follows from where it is: the rows that
   Python would send for it, made here. No page: numbers in, rows out. */

import { Fit } from "./formulas.js";
import { Walker } from "./rule.js";
import { fill } from "./words.js";

const signed = value => value.toFixed(2).replace("-", "−");

export class Plane {
  /* what: core.player.Plane as Python sends it. */
  constructor(what) {
    Object.assign(this, what);
    this.drawn = what.point; // whose rows the charts hold
    this.fit = new Fit(what.formula, what.x, what.y);
  }

  /* The nearest point that can be chosen. */
  snapped(point) {
    const { low, high, grid } = this;
    return point.map(value => Number((Math.round(Math.min(Math.max(value, low), high) / grid) * grid).toFixed(6)));
  }

  /* A point in words. */
  words([c1, c2]) {
    return fill(this.said, { c1: signed(c1), c2: signed(c2), loss: this.fit.loss([c1, c2]).toPrecision(3) });
  }

  /* Where each optimizer is after every step from a point. */
  paths(point) {
    return this.walkers.map(({ name, row, rate }) => {
      const walker = new Walker(row, rate, point);
      const path = [walker.at];
      for (let step = 1; step <= this.steps; step++) {
        walker.step(this.fit.gradient(walker.at));
        path.push(walker.at);
      }
      return { name, path };
    });
  }

  /* Rows by the name of their data set. */
  rows([c1, c2]) {
    const { fit, x, y, curve, reach } = this;
    const near = value => (Math.abs(value) < reach ? value : null);
    const walked = this.paths([c1, c2]).flatMap(({ name, path }) =>
      path.map(([p1, p2], step) => ({ step, c1: near(p1), c2: near(p2), name })));
    return {
      guess: [{ c1, c2, words: this.words([c1, c2]) }],
      residuals: x.map((at, i) => ({ x: at, y: y[i], at: fit.value(c1, c2, at) })),
      curve: curve.map(at => ({ x: at, y: fit.value(c1, c2, at) })),
      ...(walked.length && { paths: walked }),
    };
  }
}
