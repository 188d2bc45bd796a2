/* Streamlit pushes one history entry for each change of the address. Some of them are no choice of the reader's: what
   the server writes on its own after a load or a Back, and a drag or quick presses on one control, which are one. */
{
  const QUICK_MS = 2000;
  const push = history.pushState.bind(history);
  let arrived = performance.now(), touched = -1, last = { name: "", time: -Infinity };
  for (const type of ["pointerdown", "keydown", "change"]) {
    addEventListener(type, () => { touched = performance.now(); }, { capture: true, passive: true });
  }
  addEventListener("popstate", () => { arrived = performance.now(); last.name = ""; });

  const changed = (from, to) => {
    const names = new Set([...from.searchParams.keys(), ...to.searchParams.keys()]);
    return [...names].filter(name => name !== "v" && String(from.searchParams.getAll(name)) !== String(to.searchParams.getAll(name)));
  };

  history.pushState = (state, title, url) => {
    const from = new URL(location.href), to = new URL(url ?? location.href, location.href);
    const names = from.pathname === to.pathname ? changed(from, to) : ["another page"];
    const now = performance.now();
    const name = names.length === 1 && names[0] !== "scene" ? names[0] : "";
    const quick = name && name === last.name && now - last.time < QUICK_MS;
    last = { name, time: now };
    if (quick || !names.length || arrived > touched) history.replaceState(state, title, url);
    else push(state, title, url);
  };
}
