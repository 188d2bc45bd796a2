/* One chart of the player: its figure, its Vega view, and what can be saved of it. */

import { csvOf, partsOf } from "./data.js";
import { Grip } from "./grip.js";
import { Handle } from "./handle.js";
import { brokenIntoLines, download, drawing, make } from "./page.js";
import { fill } from "./words.js";

const EXPORT_WIDTH = 560; // a picture saved on a phone should still be worth a slide
// not much higher than wide: a high window would draw curves steeper than they are meant to look
const FOLLOWS_SCREEN = "clamp(220px, min(100svh - var(--above, 20rem), 130cqw * var(--wide) / 12), 900px)";
const LOW_SCREEN = "max(220px, 100svh - 10rem)"; // the bar and a chart fit it
const QUIET = { actions: false, defaultStyle: false }; // no menu and no style sheet of vega-embed's own

let vega; // the promise of vegaEmbed, one for all players

/* The app may live under a path of its own, so the address is taken from Streamlit's own scripts. */
export function loadVega(path) {
  const mark = "/static/js/";
  const own = [...document.scripts].map(script => script.src).find(src => src.includes(mark));
  const root = own ? own.slice(0, own.indexOf(mark)) : window.location.origin;
  vega ??= import(root + path).then(() => window.vegaEmbed);
  vega.catch(() => { vega = undefined; }); // so that the next message tries again
  return vega;
}

export function themeOf(element) {
  const style = getComputedStyle(element);
  const value = name => style.getPropertyValue(`--st-${name}`).trim();
  const [text, grid, font] = [value("text-color"), value("border-color-light"), value("font")];
  const labels = { labelColor: text, titleColor: text, labelFontSize: 12, titleFontSize: 12, titleFontWeight: 500 };
  return {
    background: value("background-color"),
    text,
    config: {
      background: "transparent",
      aria: false, // marking up every point would only slow a frame
      font,
      padding: { left: 0, top: 4, right: 4, bottom: 4 },
      title: { color: text, fontSize: 14, fontWeight: 600, anchor: "start", offset: 12 },
      axis: { ...labels, labelOpacity: 0.8, gridColor: grid, domainColor: grid, tickColor: grid, titlePadding: 8 },
      legend: { ...labels, symbolStrokeWidth: 2.5 },
      header: labels,
      view: { stroke: "transparent" },
      text: { color: text },
      rule: { color: text },
    },
  };
}

export class Cell {
  constructor(player) {
    this.player = player;
    this.turn = 0;
    this.element = make("figure");
    this.title = make("span", "title");
    this.picture = make("div", "picture loading");
    this.picture.setAttribute("role", "img");
    this.save = this.saveMenu();
    const caption = make("figcaption");
    caption.append(this.title, this.save);
    this.element.append(caption, this.picture);
    this.seen = true; // until it is known to be off the screen
    this.grip = null;
    this.picture.addEventListener("pointerdown", event => this.grab(event));
    this.picture.addEventListener("pointermove", event => this.grip?.move(event.clientX) && this.follow(event));
    this.picture.addEventListener("pointerup", event => this.release(event));
    this.picture.addEventListener("pointercancel", () => this.letGo());
    this.handle = null; // of the point, where the chart is a plane
  }

  saveMenu() {
    const menu = make("details", "save");
    const list = make("div", "menu");
    this.saveLabel = make("summary");
    this.saveLabel.append(drawing("0 0 20 20", "path", { d: "M9 3h2v7h3l-4 4.5L6 10h3zM4 15.5h12V17H4z" }));
    for (const kind of ["PNG", "SVG", "CSV"]) {
      const button = list.appendChild(make("button", "", kind));
      button.type = "button";
      button.onclick = () => { menu.open = false; this.saveLabel.focus(); this.saveAs(kind.toLowerCase()); };
    }
    menu.append(this.saveLabel, list);
    menu.addEventListener("focusout", event => { if (!menu.contains(event.relatedTarget)) menu.open = false; });
    return menu;
  }

  /* Everything but the picture, so that the cell has its size before any chart is drawn. */
  describe(chart, labels) {
    this.chart = chart;
    this.title.textContent = this.title.title = chart.title;
    const title = chart.title || chart.name;
    this.element.setAttribute("aria-label", title); // else its name would be all of the caption, menu and all
    this.saveLabel.title = labels.save;
    this.saveLabel.setAttribute("aria-label", fill(labels.save_chart, { title }));
    this.picture.setAttribute("aria-label", chart.alt);
    this.picture.classList.toggle("steps", chart.step_axis);
    const high = `calc(${chart.height}px * var(--zoom, 1))`;
    const own = chart.rigid ? high : `min(${high} * var(--grow, 1), ${LOW_SCREEN})`;
    this.picture.style.height = chart.main ? FOLLOWS_SCREEN : own;
    if (chart.plane && !this.handle) this.addHandle();
    this.picture.classList.toggle("plane", chart.plane);
    this.element.style.setProperty("--columns", chart.columns);
    this.element.classList.toggle("tall", chart.tall);
    this.element.classList.toggle("small", chart.columns <= 3);
    this.element.classList.toggle("lead", chart.main && chart.columns === 12);
  }

  addHandle() {
    this.handle = new Handle(this.player, this);
    this.element.append(this.handle.element);
  }

  /* Whether the view holds what Python sent last. */
  get current() {
    return Boolean(this.view) && JSON.stringify(this.rows) === JSON.stringify(partsOf(this.chart.spec).rows);
  }

  spec({ text, rows }, width) {
    const spec = JSON.parse(text);
    for (const param of spec.params ?? []) if (param.name === "step") param.value = this.player.step;
    const size = { width, height: this.height(), autosize: { type: "fit", contains: "padding" } };
    const datasets = Object.fromEntries(Object.entries(rows).map(([name, text]) => [name, JSON.parse(text)]));
    return { ...spec, ...size, datasets };
  }

  /* On a wide screen all of a picture is larger, its type too: it is drawn smaller than it appears. */
  get zoom() {
    return Number(getComputedStyle(this.picture).getPropertyValue("--zoom")) || 1;
  }

  width() {
    return Math.floor(this.picture.clientWidth / this.zoom) || 300; // 0 while in a closed tab; the observer corrects it on opening
  }

  /* The main chart is as high as the screen has room below what stands above it; the others as they were made, or lower
     on a low screen, unless they are rigid. */
  height() {
    return Math.floor(this.picture.clientHeight / this.zoom) || this.chart.height;
  }

  /* Brings the picture up to date; the old one stays until the new one is ready. */
  async show(vegaEmbed, theme) {
    const parts = partsOf(this.chart.spec);
    const look = parts.text + this.chart.height + JSON.stringify(theme);
    const turn = ++this.turn;
    if (!this.view || look !== this.look) {
      const box = make("div");
      box.setAttribute("aria-hidden", "true"); // the picture around it carries the description
      const options = { ...QUIET, renderer: "svg", config: theme.config, tooltip: this.player.tip };
      const { view } = await (await vegaEmbed)(box, this.spec(parts, this.width()), options);
      if (turn !== this.turn) return view.finalize();
      this.view?.finalize();
      this.view = view;
      if (this.chart.picks) view.addEventListener("click", (_, item) => item?.datum?.pick && this.player.pick(item.datum.pick));
      this.picture.replaceChildren(box);
      this.picture.classList.remove("loading", "failed");
    } else {
      await this.renew(parts);
    }
    [this.look, this.rows] = [look, parts.rows];
    return this.draw(this.player.step);
  }

  /* New rows into the same view: several times sooner than a new view, and what stays is not drawn anew. */
  renew({ formats, rows }) {
    const changed = Object.keys(rows).filter(name => rows[name] !== this.rows[name]);
    if (!changed.length) return;
    for (const name of changed) // Vega writes its defaults into the format it is given
      this.view.data(name, this.view.parse(JSON.parse(rows[name]), { ...formats[name] }));
    return this.view.runAsync();
  }

  fail(message) {
    this.turn += 1;
    this.view?.finalize();
    this.view = this.look = undefined;
    this.picture.classList.remove("loading");
    this.picture.classList.add("failed");
    this.picture.textContent = message;
    this.picture.setAttribute("aria-label", message);
  }

  /* Off the screen nothing is drawn until it comes into sight. */
  async draw(step) {
    if (!this.seen || !this.chart.spec.params?.some(param => param.name === "step")) return;
    await this.view?.signal("step", step).runAsync();
  }

  fit() {
    if (!this.view || (this.view.width() === this.width() && this.view.height() === this.height())) return;
    const fitted = this.view.width(this.width()).height(this.height()).runAsync();
    fitted.then(() => this.player.placeHandles()).catch(error => this.player.failed(this, error));
  }

  /* Whether any of these data sets has a place in the picture. */
  holds(names) {
    const { places } = partsOf(this.chart.spec);
    return names.some(name => places.has(name));
  }

  /* Rows that the browser has made itself, under the names that Python gave its data; those without a place are left. */
  async put(rows) {
    if (!this.view) return;
    const { places } = partsOf(this.chart.spec);
    for (const [name, values] of Object.entries(rows)) {
      const place = places.get(name);
      if (!place) continue;
      this.view.data(place, values.map(row => ({ ...row }))); // Vega marks the rows it is given
      this.rows = { ...this.rows, [place]: null }; // no longer what Python sent
    }
    await this.view.runAsync();
  }

  /* A point of the plane, within the picture, or what is under a pixel of the window. */
  pixelOf([c1, c2]) {
    const [origin, padding, zoom] = [this.view.origin(), this.view.padding(), this.zoom];
    const [x, y] = [this.view.scale("x")(c2), this.view.scale("y")(c1)];
    return [zoom * (x + origin[0] + padding.left), zoom * (y + origin[1] + padding.top)];
  }

  pointAt(event) {
    const [x, y] = this.plotPoint(event);
    return [this.view.scale("y").invert(y), this.view.scale("x").invert(x)];
  }

  inPlot(event) {
    const [x, y] = this.plotPoint(event);
    return x >= 0 && y >= 0 && x <= this.view.scale("x").range()[1] && y <= Math.max(...this.view.scale("y").range());
  }

  /* A press inside the plot goes to the step under it, and a drag keeps going; legends and labels stay clickable. */
  grab(event) {
    if (!this.chart.step_axis || !this.view || event.button || !this.inPlot(event)) return;
    this.grip = new Grip(event.clientX, this.player.step, event.pointerType === "touch");
    this.picture.setPointerCapture(event.pointerId);
    if (this.grip.follows) this.follow(event);
  }

  release(event) {
    if (this.grip) this.follow(event); // a tap, or the end of a drag
    this.grip = null;
  }

  /* The page scrolls under the finger: that was no press. */
  letGo() {
    const before = this.grip?.cancel() ?? null;
    this.grip = null;
    if (before !== null) this.player.go(before);
  }

  follow(event) {
    this.player.pause();
    this.player.go(Math.round(this.view.scale("x").invert(this.plotPoint(event)[0])));
  }

  plotPoint(event) {
    const box = this.picture.querySelector("svg").getBoundingClientRect();
    const [origin, padding, zoom] = [this.view.origin(), this.view.padding(), this.zoom];
    const [x, y] = [(event.clientX - box.left) / zoom, (event.clientY - box.top) / zoom];
    return [x - origin[0] - padding.left, y - origin[1] - padding.top];
  }

  async saveAs(kind) {
    const { file, steps } = this.player.data;
    const parts = [file, this.chart.name, steps ? `step-${this.player.step}` : ""];
    const name = `${parts.filter(Boolean).join("-")}.${kind}`;
    if (kind === "csv") {
      return download(new Blob([csvOf(this.chart.spec)], { type: "text/csv" }), name);
    }
    const view = await this.titledView();
    if (kind === "svg") download(new Blob([await view.toSVG()], { type: "image/svg+xml" }), name);
    else (await view.toCanvas(2)).toBlob(blob => download(blob, name), "image/png");
    view.finalize();
  }

  /* The picture as it stands, with its title and an opaque background: it has to make sense away from the page. */
  async titledView() {
    const theme = themeOf(this.element);
    const width = Math.max(this.width(), EXPORT_WIDTH);
    const lines = brokenIntoLines(this.chart.title, width, `600 14px ${theme.config.font}`);
    const spec = { ...this.spec(partsOf(this.chart.spec), width), description: this.chart.alt, padding: 16 };
    const { text, color = theme.text } = Object(spec.title);
    if (lines.length) spec.title = { text: lines, subtitlePadding: 6, subtitle: text ?? [], subtitleColor: color };
    spec.height += 20 * lines.length + 24; // the title and the padding must not come out of the plot
    const config = { ...theme.config, aria: true, background: theme.background };
    return (await (await vega)(make("div"), spec, { ...QUIET, config })).view;
  }

  destroy() {
    this.turn += 1;
    this.view?.finalize();
    this.element.remove();
  }
}
