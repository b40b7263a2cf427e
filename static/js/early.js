/* Runs before the first paint: "auto" follows the device, so that a dark room sees no white flash. */
(function () {
  'use strict';
  var root = document.documentElement,
    dark = matchMedia('(prefers-color-scheme: dark)');
  function follow() {
    if (root.dataset.theme === 'auto') root.dataset.bsTheme = dark.matches ? 'dark' : 'light';
  }
  follow();
  dark.addEventListener('change', follow);
})();
