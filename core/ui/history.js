/* Streamlit pushes one history entry for each change of the address. Some of them are no choice of the reader's to be
   undone: what the server writes on its own after a load or a Back, the address without its values that a button leaves
   on the way to another page, a drag or quick presses on one control, which are one, and the language, which stays. */
{
  const QUICK_MS = 2000;
  const push = history.pushState.bind(history);
  let arrived = performance.now(), touched = -1, pushed = -1, last = { name: "", time: -Infinity };
  let control = ""; // the key of what was touched last: both ends of a stepper have one, two buttons have two
  const keyOf = element => [...(element.classList ?? [])].find(name => name.startsWith("st-key-"));
  for (const type of ["pointerdown", "keydown", "change"]) {
    addEventListener(type, event => {
      touched = performance.now();
      control = event.composedPath().map(keyOf).find(Boolean) ?? "";
    }, { capture: true, passive: true });
  }
  addEventListener("popstate", () => { arrived = performance.now(); last.name = ""; });

  const changed = (from, to) => {
    const names = new Set([...from.searchParams.keys(), ...to.searchParams.keys()]);
    return [...names].filter(name => name !== "v" && String(from.searchParams.getAll(name)) !== String(to.searchParams.getAll(name)));
  };

  history.pushState = (state, title, url) => {
    const from = new URL(location.href), to = new URL(url ?? location.href, location.href);
    const elsewhere = from.pathname !== to.pathname;
    const names = elsewhere ? ["another page"] : changed(from, to);
    const now = performance.now();
    const onTheWay = elsewhere && pushed > touched;
    const name = names.length === 1 && names[0] !== "scene" ? names[0] : "";
    const quick = name && name === last.name && control === last.control && now - last.time < QUICK_MS;
    last = { name, control, time: now };
    const language = String(names) === "lang";
    if (quick || onTheWay || language || !names.length || arrived > touched) return history.replaceState(state, title, url);
    pushed = now;
    push(state, title, url);
  };
}
