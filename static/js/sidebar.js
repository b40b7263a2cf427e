/* The sidebar: narrow on wide screens (remembered), a drawer below 992 px. */
const root = document.documentElement;
const small = matchMedia('(max-width: 991.98px)');
const toggle = document.querySelector('[data-sidebar-toggle]');
const sidebar = document.getElementById('sidebar');

function set(state) {
  root.dataset.sidebar = state;
  toggle?.setAttribute('aria-expanded', String(small.matches ? state === 'open' : state !== 'collapsed'));
}

function close() {
  if (root.dataset.sidebar === 'open') {
    set('');
    toggle?.focus();
  }
}

toggle?.addEventListener('click', () => {
  if (small.matches) {
    set(root.dataset.sidebar === 'open' ? '' : 'open');
    if (root.dataset.sidebar === 'open') sidebar.querySelector('a')?.focus();
    return;
  }
  set(root.dataset.sidebar === 'collapsed' ? '' : 'collapsed');
  document.cookie = `eg_sidebar=${root.dataset.sidebar || 'wide'};path=/;max-age=31536000;samesite=lax`;
});
document.querySelector('[data-sidebar-close]')?.addEventListener('click', close);
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') close();
});
small.addEventListener('change', () =>
  set(small.matches ? '' : document.cookie.includes('eg_sidebar=collapsed') ? 'collapsed' : ''),
);
set(small.matches ? '' : root.dataset.sidebar);
