/* A place to drop a file on: <label class="eg-drop" data-drop> around an <input type="file"> and a [data-drop-name]. */
function name(zone) {
  const input = zone.querySelector('input[type="file"]');
  const label = zone.querySelector('[data-drop-name]');
  const [file] = input.files;
  if (label) label.textContent = file ? `${file.name} (${size(file.size)})` : '';
}

function size(bytes) {
  const lang = document.documentElement.lang;
  const format = (value, unit) =>
    new Intl.NumberFormat(lang, { style: 'unit', unit, maximumFractionDigits: 1 }).format(value);
  return bytes < 1048576 ? format(bytes / 1024, 'kilobyte') : format(bytes / 1048576, 'megabyte');
}

for (const kind of ['dragenter', 'dragover', 'dragleave', 'drop']) {
  document.addEventListener(kind, (event) => {
    const zone = event.target.closest?.('[data-drop]');
    if (!zone) return;
    event.preventDefault();
    zone.toggleAttribute('data-over', kind === 'dragenter' || kind === 'dragover');
    if (kind !== 'drop' || !event.dataTransfer.files.length) return;
    const input = zone.querySelector('input[type="file"]');
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event('change', { bubbles: true }));
  });
}
document.addEventListener('change', (event) => {
  const zone = event.target.closest?.('[data-drop]');
  if (zone && event.target.type === 'file') name(zone);
});
