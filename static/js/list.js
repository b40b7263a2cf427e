/* Lists: J and K move the cursor, X selects, Enter opens; a checkbox in the head selects the page, Shift a range.
   <table class="eg-table" data-list> with rows that hold a.eg-cell-title and, to select,
   input[type=checkbox][name=ids]. */
import { onKeys, rowFrom } from './keys.js';

const words = document.getElementById('words')?.dataset ?? {};
let lastBox = null;

const table = () => document.querySelector('table[data-list]');
const rows = () => [...(table()?.tBodies[0]?.rows ?? [])];
const isCursor = (row) => row.classList.contains('is-cursor');
const cursorRow = () => rows().find(isCursor);
const boxes = () => [...(table()?.querySelectorAll('tbody input[type="checkbox"][name="ids"]') ?? [])];

function move(by) {
  const next = rowFrom(rows(), isCursor, by);
  if (!next) return;
  cursorRow()?.classList.remove('is-cursor');
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
  const all = boxes();
  const on = all.filter((box) => box.checked).length;
  for (const box of all) box.closest('tr').setAttribute('aria-selected', String(box.checked));
  const head = table()?.querySelector('thead input[data-select-all]');
  if (head) {
    head.checked = on > 0 && on === all.length;
    head.indeterminate = on > 0 && on < all.length;
  }
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
  if (event.target.closest('[data-select-none]')) {
    for (const box of boxes()) box.checked = false;
    paint();
  }
  if (!event.target.matches('table[data-list] input[name="ids"]')) return;
  const all = boxes();
  if (event.shiftKey && lastBox?.isConnected) {
    const [from, to] = [all.indexOf(lastBox), all.indexOf(event.target)].sort((a, b) => a - b);
    for (const box of all.slice(from, to + 1)) box.checked = event.target.checked;
  }
  lastBox = event.target;
});
const typing = 'textarea, select, dialog, [contenteditable], input:not([type="checkbox"])';
onKeys((event) => !table() || event.target.closest(typing), {
  j: () => move(1),
  k: () => move(-1),
  x: () => cursorRow()?.querySelector('input[name="ids"]')?.click(),
  Enter: (event) => {
    if (!cursorRow() || event.target !== document.body) return false;
    cursorRow().querySelector('a.eg-cell-title')?.click();
    return true;
  },
});
document.addEventListener('htmx:afterSettle', (event) => {
  if (event.target.querySelector?.('table[data-list]')) paint();
});
paint();
