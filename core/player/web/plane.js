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
    this.hand = what.hand ?? null;
    this.drawn = String([what.point, this.hand?.rate]); // whose rows the charts hold
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

  /* The names of the data sets that `rows` makes. */
  get sets() {
    return ["guess", "residuals", "curve", ...(this.walkers.length ? ["paths"] : []), ...(this.hand ? ["hand"] : [])];
  }

  /* Whether the charts hold the rows of a point, and of a learning rate where steps are taken by hand. */
  shows(point, rate = this.hand?.rate) {
    return this.drawn === String([point, this.hand ? rate : undefined]);
  }

  /* Where each optimizer is after every step from a point. */
  paths(point, steered) {
    return this.walkers.map(({ name, row, rate }) => {
      const walker = new Walker(row, this.hand ? steered : rate, point);
      const path = [walker.at];
      for (let step = 1; step <= this.steps; step++) {
        walker.step(this.fit.gradient(walker.at));
        path.push(walker.at);
      }
      return { name, path };
    });
  }

  /* What a step from every point of a path does. */
  taken(path, rate) {
    return path.map(([c1, c2], step) => {
      const [g1, g2] = this.fit.gradient([c1, c2]);
      return { step, rate, c1, c2, g1, g2, n1: c1 - rate * g1, n2: c2 - rate * g2 };
    });
  }

  /* Rows by the name of their data set. */
  rows([c1, c2], rate = this.hand?.rate) {
    const { fit, x, y, curve, reach } = this;
    this.drawn = String([[c1, c2], rate]);
    const near = value => (Math.abs(value) < reach ? value : null);
    const paths = this.paths([c1, c2], rate);
    const walked = paths.flatMap(({ name, path }) =>
      path.map(([p1, p2], step) => ({ step, c1: near(p1), c2: near(p2), name })));
    return {
      guess: [{ c1, c2, words: this.words([c1, c2]) }],
      residuals: x.map((at, i) => ({ x: at, y: y[i], at: fit.value(c1, c2, at) })),
      curve: curve.map(at => ({ x: at, y: fit.value(c1, c2, at) })),
      ...(walked.length && { paths: walked }),
      ...(this.hand && { hand: this.taken(paths[0].path, rate) }),
    };
  }
}
