/* A dialog whose content comes from the server: a link or button with hx-target="#dialog-body" opens #dialog once it is
   there. [data-close] inside closes it; so does an answer that triggers `close-dialog`. */
const dialog = document.getElementById('dialog');
const body = document.getElementById('dialog-body');

document.addEventListener('htmx:afterSwap', (event) => {
  if (event.detail.target !== body) return;
  if (!dialog.open) dialog.showModal();
  body.querySelector('[autofocus], input:not([type="hidden"]), select, textarea, button')?.focus();
});
document.addEventListener('close-dialog', () => dialog?.close());
dialog?.addEventListener('close', () => body.replaceChildren());

/* Empty fields say nothing: they stay out of the address. */
document.addEventListener('submit', (event) => {
  if (!event.target.matches('form[method="get"][data-trim]')) return;
  for (const field of event.target.elements) if (field.name && !field.value) field.disabled = true;
});
