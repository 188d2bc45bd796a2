import assert from "node:assert/strict";
import { test } from "node:test";

import { ALL_STEPS_MS, Clock, HOLD_MS, JUMPS, STEP_MS, Walk, WHOLE_RUN_MS } from "../../core/player/web/clock.js";

/* Steps after every so many milliseconds, until the end. */
function walk(clock, tick = 10, speed = 1) {
  const seen = [];
  for (let time = 0; !clock.ended && time < 20 * WHOLE_RUN_MS; time += tick) seen.push(clock.advance(tick, speed));
  return seen;
}

test("a play takes the whole time, and a quarter of the steps half of it", () => {
  for (const steps of [1, 8, 384, 10000]) {
    const seen = walk(new Clock(steps));
    assert.equal(seen.length * 10, WHOLE_RUN_MS);
    assert.equal(seen.at(-1), steps);
    if (steps > 8) assert.ok(Math.abs(seen[seen.length / 2] - steps / 4) <= steps / 100 + 1);
  }
});

test("steps never go back, and none before the start is shown", () => {
  for (const from of [0, 17, 300]) {
    const seen = walk(new Clock(384, { from }));
    assert.ok(seen[0] >= from);
    assert.ok(seen.every((step, i) => Number.isInteger(step) && (i === 0 || step >= seen[i - 1])));
  }
});

test("a play holds at its event, as long at any speed, and then goes on", () => {
  for (const speed of [0.25, 1, 4]) {
    const seen = walk(new Clock(384, { event: 61 }), 10, speed);
    const held = seen.filter(step => step === 61).length * 10;
    const usual = walk(new Clock(384), 10, speed).filter(step => step === 61).length * 10;
    assert.ok(Math.abs(held - usual - HOLD_MS) <= 60 / speed + 20, `${held} ms at ${speed}`);
    assert.equal(seen.at(-1), 384);
    assert.ok(seen.includes(61));
  }
});

test("an event at the start, at the end or before the start holds nothing up", () => {
  for (const event of [0, 100, 384, null]) assert.equal(walk(new Clock(384, { from: 100, event })).length, walk(new Clock(384, { from: 100 })).length);
});

test("with reduced motion the play jumps", () => {
  const seen = new Set(walk(new Clock(400, { jumps: true })));
  assert.ok(seen.size <= JUMPS + 1);
  assert.ok(seen.has(400));
});

test("a run without steps has ended", () => assert.ok(new Clock(0).ended));

test("steps by hand come one after the other, and many of them take no longer than a while", () => {
  for (const [from, to] of [[0, 10], [5, 6], [0, 1000]]) {
    const clock = new Walk(from, to);
    const seen = walk(clock);
    assert.ok(seen.every((step, i) => step >= (seen[i - 1] ?? from)));
    assert.equal(seen.at(-1), to);
    assert.ok(seen.length * 10 <= Math.min((to - from) * STEP_MS, ALL_STEPS_MS) + 10);
    if (to - from <= 10) assert.equal(new Set([from, ...seen]).size, to - from + 1);
  }
  assert.ok(new Walk(3, 3).ended);
});
