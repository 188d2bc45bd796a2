import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";

import { withStep } from "../../core/player/web/address.js";
import { csvOf, dataOf, fromCsv, partsOf, sameBytes, tidy, toCsv, unpack } from "../../core/player/web/data.js";
import { Grip } from "../../core/player/web/grip.js";
import { fill, readable } from "../../core/player/web/words.js";

test("what Python packs is unpacked", async () => {
  assert.deepEqual(await unpack(gzipSync(JSON.stringify({ 梯度: [1, null] }))), { 梯度: [1, null] });
});

test("the same bytes are known again", () => {
  const bytes = new Uint8Array([1, 2]);
  assert.ok(sameBytes(bytes, new Uint8Array([1, 2])));
  for (const other of [[1], [1, 3], [1, 2, 3]]) assert.ok(!sameBytes(bytes, new Uint8Array(other)));
  assert.ok(!sameBytes(undefined, bytes));
});

test("data is named by its place, so that new rows fit the view that is there", () => {
  const spec = name => ({
    data: { name, format: { type: "csv" } },
    datasets: { [name]: "a,b\n1,2", other: [{ x: 1 }] },
    layer: [{ mark: "line" }, { data: { name: "other" }, mark: "point" }],
  });
  const [one, two] = [partsOf(spec("rows-1")), partsOf(spec("rows-2"))];
  assert.equal(one.text, two.text);
  assert.deepEqual(Object.keys(one.rows), ["data-0", "data-1"]);
  assert.deepEqual(one.formats, { "data-0": { type: "csv" }, "data-1": undefined });
  assert.equal(JSON.parse(one.rows["data-0"]), "a,b\n1,2");
});

test("rows of the spec itself come first", () => {
  assert.deepEqual(Object.keys(dataOf({ data: { values: [1] }, datasets: { more: [] } })), ["main", "more"]);
  assert.deepEqual(dataOf({}), {});
});

test("CSV quotes what needs it", () => {
  assert.equal(toCsv([{ a: 1, b: 'x "y", z' }, { a: null, c: 2 }]), 'a,b,c\r\n1,"x ""y"", z",\r\n,,2\r\n');
});

test("CSV is read as Python writes it", () => {
  assert.deepEqual(fromCsv('step,c0,name\n1,,"a ""b"", c"\n2,-1.5,d\n'), [
    { step: "1", c0: "", name: 'a "b", c' }, { step: "2", c0: "-1.5", name: "d" },
  ]);
  assert.equal(toCsv(fromCsv("a,b\n1,\n")), "a,b\r\n1,\r\n");
});

test("saved rows have named columns, and one value a cell", () => {
  assert.deepEqual(tidy([{ a: 1, b: 2, c: 3 }], { columns: { c: "loss", a: "step" } }), [{ loss: 3, step: 1 }]);
  assert.deepEqual(tidy([{ line: "0" }, { line: "2" }], { columns: { line: "unit" }, words: { line: [null] } }), [
    { unit: null }, { unit: "2" },
  ]);
});

test("a column a line becomes a row a line", () => {
  const columns = { step: "step", rate: "rate", loss: "loss" };
  const series = [[{ rate: "0.1" }, { loss: "c0" }], [{ rate: "1" }, { loss: "c1" }]];
  assert.deepEqual(tidy([{ step: 5, c0: 2, c1: 3 }], { columns, series }), [
    { step: 5, rate: "0.1", loss: 2 }, { step: 5, rate: "1", loss: 3 },
  ]);
});

test("a list becomes a row a value, told apart by places", () => {
  const columns = { begin: "step", x1: "x1", x2: "x2", heights: "prediction" };
  const places = { x1: { low: -1, high: 1, count: 2, each: 1 }, x2: { low: 0, high: 0.1, count: 2, each: 2 } };
  const rows = [{ begin: "0", end: "3", heights: "5 ? 7 8" }];
  assert.equal(csvOf({ data: { values: rows }, usermeta: { csv: { columns, lists: ["heights"], places } } }), [
    "step,x1,x2,prediction", "0,-1,0,5", "0,1,0,", "0,-1,0.1,7", "0,1,0.1,8", "",
  ].join("\r\n"));
  assert.deepEqual(tidy([{ x: "1 2", y: "3 4" }], { columns: { y: "y", x: "x" }, lists: ["x", "y"] }), [
    { y: "3", x: "1" }, { y: "4", x: "2" },
  ]);
});

test("numbers are plain, and a table without rows has its names", () => {
  assert.equal(toCsv([{ loss: "1e-05" }, { loss: 1e300 }, { loss: "3.84e+05" }]), "loss\r\n0.00001\r\nInfinity\r\n384000\r\n");
  assert.equal(csvOf({ data: { values: [] }, usermeta: { csv: { columns: { a: "try", b: "loss" } } } }), "try,loss\r\n");
  assert.equal(csvOf({ data: { name: "rows", values: "step,loss\n1,2\n" } }), "step,loss\n1,2\n");
});

test("numbers have three digits and a true minus", () => {
  const read = { 0: "0.00", 0.0123: "0.0123", "-1.5": "−1.50", 12345: "12300", 0.00012: "1.20e−4", 2e6: "2.00e6" };
  for (const [value, text] of Object.entries(read)) assert.equal(readable(Number(value)), text);
  assert.equal(fill("{step} / {steps}", { step: 1, steps: 2 }), "1 / 2");
});

test("the step stands in the address, and goes without a trace", () => {
  assert.equal(withStep("http://h/optimizers?scene=rule", 7), "http://h/optimizers?v=2&scene=rule&step=7");
  assert.equal(withStep("http://h/optimizers?v=2&scene=rule&step=7", null), "http://h/optimizers?scene=rule");
  assert.equal(withStep("http://h/?v=2&lr=0.1&step=7", 9), "http://h/?v=2&lr=0.1&step=9");
  assert.equal(withStep("http://h/?v=2&lr=0.1&step=7", null), "http://h/?v=2&lr=0.1");
});

test("a mouse goes where it is pressed; a finger where it taps or is drawn sideways", () => {
  assert.ok(new Grip(100, 5, false).follows);
  const finger = new Grip(100, 5, true);
  assert.ok(!finger.move(105));
  assert.equal(finger.cancel(), null); // it scrolled
  assert.ok(finger.move(120));
  assert.ok(finger.move(100));
  assert.equal(finger.cancel(), 5);
});
