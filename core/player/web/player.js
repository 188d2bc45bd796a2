/* The player in the browser: one bar, one step, and the charts that follow it. Python sends what to show
   (gzipped JSON); nothing goes back but the step at which the reader comes to rest, the point that is let
   go of, and what is picked. */

import { keepInAddress } from "./address.js";
import { Cell, loadVega, themeOf } from "./chart.js";
import { Clock, Walk } from "./clock.js";
import { sameBytes, unpack } from "./data.js";
import { Hand } from "./hand.js";
import { headerHeight, make, painted, slide, swatch } from "./page.js";
import { Plane } from "./plane.js";
import { fill, readable } from "./words.js";

const SETTLED_MS = 400;
const SPEEDS = [0.25, 0.5, 1, 2, 4];
const PARTS = ["play", "previous", "next", "scrubber", "track", "number", "speed", "readout", "announcement", "hand", "charts", "tip"];

const players = new WeakMap();
const places = new Map(); // where the reader was, by player key: a remount must not lose it

/* Streamlit calls this again whenever the data or the theme changes. */
export default function ({ data, parentElement, setStateValue }) {
  if (!players.has(parentElement)) players.set(parentElement, new Player(dressed(parentElement)));
  const player = players.get(parentElement);
  const turn = player.receive(data, setStateValue);
  return () => {
    if (turn !== player.turn) return; // a newer call has taken over this mount
    players.delete(parentElement);
    player.destroy();
  };
}

/* LOOK, the markup, the styles and what is said where all fails, comes before all modules in the file that is served. */
function dressed(parentElement) {
  const style = make("style", "", LOOK.css);
  parentElement.innerHTML = LOOK.html;
  parentElement.prepend(style);
  return parentElement.querySelector(".player");
}

class Player {
  constructor(root) {
    this.root = root;
    root.player = this; // for the console, the tests and the benchmark
    this.turn = 0;
    this.cells = new Map();
    this.step = 0;
    this.speed = 1;
    this.clock = null; // of the play that is on
    this.busy = false;
    this.choosing = false; // what has been moved is soon to be reported
    [this.plane, this.point, this.rate] = [null, null, null]; // what is dragged, where it is, and how far it steps
    this.still = window.matchMedia("(prefers-reduced-motion: reduce)");
    for (const part of PARTS) this[`${part}Element`] = root.querySelector(`.${part}`);
    this.tip = (handler, event, item, value) => this.showTip(event, value);
    this.resizer = new ResizeObserver(() => this.fit());
    for (const element of [this.chartsElement, this.readoutElement]) this.resizer.observe(element);
    this.watcher = new IntersectionObserver(seen => this.watch(seen), { rootMargin: "200px" });
    this.hand = new Hand(this, this.handElement);
    this.wire();
  }

  get playing() {
    return this.clock !== null;
  }

  fit() {
    this.cells.forEach(cell => cell.fit());
    this.fitReadout();
  }

  fitReadout() {
    const { readoutElement: list } = this;
    if (list.scrollWidth > list.clientWidth) list.tabIndex = 0; // so that keys can scroll it
    else list.removeAttribute("tabindex");
  }

  watch(seen) {
    for (const cell of this.cells.values()) {
      const now = seen.findLast(one => one.target === cell.element)?.isIntersecting;
      if (now !== undefined) cell.seen = now;
    }
    this.request();
  }

  wire() {
    this.playElement.onclick = () => (this.playing ? this.pause() : this.play());
    this.previousElement.onclick = () => this.move(-1);
    this.nextElement.onclick = () => this.move(1);
    slide(this.trackElement, { at: () => this.step, move: step => { this.pause(); this.go(step); } });
    this.speedElement.replaceChildren(...SPEEDS.map(speed => new Option(`${speed}×`, speed, speed === 1, speed === 1)));
    this.speedElement.onchange = () => { this.speed = Number(this.speedElement.value); };
    this.root.onkeydown = event => this.key(event);
    this.root.onpointerdown = event => this.closeMenus(event.target);
  }

  closeMenus(except = null) {
    for (const menu of this.root.querySelectorAll("details[open]")) if (!menu.contains(except)) menu.open = false;
  }

  /* Takes a message from Python; returns the number of this call, by which a late answer knows that it is stale. */
  receive(bytes, report) {
    this.report = report;
    this.turn += 1;
    const turn = this.turn;
    this.update(turn, bytes).catch(error => turn === this.turn && this.broken(error));
    return turn;
  }

  /* A message that cannot be read, in a browser that is too old for one. */
  broken(error) {
    if (this.data) return this.cells.forEach(cell => this.failed(cell, error));
    console.error(error);
    this.chartsElement.textContent = LOOK.failed[document.documentElement.lang] ?? LOOK.failed.en;
  }

  async update(turn, bytes) {
    const data = sameBytes(this.bytes, bytes) ? this.data : await unpack(bytes);
    if (turn !== this.turn) return;
    if (data !== this.data) this.accept(data);
    this.bytes = bytes;
    this.root.style.setProperty("--header", `${headerHeight()}px`);
    const theme = themeOf(this.root);
    const vegaEmbed = loadVega(data.bundle);
    for (const cell of [...this.cells.values()]) {
      if (turn !== this.turn) return;
      const view = cell.view;
      await cell.show(vegaEmbed, theme).catch(error => turn === this.turn && this.failed(cell, error));
      if (cell.view !== view) await painted(); // a first chart need not wait for the last
    }
    if (turn !== this.turn || !this.plane) return;
    if (this.moved) this.plane.drawn = null; // charts that have come since the reader moved the point lack its rows
    this.follow();
  }

  accept(data) {
    const first = !this.data;
    const place = first ? places.get(data.key) : { opened: this.opened, step: this.step };
    const stay = String(place?.opened) === String(data.opened);
    [this.data, this.opened] = [data, data.opened];
    if (!stay) this.pause();
    if (first) this.chartsElement.replaceChildren();
    this.label(data.text);
    const held = this.choosing || this.hand.held || [...this.cells.values()].some(cell => cell.handle?.held != null);
    this.plane = data.plane && new Plane(data.plane);
    if (!held || !this.plane) [this.point, this.rate] = [this.plane?.point ?? null, this.plane?.hand?.rate ?? null];
    this.hand.show(this.plane?.hand);
    this.layOut(data);
    this.scrubberElement.max = data.steps;
    const known = first && !stay; // by Python, which opened it there
    if (known) this.reported = String([data.step, data.opened]);
    // else the step goes into the address again: whoever has just written that knows an older one, or none
    this.go(stay ? place.step : data.step, { quietly: known });
    this.tell();
    this.fitReadout();
  }

  label(text) {
    this.root.setAttribute("aria-label", text.label);
    for (const part of ["previous", "next", "scrubber", "speed"]) {
      this[`${part}Element`].setAttribute("aria-label", text[part]);
      this[`${part}Element`].title = text[part];
    }
    this.showPlaying();
  }

  layOut({ charts, series, text, steps }) {
    this.root.classList.toggle("still", !steps); // nothing to play
    const before = this.cells;
    this.cells = new Map(charts.map(chart => [chart.name, before.get(chart.name) ?? new Cell(this)]));
    for (const [name, cell] of before) if (!this.cells.has(name)) cell.destroy();
    for (const [name, cell] of this.cells) if (!before.has(name)) this.watcher.observe(cell.element);
    charts.forEach(chart => this.cells.get(chart.name).describe(chart, text));
    const order = [...this.cells.values()].map(cell => cell.element);
    if (order.some((element, i) => element !== this.chartsElement.children[i])) this.chartsElement.append(...order);
    this.readoutElement.hidden = !series.length;
    this.readoutElement.replaceChildren(...series.map(one => {
      const chip = make("li");
      chip.append(swatch(one.colour, one.dash), make("span", "name", one.name), make("span", "value"));
      return chip;
    }));
  }

  play() {
    const { steps, event } = this.data;
    if (this.step >= steps) this.go(0);
    this.run(new Clock(steps, { from: this.step, event, jumps: this.still.matches }));
  }

  run(clock) {
    this.clock = clock;
    this.last = null;
    this.showPlaying();
    this.request();
  }

  /* So many steps, one after the other. */
  walk(by) {
    const to = Math.min(this.step + by, this.data.steps);
    if (by === 1 || this.still.matches) this.move(to - this.step);
    else this.run(new Walk(this.step, to));
  }

  pause() {
    if (!this.playing) return;
    this.clock = null;
    this.showPlaying();
    this.settle();
  }

  move(by) {
    this.pause();
    this.go(this.step + by);
  }

  go(step, { quietly = false } = {}) {
    this.step = Math.min(Math.max(step, 0), this.data.steps);
    places.set(this.data.key, { opened: this.opened, step: this.step });
    this.request();
    if (!quietly) this.settle();
  }

  key(event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const target = event.target;
    if (event.key === "Escape") this.closeMenus();
    if (target === this.speedElement || (event.key === " " && target.matches("button, summary"))) return; // their own keys
    const by = event.shiftKey ? 10 : 1;
    const action = {
      " ": () => this.playElement.click(),
      ArrowLeft: () => this.move(-by),
      ArrowRight: () => this.move(by),
      Home: () => this.move(-Infinity),
      End: () => this.move(Infinity),
    }[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  }

  /* One frame at a time, all charts in it: a slow frame skips steps instead of piling them up. */
  request() {
    if (this.busy) return;
    this.busy = true;
    requestAnimationFrame(time => this.frame(time));
  }

  async frame(time) {
    if (this.playing) this.advance(time);
    const step = this.step;
    this.tell();
    await Promise.all([...this.cells.values()].map(cell => cell.draw(step).catch(error => this.failed(cell, error))));
    this.busy = false;
    if (this.playing || this.step !== step) this.request();
  }

  advance(time) {
    const elapsed = Math.min(time - (this.last ?? time), 250); // a hidden tab must not jump on return
    this.last = time;
    this.go(this.clock.advance(elapsed, this.speed), { quietly: true });
    if (this.clock.ended) this.pause();
  }

  /* The point goes to the nearest that can be chosen, and all that follows from it follows here. */
  place(point) {
    const to = this.plane.snapped(point);
    if (String(to) === String(this.point)) return;
    this.point = to;
    if (this.plane.hand && this.step) {
      this.pause();
      this.go(0, { quietly: true }); // said with the point, not beside it: two reports at once cross each other
    }
    this.follow();
  }

  /* The learning rate of steps by hand. */
  steer(rate) {
    if (rate === this.rate) return;
    this.rate = rate;
    this.follow();
  }

  follow() {
    const { plane, point, rate } = this;
    this.hand.tell();
    this.placeHandles();
    this.fade();
    if (plane.shows(point, rate)) return;
    const rows = plane.rows(point, rate);
    for (const cell of this.cells.values()) cell.put(rows).catch(error => this.failed(cell, error));
  }

  /* What does not follow the point pales until Python has drawn it anew. */
  fade() {
    this.readoutElement.classList.toggle("stale", this.moved);
    for (const cell of this.cells.values())
      cell.element.classList.toggle("stale", this.moved && !cell.holds(this.plane.sets));
  }

  /* Whether the reader has left what Python knows of. */
  get moved() {
    const { point, hand } = this.plane;
    return String(this.point) !== String(point) || (hand !== null && this.rate !== hand.rate);
  }

  placeHandles() {
    for (const cell of this.cells.values()) cell.handle?.follow();
  }

  /* Several presses of a key are one choice; until it is made, no answer to an older one takes back what they moved. */
  chooseSoon(milliseconds) {
    this.choosing = true;
    clearTimeout(this.chooseTimer);
    this.chooseTimer = setTimeout(() => { this.choosing = false; this.choose(); }, milliseconds);
  }

  /* The reader has let go of the point, or of the learning rate. */
  choose() {
    if (!this.moved) return this.settle();
    this.announcementElement.textContent = this.plane.words(this.point);
    this.report("point", { at: this.point, rate: this.rate, when: Date.now() });
  }

  /* The reader has pressed a mark that picks something. */
  pick(name) {
    this.report("pick", { at: name, when: Date.now() });
  }

  /* What went wrong in a chart is said in its place. */
  failed(cell, error) {
    console.error(error);
    cell.fail(this.data.text.failed);
  }

  showPlaying() {
    const label = this.data.text[this.playing ? "pause" : "play"];
    this.playElement.setAttribute("aria-label", label);
    this.playElement.title = label;
    this.playElement.classList.toggle("playing", this.playing);
  }

  /* Everything outside the charts that names the step. */
  tell() {
    const { step, data } = this;
    this.scrubberElement.value = step;
    this.scrubberElement.style.setProperty("--done", data.steps ? step / data.steps : 0);
    this.scrubberElement.setAttribute("aria-valuetext", fill(data.text.at_step, { step, steps: data.steps }));
    this.numberElement.textContent = `${step} / ${data.steps}`;
    this.hand.tell();
    data.series.forEach((one, i) => {
      const value = one.values[step];
      this.readoutElement.children[i].lastChild.textContent = value == null ? data.text.nothing : readable(value);
    });
  }

  /* At rest: say where we are to those who listen and to Python, once, not at every step on the way. */
  settle() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      if (this.playing) return;
      const { step, data } = this;
      const there = data.series.filter(one => one.values[step] != null);
      const values = there.map(one => `${one.name} ${readable(one.values[step])}`).join(data.text.separator);
      const template = values ? data.text.announcement : data.text.at_step;
      const said = fill(template, { step, steps: data.steps, values });
      if (this.announcementElement.textContent !== said) this.announcementElement.textContent = said;
      if (data.usual !== null) keepInAddress(step === data.usual ? null : step);
      if (String([step, this.opened]) === this.reported) return;
      this.reported = String([step, this.opened]);
      this.report("step", { at: step, opened: this.opened });
    }, SETTLED_MS);
  }

  /* Vega's own tooltip would hang outside our styles; this one is text only and keeps within the player. */
  showTip(event, value) {
    const tip = this.tipElement;
    tip.hidden = value == null || value === "";
    if (tip.hidden) return;
    const rows = typeof value === "object" ? Object.entries(value) : [["", value]];
    tip.replaceChildren(...rows.flatMap(([name, text]) => [make("span", "name", name), make("span", "value", text)]));
    const frame = this.root.getBoundingClientRect();
    const left = Math.min(event.clientX - frame.left + 14, frame.width - tip.offsetWidth);
    const above = event.clientY - frame.top - tip.offsetHeight - 12;
    tip.style.transform = `translate(${Math.max(left, 0)}px, ${above}px)`;
  }

  destroy() {
    this.turn += 1;
    this.clock = null;
    clearTimeout(this.timer);
    this.resizer.disconnect();
    this.watcher.disconnect();
    this.cells.forEach(cell => cell.destroy());
  }
}
