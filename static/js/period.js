/* A period's form: a named period is shown at once; touching a date makes it "own dates". */
document.querySelectorAll('form[data-period]').forEach((form) => {
  const names = form.elements.period;
  names.addEventListener('change', () =>
    names.value === 'custom' ? form.elements.start.focus() : form.requestSubmit(),
  );
  for (const input of form.querySelectorAll('input[type=date]'))
    input.addEventListener('input', () => {
      names.value = 'custom';
    });
});
