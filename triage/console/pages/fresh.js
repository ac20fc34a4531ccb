// New cases appear by themselves: a page that stands open looks again every now and then. What is new takes its place at once
// where nobody is at work in the list, and is offered otherwise, so that nothing moves under a hand. In the list the arrow keys
// go from case to case. Without scripts the page is the same and is loaded again by hand.
'use strict';
(() => {
  const find = (name, from = document) => from.querySelector(`[data-fresh="${name}"]`);
  const parts = ['numbers', 'list'];
  const first = find('list');
  if (!first) return;

  const SECOND = 1000;
  const every = Number(first.dataset.every) * SECOND, until = Number(first.dataset.until) * SECOND; // 0: for as long as the session lives
  const offer = document.getElementById('fresh');
  let touched = Date.now(), next = null;

  // What stands in it, without the words that change by the minute.
  const what = (page) => [...find('list', page).querySelectorAll('a.open, .found')].map((one) => one.getAttribute('href') ?? one.textContent).join(' ');
  const isAtWork = () => find('list').contains(document.activeElement) || find('list').matches(':hover');

  const show = () => {
    for (const part of parts) if (next && find(part) && find(part, next)) find(part).replaceWith(document.adoptNode(find(part, next)));
    next = null;
    if (offer) offer.hidden = true;
  };

  const look = async () => {
    if (document.hidden || (until && Date.now() - touched > until)) return;
    const answer = await fetch(location.href, { redirect: 'error' }).catch(() => null);
    if (!answer || !answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    if (!find('list', page)) return;
    const isNew = what(page) !== what(document);
    next = page;
    if (!isAtWork()) show();
    else if (isNew && offer) offer.hidden = false;
  };

  const step = (event) => {
    const by = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[event.key];
    if (!by || event.altKey || event.ctrlKey || event.metaKey || !find('list').contains(document.activeElement)) return;
    const cards = [...find('list').querySelectorAll('a.open')];
    const at = cards.indexOf(document.activeElement);
    if (at < 0 || !cards[at + by]) return;
    event.preventDefault();
    cards[at + by].focus();
  };

  for (const kind of ['keydown', 'pointerdown']) document.addEventListener(kind, () => (touched = Date.now()), { passive: true });
  document.addEventListener('keydown', step);
  offer?.querySelector('button').addEventListener('click', show);
  setInterval(look, every);
})();
