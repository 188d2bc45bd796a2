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

/* Rows as a reader wants them: columns by their names, and one value a cell. `columns` names columns, `lists` says which
   hold many numbers apart by spaces, of `value` at even places of `over` from `low` to `high`. */
export function tidy(rows, { columns = {}, lists = {} }) {
  const [list] = Object.keys(lists);
  const named = row => Object.fromEntries(Object.entries(row).map(([name, value]) => [columns[name] ?? name, value]));
  if (!list) return rows.map(named);
  const { value, over, low, high } = lists[list];
  return rows.flatMap(({ [list]: cell, ...rest }) => {
    const words = cell.split(" ");
    const place = i => Number((low + (i * (high - low)) / (words.length - 1)).toPrecision(6));
    return words.map((word, i) => ({ ...named(rest), [over]: place(i), [value]: word === "?" ? null : Number(word) }));
  });
}

export function toCsv(rows) {
  const columns = [...new Set(rows.flatMap(row => Object.keys(row)))];
  const plain = value => String((Array.isArray(value) ? value.join(" ") : value) ?? "");
  const quoted = text => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const lines = [columns, ...rows.map(row => columns.map(column => row[column]))];
  return lines.map(line => line.map(cell => quoted(plain(cell))).join(",") + "\r\n").join("");
}
