/* Small helpers of the player: elements, numbers, files. No state. */

function make(tag, className = "", text = "") {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = text;
  return element;
}

const fill = (template, values) => template.replace(/\{(\w+)\}/g, (_, name) => values[name]);

/* Three significant digits; plain numbers as long as they stay short. */
function readable(value) {
  const size = Math.abs(value);
  if (size >= 1000 && size < 1e6) return String(Number(value.toPrecision(3)));
  if (size !== 0 && (size < 1e-3 || size >= 1e6)) return value.toExponential(2).replace("e+", "e").replace("-", "−");
  return value.toPrecision(3).replace("-", "−");
}

/* An SVG of one shape, hidden from screen readers. */
function drawing(viewBox, shape, attributes) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const drawn = svg.appendChild(document.createElementNS("http://www.w3.org/2000/svg", shape));
  svg.setAttribute("viewBox", viewBox);
  svg.setAttribute("aria-hidden", "true");
  for (const [name, value] of Object.entries(attributes)) drawn.setAttribute(name, value);
  return svg;
}

const swatch = (colour, dash) =>
  drawing("0 0 26 6", "path", { d: "M0 3h26", stroke: colour, "stroke-width": 2.5, "stroke-dasharray": dash.join(" ") });

const unpack = bytes =>
  new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).json();

const sameBytes = (a, b) => a?.length === b.length && a.every((byte, i) => byte === b[i]);

function toCsv(rows) {
  const columns = [...new Set(rows.flatMap(row => Object.keys(row)))];
  const plain = value => String((Array.isArray(value) ? value.join(" ") : value) ?? "");
  const quoted = text => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const lines = [columns, ...rows.map(row => columns.map(column => row[column]))];
  return lines.map(line => line.map(cell => quoted(plain(cell))).join(",") + "\r\n").join("");
}

function download(blob, name) {
  const link = make("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

/* How much of the top Streamlit's header covers: nothing where it is transparent or left out (embedded pages). */
function headerHeight() {
  const header = document.querySelector("[data-testid=stHeader]");
  const covers = header && getComputedStyle(header).backgroundColor !== "rgba(0, 0, 0, 0)";
  return covers ? header.offsetHeight : 0;
}

/* Vega does not break a title; words break at spaces, Chinese anywhere. */
function brokenIntoLines(text, width, font) {
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

const NO_VALUES = ["v", "lang", "scene", "embed", "embed_options"];

/* The step the reader rests at stands in the address, without an entry in the history: a reload and a shared link
   open there. Null where the player opens by itself. */
function keepInAddress(step) {
  const url = new URL(location.href);
  const values = url.searchParams;
  if (step === null) values.delete("step");
  else values.set("step", step);
  if ([...values.keys()].every(name => NO_VALUES.includes(name))) values.delete("v");
  else if (!values.has("v")) url.search = `v=2&${values}`;
  if (url.href !== location.href) history.replaceState(history.state, "", url);
}
