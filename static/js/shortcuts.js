/* Single keys: data-key="c" on what a key clicks or focuses, data-go="r" on links reached by G then R.
   They rest while someone types or composes Chinese, with a modifier held, in dialogs, and when switched off. */
import { isSingle } from './keys.js';

const mac = /Mac|iPhone|iPad/.test(navigator.platform);
const help = document.getElementById('keys');
let going = 0;

if (mac) for (const key of document.querySelectorAll('[data-modifier]')) key.textContent = '⌘';

function typing(event) {
  return event.target.closest('input, textarea, select, [contenteditable], dialog, .dropdown-menu.show');
}

function visible(element) {
  return element.offsetParent !== null && !element.disabled;
}

function press(element) {
  if (element.matches('input, textarea, select')) {
    element.focus();
    element.select?.();
  } else {
    element.focus();
    element.click();
  }
}

function act(event) {
  const key = event.key.toLowerCase();
  if (going && Date.now() - going < 1200) {
    going = 0;
    const link = document.querySelector(`[data-go="${CSS.escape(key)}"]`);
    if (link) {
      event.preventDefault();
      link.click();
    }
    return;
  }
  if (key === 'g') {
    going = Date.now();
    return;
  }
  if (key === 'z') {
    document.dispatchEvent(new CustomEvent('eg:undo'));
    return;
  }
  if (key === '?') {
    event.preventDefault();
    help?.showModal();
    return;
  }
  const target = [...document.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)].find(visible);
  if (target) {
    event.preventDefault();
    press(target);
  }
}

document.addEventListener('keydown', (event) => {
  if (isSingle(event) && !typing(event)) act(event);
  if ((event.ctrlKey || event.metaKey) && event.key === 'Enter' && !event.isComposing) {
    const send = event.target.closest('form')?.querySelector('[data-send]');
    if (send) {
      event.preventDefault();
      send.click();
    }
  }
});
document.addEventListener('click', (event) => {
  if (event.target.closest('[data-keys-open]')) help?.showModal();
  if (event.target.closest('[data-close]') || event.target.matches('dialog')) event.target.closest('dialog')?.close();
});
