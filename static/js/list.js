/* Lists: J and K move the cursor, X selects, Enter opens; a checkbox in the head selects the page, Shift a range.
   <table class="eg-table" data-list> with rows that hold a.eg-cell-title and, to select, input[type=checkbox][name=ids]. */
const words = document.getElementById('words')?.dataset ?? {};
let lastBox = null;

const table = () => document.querySelector('table[data-list]');
const rows = () => [...(table()?.tBodies[0]?.rows ?? [])];
const boxes = () => [...(table()?.querySelectorAll('tbody input[type="checkbox"][name="ids"]') ?? [])];

function move(by) {
  const all = rows();
  if (!all.length) return;
  const at = all.findIndex((row) => row.classList.contains('is-cursor'));
  const next = all[Math.min(Math.max(at + by, 0), all.length - 1)];
  all[at]?.classList.remove('is-cursor');
  next.classList.add('is-cursor');
  next.querySelector('a.eg-cell-title')?.focus({ preventScroll: true });
  next.scrollIntoView({ block: 'nearest' });
}

/* "Select all that match": one field tells the server, the boxes only show it; touching a box ends it. */
const everybody = () => document.querySelector('#bulk [name="all"]');

function selectMatching(button) {
  for (const box of boxes()) box.checked = true;
  paint();
  everybody().value = '1';
  document.querySelector('.eg-bulk [data-count]').textContent = button.dataset.says;
}

function paint() {
  if (everybody()) everybody().value = '';
  const all = boxes(), on = all.filter((box) => box.checked).length;
  for (const box of all) box.closest('tr').setAttribute('aria-selected', String(box.checked));
  const head = table()?.querySelector('thead input[data-select-all]');
  if (head) { head.checked = on > 0 && on === all.length; head.indeterminate = on > 0 && on < all.length; }
  const bulk = document.querySelector('.eg-bulk');
  if (bulk) {
    bulk.hidden = on === 0;
    const count = bulk.querySelector('[data-count]');
    if (count) count.textContent = words.selected.replace('{n}', on);
  }
}

document.addEventListener('change', (event) => {
  if (event.target.matches('input[data-select-all]')) for (const box of boxes()) box.checked = event.target.checked;
  if (event.target.matches('table[data-list] input')) paint();
});
document.addEventListener('click', (event) => {
  const matching = event.target.closest('[data-select-matching]');
  if (matching) selectMatching(matching);
  if (event.target.closest('[data-select-none]')) { for (const box of boxes()) box.checked = false; paint(); }
  if (!event.target.matches('table[data-list] input[name="ids"]')) return;
  const all = boxes();
  if (event.shiftKey && lastBox?.isConnected) {
    const [from, to] = [all.indexOf(lastBox), all.indexOf(event.target)].sort((a, b) => a - b);
    for (const box of all.slice(from, to + 1)) box.checked = event.target.checked;
  }
  lastBox = event.target;
});
document.addEventListener('keydown', (event) => {
  if (document.body.dataset.keys === 'off' || event.isComposing || event.ctrlKey || event.metaKey || event.altKey || !table()) return;
  if (event.target.closest('textarea, select, dialog, [contenteditable], input:not([type="checkbox"])')) return;
  const here = table().querySelector('tr.is-cursor');
  if (event.key === 'j') move(1);
  else if (event.key === 'k') move(-1);
  else if (event.key === 'x') here?.querySelector('input[name="ids"]')?.click();
  else if (event.key === 'Enter' && here && event.target === document.body) here.querySelector('a.eg-cell-title')?.click();
  else return;
  event.preventDefault();
});
document.addEventListener('htmx:afterSettle', (event) => { if (event.target.querySelector?.('table[data-list]')) paint(); });
paint();
