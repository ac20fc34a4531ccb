// What axe finds on the page as it stands: one line a rule, with the places. The page's scripts must run.
//
//   const page = await readyForAxe(await chromium.visit({ scripts: true }));   // where many pages follow: axe is sent once, not half a megabyte a page
//   assert.deepEqual(await violations(page), [], 'the form in Arabic');
//   await violations(page, { only: ['color-contrast'] });   // rules by name: what may differ from how the same page was looked at before
//   await violations(page, { colours: false });             // all but the rule that costs most
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export async function readyForAxe(page) {
  await page.addInitScript(`globalThis.beginAxe = function () {${source}\n};`);
  return page;
}

export async function violations(page, { only, colours = true } = {}) {
  const isThere = await page.evaluate(() => {
    if (!('axe' in window)) window.beginAxe?.();
    return 'axe' in window;
  });
  if (!isThere) await page.evaluate(source);
  return page.evaluate(async ([rules, colours]) => {
    const options = rules ? { runOnly: rules } : { rules: { 'target-size': { enabled: true }, 'color-contrast': { enabled: colours } } };
    Object.assign(options, { resultTypes: ['violations'], preload: false, elementRef: false });
    const found = await window.axe.run(document, options);
    return found.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target).join(' ')}`);
  }, [only, colours]);
}
