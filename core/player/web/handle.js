/* What a reader takes hold of on a plane: a button over the point, as large as a finger. It is dragged, also by pressing
   anywhere on the plane with a mouse; a tap brings it there; arrow keys move it. A finger elsewhere scrolls the page. */

import { make } from "./page.js";
import { fill } from "./words.js";

const KEYS_REST_MS = 350;

export class Handle {
  constructor(player, cell) {
    Object.assign(this, { player, cell, held: null });
    this.element = make("button", "handle");
    this.element.type = "button";
    for (const place of [this.element, cell.picture]) {
      place.addEventListener("pointerdown", event => this.hold(event, place));
      place.addEventListener("pointermove", event => this.drag(event));
      place.addEventListener("pointerup", event => event.pointerId === this.held && this.drop());
      place.addEventListener("pointercancel", event => event.pointerId === this.held && this.cancel());
    }
    cell.picture.addEventListener("click", event => this.tap(event));
    this.element.addEventListener("keydown", event => this.key(event));
  }

  get able() {
    return Boolean(this.cell.view && this.player.plane && this.cell.chart.plane);
  }

  hold(event, place) {
    if (!this.able || event.button || this.held !== null) return;
    if (place !== this.element && (event.pointerType === "touch" || !this.cell.inPlot(event))) return;
    [this.held, this.before] = [event.pointerId, this.player.point];
    place.setPointerCapture(event.pointerId);
    if (place !== this.element) this.player.place(this.cell.pointAt(event));
  }

  drag(event) {
    if (event.pointerId === this.held && this.able) this.player.place(this.cell.pointAt(event));
  }

  drop() {
    this.held = null;
    this.player.choose();
  }

  cancel() {
    this.held = null;
    this.player.place(this.before);
  }

  tap(event) {
    if (!this.able || event.pointerType !== "touch" || !this.cell.inPlot(event)) return;
    this.player.place(this.cell.pointAt(event));
    this.player.choose();
  }

  key(event) {
    const by = (event.shiftKey ? 10 : 1) * (this.player.plane?.grid ?? 0);
    const way = { ArrowLeft: [0, -by], ArrowRight: [0, by], ArrowUp: [by, 0], ArrowDown: [-by, 0] }[event.key];
    if (!way || !this.able) return;
    event.preventDefault();
    event.stopPropagation(); // else the step moves too
    this.player.place(this.player.point.map((value, i) => value + way[i]));
    this.player.chooseSoon(KEYS_REST_MS);
  }

  /* Puts the button over the point, and says where that is. */
  follow() {
    const { element, cell, player } = this;
    element.hidden = !this.able;
    if (element.hidden) return;
    const [x, y] = cell.pixelOf(player.point);
    element.style.left = `${cell.picture.offsetLeft + x}px`;
    element.style.top = `${cell.picture.offsetTop + y}px`;
    element.setAttribute("aria-label", fill(player.plane.handle, { where: player.plane.words(player.point) }));
  }
}
