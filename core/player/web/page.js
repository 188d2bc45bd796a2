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
