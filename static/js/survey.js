/* A survey: words are asked for that fit the chosen score. Without a script every question stands there. */
const form = document.querySelector('[data-survey]');
const within = (score, from, to) => (from === '' || score >= Number(from)) && (to === '' || score <= Number(to));

function show() {
  const chosen = form.querySelector('input[name="score"]:checked');
  for (const block of form.querySelectorAll('[data-from]'))
    block.hidden = !chosen || !within(Number(chosen.value), block.dataset.from, block.dataset.to);
}

form?.addEventListener('change', show);
if (form) show();
