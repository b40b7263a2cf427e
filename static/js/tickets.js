/* The ticket workspace: the chosen row, J and K, the newest message in sight, drafts that survive. */
const list = document.querySelector('[data-tickets]');
const region = () => document.querySelector('[data-messages]');
const rows = () => [...list.querySelectorAll('[data-ticket]')];
const kept = (form) => `draft:${form.dataset.draft}`;

function choose(row) {
  for (const each of rows()) each.toggleAttribute('aria-current', false);
  row.setAttribute('aria-current', 'true');
}

function settle() {
  const messages = region();
  if (messages) messages.scrollTop = messages.scrollHeight;
  for (const form of document.querySelectorAll('form[data-draft]')) {
    const words = form.querySelector('textarea');
    try { if (!words.value) words.value = sessionStorage.getItem(kept(form)) ?? ''; } catch { /* no storage, no drafts */ }
  }
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
document.addEventListener('input', (event) => {
  const form = event.target.closest('form[data-draft]');
  try { if (form) sessionStorage.setItem(kept(form), form.querySelector('textarea').value); } catch { /* no storage, no drafts */ }
});
document.addEventListener('htmx:afterRequest', (event) => {
  const form = event.detail.elt.closest?.('form[data-draft]');
  try { if (form && event.detail.xhr.status === 200) sessionStorage.removeItem(kept(form)); } catch { /* no storage, no drafts */ }
});
document.addEventListener('htmx:afterSettle', (event) => {
  if (event.target.id === 'ticket') settle();
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
settle();
