/* A ladder as a stepper. Python sends the labels and the place; the place comes back with the time: the same place
   chosen again after a Back is a choice too. */
const SETTLED_MS = 350; // the first press is answered at once; of those that follow as quickly, only the last

const steppers = new WeakMap();

/* Streamlit calls this again whenever the data changes, also while the reader goes on pressing. */
export default function ({ data, parentElement, setStateValue }) {
  if (!steppers.has(parentElement)) steppers.set(parentElement, new Stepper(parentElement));
  const stepper = steppers.get(parentElement);
  const turn = stepper.receive(data, place => setStateValue("at", { place, when: Date.now() }));
  return () => {
    if (turn !== stepper.turn) return; // a newer call has taken over
    steppers.delete(parentElement);
    clearTimeout(stepper.timer);
  };
}

class Stepper {
  constructor(root) {
    this.part = name => root.querySelector(name);
    this.track = this.part(".track");
    this.turn = 0;
    this.timer = null; // of a choice that is not sent yet
    this.sent = -Infinity;
    this.held = null; // the pointer on the track
    this.wire();
  }

  receive(data, send) {
    [this.data, this.send, this.last] = [data, send, data.labels.length - 1];
    this.describe();
    this.show(this.timer !== null || this.held !== null ? this.at : data.at);
    return ++this.turn;
  }

  describe() {
    const { data, track } = this;
    this.part(".label").textContent = data.label;
    const said = { label: data.label, valuemin: 0, valuemax: this.last, disabled: data.disabled };
    for (const [name, value] of Object.entries(said)) track.setAttribute(`aria-${name}`, value);
    for (const way of ["less", "more"]) this.part(`.${way}`).setAttribute("aria-label", data[way]);
    this.part(".ladder").classList.toggle("disabled", data.disabled);
  }

  show(place) {
    const { data, last } = this;
    this.at = Math.min(Math.max(place, 0), last);
    this.part(".ladder").style.setProperty("--at", last ? this.at / last : 0);
    this.part("output").textContent = data.labels[this.at];
    this.part(".less").disabled = data.disabled || this.at === 0;
    this.part(".more").disabled = data.disabled || this.at === last;
    this.track.setAttribute("aria-valuenow", this.at);
    this.track.setAttribute("aria-valuetext", data.labels[this.at]);
  }

  choose(place) {
    if (this.data.disabled) return;
    this.show(place);
    this.settle(performance.now() - this.sent < SETTLED_MS ? SETTLED_MS : 0);
  }

  settle(ms) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.timer = null;
      if (this.at === this.data.at) return;
      this.sent = performance.now();
      this.send(this.at);
    }, ms);
  }

  wire() {
    const { track } = this;
    this.part(".less").onclick = () => this.choose(this.at - 1);
    this.part(".more").onclick = () => this.choose(this.at + 1);
    track.onkeydown = event => this.key(event);
    track.onpointerdown = event => this.grab(event);
    track.onpointermove = event => { if (event.pointerId === this.held) this.follow(event); };
    track.onpointerup = event => {
      if (event.pointerId !== this.held) return;
      this.held = null;
      this.follow(event);
      this.settle(0);
    };
    track.onpointercancel = event => { // the page scrolls instead
      if (event.pointerId !== this.held) return;
      this.held = null;
      this.show(this.from);
    };
  }

  key(event) {
    const { at, last } = this;
    const to = { ArrowLeft: at - 1, ArrowDown: at - 1, ArrowRight: at + 1, ArrowUp: at + 1, Home: 0, End: last }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    this.choose(to);
  }

  grab(event) {
    if (this.data.disabled || event.button) return;
    [this.held, this.from] = [event.pointerId, this.at];
    this.track.setPointerCapture(this.held);
    if (event.pointerType === "mouse") this.follow(event);
  }

  follow(event) {
    const box = this.track.getBoundingClientRect();
    this.show(Math.round(((event.clientX - box.left) / box.width) * this.last));
  }
}
