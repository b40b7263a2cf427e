/* The command palette: people and records from the server, pages from the page itself, all by keyboard. */
const dialog = document.getElementById('palette');
const input = dialog?.querySelector('input');
const found = dialog?.querySelector('[data-palette-found]');
const WAIT = 140;
let timer = 0;
let asked = 0;

const options = () =>
  [...dialog.querySelectorAll('[role="option"]')].filter((option) => !option.closest('[hidden]') && !option.hidden);
const chosen = () => dialog.querySelector('[role="option"][aria-selected="true"]');

function choose(option) {
  for (const other of dialog.querySelectorAll('[aria-selected="true"]')) other.setAttribute('aria-selected', 'false');
  if (!option) {
    input.removeAttribute('aria-activedescendant');
    return;
  }
  option.id ||= `palette-${Math.random().toString(36).slice(2)}`;
  option.setAttribute('aria-selected', 'true');
  input.setAttribute('aria-activedescendant', option.id);
  option.scrollIntoView({ block: 'nearest' });
}

function step(by) {
  const all = options();
  if (all.length) choose(all[(all.indexOf(chosen()) + by + all.length) % all.length]);
}

function filterPages(text) {
  const parts = text.toLowerCase().split(/\s+/).filter(Boolean);
  for (const group of dialog.querySelectorAll('[data-palette-pages]')) {
    let shown = 0;
    for (const page of group.querySelectorAll('[role="option"]')) {
      page.hidden = !parts.every((part) => page.dataset.words.toLowerCase().includes(part));
      shown += page.hidden ? 0 : 1;
    }
    group.hidden = !shown;
  }
}

function settle() {
  const all = options();
  dialog.querySelector('[data-palette-none]').hidden = all.length > 0;
  choose(all[0]);
}

async function ask(text) {
  const turn = ++asked;
  filterPages(text);
  settle();
  if (!dialog.dataset.url) return;
  try {
    const answer = await fetch(`${dialog.dataset.url}?q=${encodeURIComponent(text)}`, {
      headers: { 'HX-Request': 'true' },
    });
    if (turn !== asked) return;
    found.innerHTML = answer.ok && !answer.redirected ? await answer.text() : '';
    settle();
  } catch {
    if (turn === asked) found.replaceChildren();
  }
}

function open() {
  if (dialog.open) return;
  dialog.showModal();
  input.select();
  ask(input.value.trim());
}

if (dialog) {
  document.addEventListener('click', (event) => {
    if (event.target.closest('[data-palette-open]')) open();
  });
  document.addEventListener('keydown', (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === 'k') {
      event.preventDefault();
      open();
    }
  });
  input.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(() => ask(input.value.trim()), WAIT);
  });
  input.addEventListener('keydown', (event) => {
    if (event.isComposing) return;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      step(event.key === 'ArrowDown' ? 1 : -1);
    }
    if (event.key === 'Enter') {
      event.preventDefault();
      chosen()?.click();
    }
  });
  dialog.addEventListener('click', (event) => {
    if (event.target === dialog) dialog.close();
  });
  dialog.addEventListener('close', () => {
    asked += 1;
    clearTimeout(timer);
  });
}
