/* The ticket workspace: the chosen row, J and K, the newest message in sight. */
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
  const all = rows();
  if (!all.length) return;
  const at = all.findIndex((row) => row.hasAttribute('aria-current'));
  const next = all[Math.min(Math.max(at + by, 0), all.length - 1)];
  next.focus();
  next.click();
}

list.addEventListener('click', (event) => { const row = event.target.closest('[data-ticket]'); if (row) choose(row); });
document.addEventListener('htmx:afterSettle', (event) => {
  if (event.target.id === 'ticket') showNewest();
  else if (event.target === list) {
    const open = location.pathname.split('/').filter(Boolean).pop();
    const row = rows().find((each) => each.dataset.ticket === open);
    if (row) choose(row);
  }
});
document.addEventListener('keydown', (event) => {
  if (document.body.dataset.keys === 'off' || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest('input, textarea, select, dialog, [contenteditable]')) return;
  if (event.key === 'j') move(1);
  else if (event.key === 'k') move(-1);
});
showNewest();
