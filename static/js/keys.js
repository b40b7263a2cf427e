/* Single keys and the rows that they walk through, for every script that listens to them. */

/* A key alone: no modifier held, nobody composing Chinese, keys not switched off. */
export function isSingle(event) {
  const isHeld = event.ctrlKey || event.metaKey || event.altKey;
  return document.body.dataset.keys !== 'off' && !event.isComposing && !isHeld;
}

/* Calls `acts[key](event)` at a single key where `rests(event)` does not object; an act that did nothing says false. */
export function onKeys(rests, acts) {
  document.addEventListener('keydown', (event) => {
    const act = acts[event.key];
    if (!act || !isSingle(event) || rests(event)) return;
    if (act(event) !== false) event.preventDefault();
  });
}

/* The row so many rows from the current one, held inside the list; nothing where there are no rows. */
export function rowFrom(rows, isCurrent, by) {
  const at = rows.findIndex(isCurrent);
  return rows[Math.min(Math.max(at + by, 0), rows.length - 1)];
}
