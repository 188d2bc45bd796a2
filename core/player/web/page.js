/* Small helpers that need a page: elements, files, sizes. No state. */

export function make(tag, className = "", text = "") {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = text;
  return element;
}

/* An SVG of one shape, hidden from screen readers. */
export function drawing(viewBox, shape, attributes) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const drawn = svg.appendChild(document.createElementNS("http://www.w3.org/2000/svg", shape));
  svg.setAttribute("viewBox", viewBox);
  svg.setAttribute("aria-hidden", "true");
  for (const [name, value] of Object.entries(attributes)) drawn.setAttribute(name, value);
  return svg;
}

export const swatch = (colour, dash) =>
  drawing("0 0 26 6", "path", { d: "M0 3h26", stroke: colour, "stroke-width": 2.5, "stroke-dasharray": dash.join(" ") });

export function download(blob, name) {
  const link = make("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

/* A slider on its track: `at` says where it is, `move` takes it to a value, `rest` is called when the reader lets go.
   With a finger it takes presses at its thumb only, so that a swipe over it scrolls; a tap on the track goes there. */
export function slide(track, { at, move, rest = () => {} }) {
  const input = track.querySelector("input");
  let before;
  input.oninput = () => move(Number(input.value));
  input.onpointerdown = () => { before = at(); };
  input.onpointercancel = () => move(before); // the page scrolls: that was no press
  input.onchange = rest;
  track.onclick = event => {
    if (event.target !== track) return;
    const { left, width } = track.getBoundingClientRect();
    move(Math.round((input.max * (event.clientX - left)) / width));
    rest();
  };
}

/* Resolves once what stands on the page has been painted; soon even in a tab that is hidden, which paints nothing. */
export const painted = () =>
  new Promise(resolve => {
    requestAnimationFrame(() => setTimeout(resolve));
    setTimeout(resolve, 100);
  });

/* How much of the top Streamlit's header covers: nothing where it is transparent or left out (embedded pages). */
export function headerHeight() {
  const header = document.querySelector("[data-testid=stHeader]");
  const covers = header && getComputedStyle(header).backgroundColor !== "rgba(0, 0, 0, 0)";
  return covers ? header.offsetHeight : 0;
}

/* Vega does not break a title; words break at spaces, Chinese anywhere. */
export function brokenIntoLines(text, width, font) {
  const pen = document.createElement("canvas").getContext("2d");
  pen.font = font;
  const lines = [""];
  for (const piece of text.match(/\s*[\u3000-\uffef]|\s*[^\s\u3000-\uffef]+/g) ?? []) {
    const longer = lines.at(-1) + piece;
    if (pen.measureText(longer).width <= width) lines[lines.length - 1] = longer;
    else lines.push(piece.trim());
  }
  return lines.filter(Boolean);
}
