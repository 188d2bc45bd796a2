/* Where a play stands. Time grows with the square root of the step, so that the early steps, where most happens, get
   more of it; a play holds for a while at the event that the figure is about. No page, no timer: milliseconds in, a
   step out. */

export const WHOLE_RUN_MS = 8000;
export const HOLD_MS = 1200;
export const JUMPS = 20; // with reduced motion, play moves in this many jumps

const timeOf = (step, steps) => WHOLE_RUN_MS * Math.sqrt(step / steps);
const stepAt = (time, steps) => steps * Math.min(time / WHOLE_RUN_MS, 1) ** 2;

export const STEP_MS = 90; // of steps taken one by one
export const ALL_STEPS_MS = 2500; // they take no longer

/* Steps at an even pace, as one takes them by hand. */
export class Walk {
  constructor(from, to) {
    Object.assign(this, { from, to, time: 0, step: from });
    this.pace = Math.min(STEP_MS, ALL_STEPS_MS / Math.max(to - from, 1));
  }

  get ended() {
    return this.step >= this.to;
  }

  advance(elapsed) {
    this.time += elapsed;
    this.step = Math.min(this.to, this.from + Math.floor(this.time / this.pace));
    return this.step;
  }
}

export class Clock {
  constructor(steps, { from = 0, event = null, jumps = false } = {}) {
    this.steps = steps;
    this.event = event !== null && event > from && event < steps ? event : null;
    this.stride = jumps ? Math.max(steps / JUMPS, 1) : 1;
    this.time = steps ? timeOf(from, steps) : WHOLE_RUN_MS;
    this.step = from;
    this.held = 0; // what is left of a hold
  }

  get ended() {
    return this.step >= this.steps;
  }

  /* Returns the step after so many more milliseconds. A hold lasts as long at any speed. */
  advance(elapsed, speed = 1) {
    const waited = Math.min(this.held, elapsed);
    this.held -= waited;
    this.time += (elapsed - waited) * speed;
    const position = stepAt(this.time, this.steps);
    if (this.event !== null && position >= this.event) {
      [this.step, this.time, this.held] = [this.event, timeOf(this.event, this.steps), HOLD_MS];
      this.event = null;
      return this.step;
    }
    const reached = position >= this.steps ? this.steps : Math.round(this.stride * Math.floor(position / this.stride));
    this.step = Math.max(this.step, reached);
    return this.step;
  }
}
