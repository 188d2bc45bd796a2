/* Numbers and texts as readers see them. */

export const fill = (template, values) => template.replace(/\{(\w+)\}/g, (_, name) => values[name]);

/* Three significant digits; plain numbers as long as they stay short. */
export function readable(value) {
  const size = Math.abs(value);
  if (size >= 1000 && size < 1e6) return String(Number(value.toPrecision(3)));
  if (size !== 0 && (size < 1e-3 || size >= 1e6)) return value.toExponential(2).replace("e+", "e").replace("-", "−");
  return value.toPrecision(3).replace("-", "−");
}
