/* The composer of the customer page: data-compose="call" on a button chooses the kind and waits for words;
   after it was sent it is empty again. */
const form = document.querySelector('[data-composer]');

function compose(kind) {
  document.querySelector('[data-show-pane="activity"]')?.click();
  const choice = form.querySelector(`input[name="kind"][value="${CSS.escape(kind)}"]`);
  if (choice) choice.checked = true;
  form.querySelector('textarea').focus();
}

document.addEventListener('click', (event) => {
  const button = event.target.closest('[data-compose]');
  if (button && form) compose(button.dataset.compose);
});
form?.addEventListener('htmx:afterRequest', (event) => {
  if (event.detail.successful && event.detail.elt === form) form.reset();
});
