/* What Python sends: bytes, charts, and the data in them. */

export const unpack = bytes =>
  new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).json();

export const sameBytes = (a, b) => a?.length === b.length && a.every((byte, i) => byte === b[i]);

/* A chart's data by name, the main one first: rows, or CSV text. */
export function dataOf({ data, datasets = {} }) {
  return { ...(data?.values && { [data.name ?? "main"]: data.values }), ...datasets };
}

/* The spec as text, and its data and their formats apart. Altair names data by their content; named by their place
   instead, new rows fit into the view that is there. */
export function partsOf(spec) {
  const { datasets, ...rest } = spec;
  const all = Object.entries(dataOf(spec));
  const places = new Map(all.map(([name], i) => [name, `data-${i}`]));
  const formats = {};
  const text = JSON.stringify(rest, (key, value) => {
    const name = key === "data" && places.get(value.name ?? "main");
    if (!name) return value;
    formats[name] ??= value.format; // a layer may repeat the name alone
    return { name, format: value.format };
  });
  return { text, formats, places, rows: Object.fromEntries(all.map(([, rows], i) => [`data-${i}`, JSON.stringify(rows)])) };
}

/* CSV as Python writes it, a line a row, as rows of texts. */
export function fromCsv(text) {
  const cells = line =>
    [...`,${line}`.matchAll(/,(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain);
  const [names, ...lines] = text.trimEnd().split("\n").map(cells);
  return lines.map(line => Object.fromEntries(names.map((name, i) => [name, line[i]])));
}

/* Rows as their reader saves them, by what core.charts.saved says of them: a row for every one of the `series`, then for
   every place in the `lists`; of these the `columns`, by their names. */
export function tidy(rows, { columns, series = [[{}, {}]], lists = [], places = {}, words = {} }) {
  const said = (field, value) => (Object.hasOwn(words[field] ?? {}, value) ? words[field][value] : value);
  const names = Object.entries(columns);
  return rows
    .flatMap(row => series.map(([own, taken]) => ({ ...row, ...own, ...made(taken, column => row[column]) })))
    .flatMap(row => unlisted(row, lists, places))
    .map(row => Object.fromEntries(names.map(([field, name]) => [name, said(field, row[field])])));
}

/* A row for every place in the lists of a row: texts that hold values apart by spaces. */
function unlisted(row, lists, places) {
  if (!lists.length) return [row];
  const values = lists.map(list => row[list].split(" "));
  return values[0].map((_, i) => ({
    ...row,
    ...made(places, grid => placeIn(grid, i)),
    ...Object.fromEntries(lists.map((list, k) => [list, values[k][i]])),
  }));
}

function placeIn({ low, high, count, each }, i) {
  const k = Math.floor(i / each) % count;
  return Number((low + (k * (high - low)) / (count - 1 || 1)).toPrecision(6));
}

const made = (fields, make) => Object.fromEntries(Object.entries(fields).map(([field, from]) => [field, make(from)]));

/* A cell as any reader of CSV takes it: nothing where there is no number, numbers without an exponent where they have none
   in JavaScript. What Python has no word for in JSON, +∞, is 1e300 there. */
function plain(value) {
  if (value === null || value === undefined || value === "?" || value === "") return "";
  const number = Number(value);
  return Number.isNaN(number) ? String(value) : String(number >= 1e300 ? Infinity : number);
}

export function toCsv(rows, columns = [...new Set(rows.flatMap(row => Object.keys(row)))]) {
  const quoted = text => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const lines = [columns, ...rows.map(row => columns.map(column => plain(row[column])))];
  return lines.map(line => line.map(quoted).join(",") + "\r\n").join("");
}

/* The main data of a chart as its reader saves them. */
export function csvOf(spec) {
  const [data = []] = Object.values(dataOf(spec));
  const { csv } = spec.usermeta ?? {};
  if (typeof data === "string" && !csv) return data;
  const rows = typeof data === "string" ? fromCsv(data) : data;
  return csv ? toCsv(tidy(rows, csv), Object.values(csv.columns)) : toCsv(rows);
}
