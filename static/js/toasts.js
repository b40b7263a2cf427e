/* Toasts: shown 8 seconds, paused while hovered or focused; Undo posts to the address that came with it.
   From the server: HX-Trigger: {"toast": {"text": "…", "undo": "/url"}}; from a module: the same as an event. */
const region = document.getElementById('toasts');
const STAY = 8000;
let latest = null;

function keep(toast) {
  let left = STAY;
  let since = Date.now();
  let timer = setTimeout(() => toast.remove(), left);
  const pause = () => {
    clearTimeout(timer);
    timer = 0;
    left -= Date.now() - since;
  };
  const resume = () => {
    if (!timer && !toast.matches(':hover, :focus-within')) {
      since = Date.now();
      timer = setTimeout(() => toast.remove(), Math.max(left, 1500));
    }
  };
  const hold = () => {
    if (timer) pause();
  };
  toast.addEventListener('pointerenter', hold);
  toast.addEventListener('focusin', hold);
  toast.addEventListener('pointerleave', resume);
  toast.addEventListener('focusout', () => setTimeout(resume));
}

async function undo(toast, url) {
  const token = JSON.parse(document.body.getAttribute('hx-headers') || '{}')['X-CSRFToken'];
  toast.remove();
  if (window.htmx) {
    window.htmx
      .ajax('POST', url, { swap: 'none' })
      .then(() => document.dispatchEvent(new CustomEvent('undone', { detail: { url } })));
    return;
  }
  await fetch(url, { method: 'POST', headers: { 'X-CSRFToken': token } });
  location.reload();
}

function show({ text, undo: url, kind }) {
  const toast = document
    .getElementById(kind === 'bad' ? 'toast-bad' : 'toast-good')
    .content.firstElementChild.cloneNode(true);
  toast.querySelector('.eg-toast-text').textContent = text;
  const button = toast.querySelector('[data-toast-undo]');
  if (button && url) {
    button.addEventListener('click', () => undo(toast, url));
    latest = button;
  } else button?.remove();
  while (region.childElementCount > 2) region.firstElementChild.remove();
  region.append(toast);
  keep(toast);
}

document.addEventListener('toast', (event) => show(event.detail));
document.addEventListener('eg:undo', () => {
  if (latest?.isConnected) latest.click();
});
region?.addEventListener('click', (event) =>
  event.target.closest('[data-toast-close]')?.closest('[data-toast]').remove(),
);
for (const toast of region?.querySelectorAll('[data-toast]') ?? []) {
  const url = toast.dataset.undo;
  if (url) {
    const text = toast.querySelector('.eg-toast-text').textContent;
    toast.remove();
    show({ text, undo: url });
  } else keep(toast);
}
