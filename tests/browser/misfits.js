// Everything that does not fit on the screen: a page that scrolls sideways, an element outside, a text cut off.
() => {
  const root = document.documentElement, width = root.clientWidth, found = [];
  const unseen = '.visually-hidden, .eg-skip, [hidden], svg, select';

  function name(element) {
    const text = element.textContent.trim().replace(/\s+/g, ' ').slice(0, 40);
    return `${element.tagName.toLowerCase()}.${[...element.classList].join('.')} "${text}"`;
  }
  function isInAFrameThatScrolls(element) {
    for (let parent = element.parentElement; parent && parent !== document.body; parent = parent.parentElement) {
      if (/auto|scroll|hidden|clip/.test(getComputedStyle(parent).overflowX)) return true;
    }
    return false;
  }
  function isCutOff(element, style) {
    const hasText = [...element.childNodes].some(node => node.nodeType === 3 && node.textContent.trim());
    return hasText && /hidden|clip/.test(style.overflowX) && style.textOverflow !== 'ellipsis'
      && element.scrollWidth > element.clientWidth + 1;
  }

  if (root.scrollWidth > width) found.push(`the page is ${root.scrollWidth} px wide on a screen of ${width} px`);
  for (const element of document.querySelectorAll('body *')) {
    const style = getComputedStyle(element), box = element.getBoundingClientRect();
    if (!box.width || !box.height || style.visibility === 'hidden' || element.closest(unseen)) continue;
    const isOutside = box.right > width + 1 && box.left < width && style.position !== 'fixed';
    const isSeenOutside = isOutside && !isInAFrameThatScrolls(element);
    if (isSeenOutside) found.push(`${name(element)} ends at ${Math.round(box.right)} px`);
    if (isCutOff(element, style)) found.push(`${name(element)} is cut off`);
  }
  return found.slice(0, 8);
}
