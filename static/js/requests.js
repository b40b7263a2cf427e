/* What happens around htmx requests: a bar for slow ones, words for failed ones, sign-in when the session ended. */
const bar = document.getElementById('loading');
const words = document.getElementById('words')?.dataset ?? {};
let running = 0;

function tell(text) {
  document.dispatchEvent(new CustomEvent('toast', { detail: { text, kind: 'bad' } }));
}

function reason(xhr) {
  if (xhr.status === 403) return words.forbidden;
  if (xhr.status === 404) return words.gone;
  if (xhr.status === 429) return words.slow;
  const code = xhr.getResponseHeader('X-Request-Id');
  return code ? `${words.failed} ${words.reference}: ${code}` : words.failed;
}

document.addEventListener('htmx:beforeRequest', () => {
  running += 1;
  bar?.toggleAttribute('data-on', true);
});
document.addEventListener('htmx:afterRequest', () => {
  running = Math.max(0, running - 1);
  bar?.toggleAttribute('data-on', running > 0);
});
document.addEventListener('htmx:sendError', () => tell(words.offline));
document.addEventListener('htmx:responseError', (event) => {
  const { xhr } = event.detail;
  if (!(xhr.getResponseHeader('HX-Trigger') || '').includes('toast')) tell(reason(xhr));
});
document.addEventListener('htmx:beforeSwap', (event) => {
  const login = document.body.dataset.login;
  const { xhr } = event.detail;
  if (login && xhr.responseURL && new URL(xhr.responseURL).pathname === login) {
    event.detail.shouldSwap = false;
    const polls = (event.detail.requestConfig?.elt?.getAttribute('hx-trigger') || '').includes('every');
    if (!polls) location.reload(); // a page that only polls keeps what somebody is writing
  }
});

/* A region may say what changed: <span data-announce>38 customers</span>. */
document.addEventListener('htmx:afterSettle', (event) => {
  const said =
    event.target.querySelector?.('[data-announce]') ??
    (event.target.matches?.('[data-announce]') ? event.target : null);
  if (said) document.getElementById('announcer').textContent = said.textContent.trim();
});
