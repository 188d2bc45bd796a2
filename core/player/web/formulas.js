/* Formulas with two coefficients, as pages/unknowns/formula_fit.py has them: their values and their slopes. */

export const FORMULAS = {
  line: { value: (w, b, x) => w * x + b, slopes: (w, b, x) => [x, 1] },
  parabola: { value: (a, c, x) => a * x * x + c, slopes: (a, c, x) => [x * x, 1] },
  sine: { value: (a, w, x) => a * Math.sin(w * x), slopes: (a, w, x) => [Math.sin(w * x), a * x * Math.cos(w * x)] },
};

/* The mean squared residual of points (x, y) under a formula, as a function of its coefficients. */
export class Fit {
  constructor(name, x, y) {
    Object.assign(this, FORMULAS[name], { x, y });
  }

  loss([c1, c2]) {
    return this.x.reduce((sum, x, i) => sum + (this.value(c1, c2, x) - this.y[i]) ** 2, 0) / this.x.length;
  }

  gradient([c1, c2]) {
    const sum = [0, 0];
    this.x.forEach((x, i) => {
      const residual = this.value(c1, c2, x) - this.y[i];
      this.slopes(c1, c2, x).forEach((slope, k) => { sum[k] += 2 * residual * slope; });
    });
    return sum.map(one => one / this.x.length);
  }
}
