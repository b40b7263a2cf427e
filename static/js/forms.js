/* Forms: send on change, guard against double sending, show a password, jump to the first error, count signs. */
document.addEventListener('change', (event) => {
  const form = event.target.closest('form[data-autosubmit]');
  if (form && !event.target.closest('[data-no-autosubmit]')) form.requestSubmit();
});

document.addEventListener('submit', (event) => {
  const form = event.target;
  if (form.matches('[hx-post], [hx-get], [data-resend], dialog *')) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  if (form.method === 'post' && !event.defaultPrevented) {
    form.dataset.sent = '1';
    setTimeout(() => delete form.dataset.sent, 4000);
  }
});
window.addEventListener('pageshow', () => {
  for (const form of document.querySelectorAll('form[data-sent]')) delete form.dataset.sent;
});

document.addEventListener('click', (event) => {
  const button = event.target.closest('[data-show-password]');
  if (!button) return;
  const field = document.getElementById(button.dataset.showPassword);
  field.type = field.type === 'password' ? 'text' : 'password';
  button.setAttribute('aria-pressed', String(field.type === 'text'));
  field.focus();
});

document.addEventListener('keyup', (event) => {
  const hint =
    event.target.matches?.('input[type="password"]') && event.target.closest('form')?.querySelector('[data-caps]');
  if (hint && event.getModifierState) hint.hidden = !event.getModifierState('CapsLock');
});

const summary = document.querySelector('[data-errors]');
if (summary) summary.focus();
