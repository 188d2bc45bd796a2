/* When a page's charts were painted, by the page's own clock; put into every page by benchmarks/page.py.

   window.paints: for each change of a chart since the last key press, the milliseconds at which the frame that shows it
   had been painted. window.pressed: when a key was pressed last. window.firstChart(): the lines of the first chart. */
(() => {
  const CHARTS = "figure .picture, [data-testid=stVegaLiteChart]";
  const LINES = "svg.marks .mark-line path";
  const roots = [document];
  const linesOf = chart => [...(chart?.querySelectorAll(LINES) ?? [])].map(path => path.getAttribute("d")).join();

  window.paints = [];
  window.pressed = 0;
  window.firstChart = () => linesOf(roots.flatMap(root => [...root.querySelectorAll(CHARTS)])[0]);

  const chartOf = ({ target }) => (target.closest ? target : target.parentElement)?.closest(CHARTS);
  const changed = records => {
    const charts = new Set(records.map(chartOf));
    if (![...charts].some(chart => chart?.querySelector("svg.marks"))) return;
    const paints = window.paints;
    // the second frame begins once the first, which shows the change, has been painted
    requestAnimationFrame(() => requestAnimationFrame(() => paints.push(performance.now())));
  };
  const watch = root =>
    new MutationObserver(changed).observe(root, { subtree: true, childList: true, attributes: true, characterData: true });

  const findPlayer = () => {
    const hosts = [...document.querySelectorAll("[data-testid=stBidiComponentIsolated]")].map(one => one.shadowRoot);
    const host = hosts.find(root => root?.querySelector(".player"));
    if (!host) return requestAnimationFrame(findPlayer);
    roots.push(host);
    watch(host);
  };
  watch(document);
  findPlayer();
  addEventListener("keydown", () => { window.paints = []; window.pressed = performance.now(); }, true);
})();
