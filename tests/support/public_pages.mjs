// The public pages, and what leads to each: one row a page. A new page is a new row; flow 33 then looks at it in every language and in
// every mode, and makes its pictures.
//
//   for (const { name, open } of PUBLIC_PAGES) await open(page, house, world);
//
// `page` belongs to a visit that may have seen the row before. `world` has `decided` and `offered`, receipts of cases that got so far
// (furnished.mjs). Each row is one request, or two: what a form would send is sent from here, so that nobody waits for clicks that flows
// 29, 35 and 37 make. A row goes on from none before it but for the draft of the visit, which is begun where it is missing.
import { randomBytes } from 'node:crypto';

const WORDS = { en: 'The camera at the gate calls my neighbour a thief', ar: 'الكاميرا عند البوابة تسمّي جارتي سارقة', sw: 'Kamera ya lango inamwita jirani yangu mwizi' };
const drafts = new WeakMap(); // page → the key under which its answers lie

/** As the page's own form would: the page that comes stands in `page`. */
async function post(page, house, path, fields) {
  if (!page.url().startsWith(house.urls.intake)) await page.goto(house.urls.intake);
  const come = page.waitForNavigation();
  await page.evaluate(([action, all]) => {
    const form = Object.assign(document.createElement('form'), { method: 'post', action });
    for (const [name, value] of Object.entries(all)) form.append(Object.assign(document.createElement('input'), { type: 'hidden', name, value }));
    document.body.append(form);
    form.submit();
  }, [path, fields]);
  await come;
}

const newKey = () => randomBytes(32).toString('base64url');
const words = async (page) => WORDS[await page.getAttribute('html', 'lang')] ?? '…';
const report = (page, house, fields) => post(page, house, '/report', { key: newKey(), ...fields });
const receipt = (page, house, number, fields) => post(page, house, '/receipt', { receipt: number, ...fields });

/** A step of a draft in which it has been told what happened; `fields` are answers of the step before. */
async function inDraft(page, house, go, fields = { step: 'check' }) {
  if (!drafts.has(page)) {
    const key = newKey();
    await report(page, house, { step: 'story', go: 'check', key, text: await words(page) });
    drafts.set(page, key);
  }
  await report(page, house, { then: 'check', ...fields, go, key: drafts.get(page) });
}

const step = (name, fields) => ({ name: `step ${name}`, open: (page, house) => inDraft(page, house, name, fields) });

async function stored(page, house) {
  await inDraft(page, house, 'send');
  drafts.delete(page);
}

const at = (path) => (page, house) => page.goto(house.urls.intake + path);

export const PUBLIC_PAGES = [
  { name: 'home', open: at('/') },
  { name: 'danger', open: at('/report') },
  { name: 'form', open: (page, house) => report(page, house, { step: 'danger', go: 'next', danger_now: 'no' }) },
  { name: 'form in danger', open: (page, house) => report(page, house, { step: 'danger', go: 'next', danger_now: 'yes' }) },
  { name: 'form with an error', open: (page, house) => report(page, house, { step: 'story', go: 'next', text: '' }) },
  { name: 'all questions', open: (page, house) => report(page, house, { step: 'danger', go: 'all', danger_now: 'yes' }) },
  { name: 'all questions with an error', open: (page, house) => report(page, house, { step: 'report', text: '' }) },
  step('when'),
  step('likely', { step: 'when', ongoing: 'not_yet' }),
  step('speaker'),
  step('behalf', { step: 'speaker', speaking_as: 'group' }),
  step('about'),
  step('groups'),
  step('safety'),
  step('files'),
  step('contact'),
  step('readers'),
  { name: 'check', open: (page, house) => inDraft(page, house, 'next') },
  { name: 'safety', open: at('/safety') },
  { name: 'about', open: at('/about') },
  { name: 'stored', open: stored },
  {
    name: 'written down',
    async open(page, house) {
      await stored(page, house);
      await post(page, house, '/report', { step: 'written', key: await page.inputValue('form:has(#written) [name=key]') });
    },
  },
  { name: 'receipt', open: at('/receipt') },
  { name: 'receipt with an error', open: (page, house) => receipt(page, house, '1') },
  { name: 'decision', open: (page, house, world) => receipt(page, house, world.decided) },
  { name: 'offer', open: (page, house, world) => receipt(page, house, world.offered) },
  { name: 'message added', open: async (page, house, world) => receipt(page, house, world.offered, { step: 'add', text: await words(page) }) },
  { name: 'message with an error', open: (page, house, world) => receipt(page, house, world.offered, { step: 'add', text: '' }) },
  {
    name: 'left',
    async open(page, house) {
      await inDraft(page, house, 'next');
      await post(page, house, '/exit', { key: drafts.get(page) });
    },
  },
  {
    name: 'ended',
    async open(page, house) {
      const key = newKey();
      await report(page, house, { step: 'story', go: 'next', text: '…', key });
      await post(page, house, '/exit', { key });
      await report(page, house, { step: 'story', go: 'next', text: '…', key });
    },
  },
  { name: 'no such page', open: at('/nothing-here') },
];
