/* Drafts: what someone writes into <textarea data-draft="ticket-tk_1"> stays on this device until it is sent.
   Each person has his own; an old draft is forgotten after two weeks. */
const KEPT_DAYS = 14;
const mine = `eg-draft:${document.body.dataset.user}:`;
const key = (field) => mine + field.dataset.draft;
let timer = 0;

function keep(field) {
  if (field.value.trim()) localStorage.setItem(key(field), JSON.stringify({ text: field.value, at: Date.now() }));
  else localStorage.removeItem(key(field));
}

function restore(root) {
  for (const field of root.querySelectorAll('textarea[data-draft]')) {
    const kept = JSON.parse(localStorage.getItem(key(field)) || 'null');
    if (kept && !field.value) {
      field.value = kept.text;
      field.dispatchEvent(new Event('input', { bubbles: true }));
    }
  }
}

function forget(form) {
  for (const field of form.querySelectorAll('textarea[data-draft]')) localStorage.removeItem(key(field));
}

function forgetOld() {
  for (const name of Object.keys(localStorage)) {
    if (name.startsWith('eg-draft:') && JSON.parse(localStorage.getItem(name)).at < Date.now() - KEPT_DAYS * 86400000)
      localStorage.removeItem(name);
  }
}

document.addEventListener('input', (event) => {
  if (!event.target.matches?.('textarea[data-draft]')) return;
  clearTimeout(timer);
  timer = setTimeout(() => keep(event.target), 300);
});
document.addEventListener('submit', (event) => {
  clearTimeout(timer);
  if (!event.target.matches('[hx-post]')) forget(event.target);
});
/* Before the answer is put in, for it may take the form's place. */
document.addEventListener('htmx:beforeOnLoad', (event) => {
  if (event.detail.xhr.status < 300 && event.target.matches?.('form')) {
    clearTimeout(timer);
    forget(event.target);
  }
});
document.addEventListener('htmx:afterSettle', (event) => restore(event.target));
forgetOld();
restore(document);
