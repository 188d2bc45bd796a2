/* What a press on a chart's steps means. A mouse goes where it is pressed. A finger may only want to scroll: it goes
   where it taps or is drawn sideways, and if the page takes it to scroll, the step is what it was. */

const SIDEWAYS = 8; // pixels

export class Grip {
  constructor(x, step, finger) {
    this.x = x;
    this.step = step; // before it
    this.follows = !finger;
  }

  /* Whether the step follows now. */
  move(x) {
    this.follows ||= Math.abs(x - this.x) > SIDEWAYS;
    return this.follows;
  }

  /* The step to go back to, null where nothing has followed. */
  cancel() {
    return this.follows ? this.step : null;
  }
}
