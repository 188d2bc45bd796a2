/* Steps by hand: the learning rate to drag along its ladder, and buttons that take one step, ten, or all that are left. */

import { slide } from "./page.js";

const RESTS_MS = 200;
const BUTTONS = { one: 1, ten: 10, all: Infinity }; // what they are called in words: how many steps they take

export class Hand {
  constructor(player, element) {
    Object.assign(this, { player, element, held: false, what: null });
    this.slider = element.querySelector("input");
    [this.nameElement, this.valueElement] = element.querySelectorAll(".rate span");
    this.buttons = [...element.querySelectorAll("button")];
    Object.values(BUTTONS).forEach((by, i) => { this.buttons[i].onclick = () => player.walk(by); });
    slide(element.querySelector(".track"), {
      at: () => this.what.rates.indexOf(player.rate),
      move: place => { this.held = true; player.steer(this.what.rates[place]); },
      rest: () => this.rest(),
    });
    this.slider.onpointerup = () => this.rest();
    this.slider.onkeydown = event => event.key !== "Escape" && event.stopPropagation(); // arrows move it, not the step
  }

  rest() {
    this.held = false;
    this.player.chooseSoon(RESTS_MS);
  }

  /* what: core.player.Hand as Python sends it. */
  show(what) {
    this.what = what ?? null;
    this.element.hidden = !what;
    if (!what) return;
    this.slider.max = what.rates.length - 1;
    this.slider.setAttribute("aria-label", what.words.rate);
    this.nameElement.textContent = what.words.rate;
    Object.keys(BUTTONS).forEach((name, i) => { this.buttons[i].textContent = what.words[name]; });
    this.buttons.at(-1).title = what.words.until;
  }

  tell() {
    const { player, what, slider } = this;
    if (!what) return;
    const value = String(player.rate);
    slider.value = what.rates.indexOf(player.rate);
    slider.style.setProperty("--done", slider.value / slider.max);
    slider.setAttribute("aria-valuetext", value);
    this.valueElement.textContent = value;
    for (const button of this.buttons) button.disabled = player.step >= player.data.steps;
  }
}
