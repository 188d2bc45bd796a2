/* The step in the address. */

const NO_VALUES = ["v", "lang", "scene", "embed", "embed_options"];

/* Returns the address that opens at this step; null: where the player opens by itself. */
export function withStep(href, step) {
  const url = new URL(href);
  const values = url.searchParams;
  if (step === null) values.delete("step");
  else values.set("step", step);
  if ([...values.keys()].every(name => NO_VALUES.includes(name))) values.delete("v");
  else if (!values.has("v")) url.search = `v=2&${values}`;
  return url.href;
}

/* The step the reader rests at stands in the address, without an entry in the history: a reload and a shared link
   open there. */
export function keepInAddress(step) {
  const href = withStep(location.href, step);
  if (href !== location.href) history.replaceState(history.state, "", href);
}
