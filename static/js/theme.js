/* Light, dark or as the device: changes at once, the server remembers it. */
const root = document.documentElement;

function mark(form) {
  for (const choice of form.querySelectorAll('[name="theme"]'))
    choice.setAttribute('aria-pressed', String(choice.value === root.dataset.theme));
}

for (const form of document.querySelectorAll('[data-theme-form]')) {
  mark(form);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const theme = event.submitter.value;
    root.dataset.theme = theme;
    root.dataset.bsTheme =
      theme === 'auto' ? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light') : theme;
    for (const each of document.querySelectorAll('[data-theme-form]')) mark(each);
    const body = new FormData(form);
    body.set('theme', theme);
    fetch(form.action, { method: 'POST', body, headers: { 'HX-Request': 'true' } });
  });
}
