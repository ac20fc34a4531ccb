// Looks at a page whose catalogues put every text into ⟦brackets⟧ (tests/tools/extract_strings.py --pseudo): what is read and stands
// outside of them is in no catalogue.

/** What people read outside brackets: ['text: Since', 'title of button: Close it']. What people or the office wrote is marked by
 *  dir="auto" or <bdi>, names of languages by lang; numbers, codes and times have no letters or an element of their own. */
export const findHardCoded = (page) =>
  page.evaluate(() => {
    const OWN_WORDS = '[dir=auto], bdi, [lang]:not(html), time, code, script, style, textarea, template, svg';
    const BRAND = /recourse|UTC|SHA-256/g;
    let depth = 0; // of brackets: a text with markup in it goes on from one node to the next
    const outside = (text) => {
      let left = '';
      for (const letter of text) {
        if (letter === '⟦') depth++;
        else if (letter === '⟧') depth--;
        else if (depth === 0) left += letter;
      }
      return left.replace(BRAND, '').replace(/\s+/g, ' ').trim();
    };
    const reads = (text) => /\p{L}/u.test(text);
    const found = [];
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
      const left = outside(walk.currentNode.data);
      if (reads(left) && !walk.currentNode.parentElement.closest(OWN_WORDS)) found.push(`text: ${left}`);
    }
    if (depth) found.push('text: a bracket that is not closed');
    depth = 0;
    for (const one of document.querySelectorAll('body *')) {
      const names = ['title', 'placeholder', 'alt', 'aria-label', 'aria-description', 'label'];
      if (one.matches('input[type=submit], input[type=button], input[type=reset]')) names.push('value');
      for (const name of names) {
        const text = outside(one.getAttribute(name) ?? '');
        if (reads(text) && !one.closest('[lang]:not(html)') && !(name === 'placeholder' && one.dir === 'auto')) found.push(`${name} of ${one.localName}: ${text}`);
      }
    }
    // What people named stands in the title too, where the page is about it.
    const named = new Set([...document.querySelectorAll(OWN_WORDS)].map((one) => one.textContent.trim()));
    const title = outside(document.title.split(' · ').filter((part) => !named.has(part)).join(' '));
    if (reads(title)) found.push(`the title: ${title}`);
    return found;
  });
