// Going through a page with the Tab key alone: WCAG 2.4.3, 2.4.7, 2.4.11, 2.4.13, 2.1.2 and 2.4.1.
import assert from 'node:assert/strict';

const MANY = 400; // stops of no page
const LINE = 24; // px: what stands on one line may differ so much in height

/** Tab through the page: every stop, as the person meets them. */
async function tabStops(page) {
  const stops = [];
  await page.evaluate(() => {
    document.activeElement?.blur();
    window.getSelection().removeAllRanges();
    window.scrollTo(0, 0);
  });
  for (let i = 0; i < MANY; i++) {
    await page.keyboard.press('Tab');
    const stop = await page.evaluate(() => {
      const one = document.activeElement;
      if (!one || one === document.body || one === document.documentElement) return null;
      const all = [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]')];
      const box = one.getClientRects()[0];
      // A link that fills its card wears the outline on the part that fills it.
      const frames = [getComputedStyle(one), getComputedStyle(one, '::after')].map((style) => (style.outlineStyle === 'none' ? 0 : parseFloat(style.outlineWidth)));
      const x = Math.min(Math.max(box.left + box.width / 2, 1), innerWidth - 2), y = box.top + Math.min(box.height / 2, 20);
      const hit = document.elementFromPoint(x, y);
      return {
        at: all.indexOf(one),
        what: one.id || one.name || one.textContent.trim().slice(0, 20),
        top: box.top + scrollY,
        outline: Math.max(...frames),
        seen: !!hit && (one.contains(hit) || hit.contains(one)),
      };
    });
    if (!stop || (stops.length > 1 && stop.at === stops[0].at)) return stops;
    if (stops.at(-1)?.at !== stop.at) stops.push(stop); // a date has stops within
  }
  assert.fail('Tab never comes to the end of the page');
}

/** Every stop is reached, in the order of the page, its focus can be seen, and Tab leads out again. */
export async function checkKeyboard(page, where) {
  // From the top, also where a script has put the focus on what is wrong.
  await page.evaluate(() => {
    if (document.activeElement === document.body) return;
    document.body.tabIndex = -1;
    document.body.focus();
    document.body.removeAttribute('tabindex');
  });
  const stops = await tabStops(page);
  const reachable = await page.evaluate(() => {
    const groups = new Set();
    return [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')].filter((one) => {
      if (!one.checkVisibility() || one.disabled) return false; // nor what a closed <details> holds
      if (one.type !== 'radio') return true;
      const group = `${one.form?.id} ${one.name}`;
      return !groups.has(group) && groups.add(group);
    }).length;
  });
  assert.equal(stops.length, reachable, `${where}: ${stops.map((stop) => stop.what)}`);
  for (const [i, stop] of stops.entries()) {
    assert.ok(stop.outline >= 2, `${where}: focus on ${stop.what} cannot be seen`);
    assert.ok(stop.seen, `${where}: something lies over ${stop.what}`);
    if (i) assert.ok(stop.at > stops[i - 1].at, `${where}: ${stop.what} comes too early`);
  }
  return stops;
}

/** The same on a page of one column: no stop stands above the one before it. */
export async function checkOneColumn(page, where) {
  const stops = await checkKeyboard(page, where);
  for (const [i, stop] of stops.entries()) if (i > 1) assert.ok(stop.top > stops[i - 1].top - LINE, `${where}: ${stop.what} stands above what came before`);
}

/** The first stop leads past the head of the page, and is seen when it has the focus. */
export async function checkSkipLink(page) {
  await page.keyboard.press('Tab');
  const skip = page.locator('a.skip');
  assert.ok(await skip.evaluate((one) => one === document.activeElement && one.getBoundingClientRect().top >= 0 && one.getBoundingClientRect().left >= 0), 'the way past the head is the first stop, and seen');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  assert.ok(await page.evaluate(() => document.activeElement.closest('main')), 'it leads into the text');
}
