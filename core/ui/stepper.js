/* A ladder as a stepper. Python sends the labels and the place; the place comes back once the reader has settled,
   with the time: the same place chosen again after a Back is a choice too. */
const SETTLED_MS = 350; // several presses in a row are one choice

export default function ({ data, parentElement, setStateValue }) {
  const part = name => parentElement.querySelector(name);
  const track = part(".track"), last = data.labels.length - 1;
  let at = data.at, timer, held = null, from = 0;

  const show = place => {
    at = Math.min(Math.max(place, 0), last);
    part(".ladder").style.setProperty("--at", last ? at / last : 0);
    part(".ladder").classList.toggle("disabled", data.disabled);
    part("output").textContent = data.labels[at];
    part(".less").disabled = data.disabled || at === 0;
    part(".more").disabled = data.disabled || at === last;
    track.setAttribute("aria-valuenow", at);
    track.setAttribute("aria-valuetext", data.labels[at]);
  };
  const settle = ms => {
    clearTimeout(timer);
    timer = setTimeout(() => at !== data.at && setStateValue("at", { place: at, when: Date.now() }), ms);
  };
  const go = place => {
    if (data.disabled) return;
    show(place);
    settle(SETTLED_MS);
  };
  const under = event => {
    const box = track.getBoundingClientRect();
    show(Math.round(((event.clientX - box.left) / box.width) * last));
  };

  part(".label").textContent = data.label;
  track.setAttribute("aria-label", data.label);
  track.setAttribute("aria-valuemin", 0);
  track.setAttribute("aria-valuemax", last);
  track.setAttribute("aria-disabled", data.disabled);
  part(".less").setAttribute("aria-label", data.less);
  part(".more").setAttribute("aria-label", data.more);
  part(".less").onclick = () => go(at - 1);
  part(".more").onclick = () => go(at + 1);
  track.onkeydown = event => {
    const to = { ArrowLeft: at - 1, ArrowDown: at - 1, ArrowRight: at + 1, ArrowUp: at + 1, Home: 0, End: last }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    go(to);
  };
  track.onpointerdown = event => {
    if (data.disabled || event.button) return;
    [held, from] = [event.pointerId, at];
    track.setPointerCapture(held);
    if (event.pointerType === "mouse") under(event);
  };
  track.onpointermove = event => { if (event.pointerId === held) under(event); };
  track.onpointerup = event => {
    if (event.pointerId !== held) return;
    held = null;
    under(event);
    settle(0);
  };
  track.onpointercancel = event => { // the page scrolls instead
    if (event.pointerId !== held) return;
    held = null;
    show(from);
  };
  show(at);
  return () => clearTimeout(timer);
}
