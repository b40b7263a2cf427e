// Every text with Latin letters that a person can read or hear on the page.
() => {
  const named = '[translate=no], [lang]:not(html)', unread = 'script, style, noscript, code, kbd, pre, ' + named;
  const attributes = ['title', 'aria-label', 'placeholder', 'alt'], found = [document.title];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    if (!walk.currentNode.parentElement.closest(unread)) found.push(walk.currentNode.textContent);
  }
  for (const element of document.querySelectorAll('body *')) {
    if (!element.closest(named)) found.push(...attributes.map(name => element.getAttribute(name) || ''));
  }
  return [...new Set(found.map(text => text.trim().replace(/\s+/g, ' ')).filter(text => /[A-Za-z]{2}/.test(text)))];
}
