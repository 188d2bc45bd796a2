/* The one update rule in the browser, the twin of core/engine/rule.py: for what has to answer while it is dragged.
   Tests hold both together, step by step from the same state. */

export class Walker {
  /* row: the coefficients of core/catalogue/row.py; start: the parameters. */
  constructor(row, rate, start) {
    Object.assign(this, { row, rate, at: [...start], steps: 0 });
    this.m = start.map(() => 0);
    this.v = start.map(() => (row.a ? row.v0 : 0));
  }

  /* Takes one step against a gradient of as many numbers. */
  step(gradient) {
    const { row, rate } = this;
    this.steps += 1;
    const [bias1, bias2] = [row.beta1, row.beta2].map(beta => 1 - row.kappa * beta ** this.steps);
    this.at = this.at.map((theta, i) => {
      const g = gradient[i] + row.coupled * theta;
      const m = (this.m[i] = row.beta1 * this.m[i] + row.c1 * g);
      if (row.a) this.v[i] = row.beta2 * this.v[i] + row.c2 * g * g; // else no v is kept that could overflow
      const direction = m + row.nu * (g + row.beta1 * m - m);
      const divisor = row.a * Math.sqrt(this.v[i] / bias2) + row.floor;
      return (1 - rate * row.decoupled) * theta - ((rate / bias1) * direction) / divisor;
    });
  }
}
