/* Small things of any page: copy, tips, panes on a phone, tabs that switch in place. */
const words = document.getElementById('words')?.dataset ?? {};

async function copy(button) {
  const text = button.dataset.copy || document.querySelector(button.dataset.copyFrom)?.value;
  await navigator.clipboard.writeText(text);
  document.dispatchEvent(new CustomEvent('toast', { detail: { text: button.dataset.copied || words.copied } }));
}

function showPane(name) {
  for (const button of document.querySelectorAll('[data-show-pane][aria-pressed]'))
    button.setAttribute('aria-pressed', String(button.dataset.showPane === name));
  for (const pane of document.querySelectorAll('.eg-pane[data-pane]'))
    pane.toggleAttribute('data-active', pane.dataset.pane === name);
}

document.addEventListener('click', (event) => {
  const button = event.target.closest('[data-copy], [data-copy-from]');
  if (button) copy(button);
  const pane = event.target.closest('[data-show-pane]');
  if (pane) showPane(pane.dataset.showPane);
  const segment = event.target.closest('[data-shows]');
  if (segment) swapView(segment);
});

/* A segmented control whose buttons show one of several blocks: data-shows="#id"; the blocks stand side by side. */
function swapView(button) {
  for (const other of button.parentElement.querySelectorAll('[data-shows]')) {
    other.setAttribute('aria-pressed', String(other === button));
    document.querySelector(other.dataset.shows)?.toggleAttribute('hidden', other !== button);
  }
  document.dispatchEvent(new CustomEvent('eg:shown'));
}

function tips(root) {
  if (!window.bootstrap) return;
  for (const element of root.querySelectorAll('[data-tip]'))
    window.bootstrap.Tooltip.getOrCreateInstance(element, {
      title: element.dataset.tip,
      trigger: 'hover focus',
      container: 'body',
    });
}
window.addEventListener('load', () => tips(document));
document.addEventListener('htmx:afterSettle', (event) => tips(event.target));
