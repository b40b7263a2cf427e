/* The ticket workspace: the chosen row, J and K, the newest message in sight. */
import { onKeys, rowFrom } from './keys.js';

const list = document.querySelector('[data-tickets]');
const rows = () => [...list.querySelectorAll('[data-ticket]')];

function choose(row) {
  for (const each of rows()) each.toggleAttribute('aria-current', false);
  row.setAttribute('aria-current', 'true');
}

function showNewest() {
  const messages = document.querySelector('[data-messages]');
  if (messages) messages.scrollTop = messages.scrollHeight;
}

function move(by) {
  const next = rowFrom(rows(), (row) => row.hasAttribute('aria-current'), by);
  next?.focus();
  next?.click();
}

list.addEventListener('click', (event) => {
  const row = event.target.closest('[data-ticket]');
  if (row) choose(row);
});
document.addEventListener('htmx:afterSettle', (event) => {
  if (event.target.id === 'ticket') showNewest();
  else if (event.target === list) {
    const open = location.pathname.split('/').filter(Boolean).pop();
    const row = rows().find((each) => each.dataset.ticket === open);
    if (row) choose(row);
  }
});
onKeys((event) => event.target.closest('input, textarea, select, dialog, [contenteditable]'), {
  j: () => move(1),
  k: () => move(-1),
});
showNewest();
