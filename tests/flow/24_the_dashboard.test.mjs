// What a desk sees of itself when it is a year old. The dashboard: large figures, charts drawn over tables, the numbers to read,
// nothing that could point to a person for those who see no cases; the queue narrowed by filters; my work; the settings.
// Narrow and wide, light and dark, right-to-left.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { violations } from '../support/axe.mjs';
import { ask, pause } from '../support/installation.mjs';
import { openStage } from '../support/feigned.mjs';
import { openBrowser, picture, fits } from '../support/browser.mjs';

const wave = (i, low, high) => Math.round(low + ((high - low) * (1 + Math.sin(i * 1.7) * Math.cos(i * 0.6))) / 2);
const CHANNELS = { web: [2, 9], sms: [1, 7], in_person: [0, 3], phone: [0, 2], partner: [0, 2], api: [0, 0], rule: [0, 1], other: [0, 0] };
const KINDS = { grievance: [30, 90], flag: [1, 8], question: [12, 40], suggestion: [4, 16], thanks: [3, 9], consultation: [0, 12], other: [0, 0] };
const ENDINGS = { verified: [12, 50], referred: [3, 14], out_of_scope: [2, 8], unfounded: [2, 9], withdrawn: [1, 5], unanswered: [0, 6], closed: [0, 0] };
const spread = (table, i, times = 1) => Object.fromEntries(Object.entries(table).map(([code, [low, high]], n) => [code, wave(i + n * 5, low, high) * times]));
const sum = (row) => Object.values(row).reduce((a, b) => a + b, 0);

function flow() {
  const days = Array.from({ length: 30 }, (_, i) => {
    const channels = spread(CHANNELS, i);
    return { day: new Date(Date.UTC(2026, 9, 27 + i)).toISOString().slice(0, 10), came: sum(channels), ended: wave(i, 2, 12), channels, kinds: {}, endings: {} };
  });
  const months = Array.from({ length: 12 }, (_, i) => {
    const channels = spread(CHANNELS, i, 14), endings = spread(ENDINGS, i, 4), kinds = spread(KINDS, i);
    return { month: new Date(Date.UTC(2025, 11 + i, 1)).toISOString().slice(0, 7), came: sum(channels), ended: sum(endings), channels, kinds, endings };
  });
  const states = [['received', 3, 19], ['first_look', 2, 8], ['acknowledged', 30, 96], ['assessed', 52, 260], ['in_action', 210, 700], ['waiting_for_you', 96, 480], ['remedy_offered', 70, 340], ['declined', 24, 120], ['delivered', 60, 330], ['under_review', 300, 690], ['reopened', 12, 60]];
  const stages = [['look', 402, 21, 14], ['contact', 180, 12, 9], ['acknowledge', 371, 40, 26], ['outcome', 190, 33, 214]];
  return {
    days, months, guarded: false,
    states: states.map(([state, median, most]) => ({ state, cases: 40, median, most })),
    stages: stages.map(([stage, kept, missed, open]) => ({ stage, kept, missed, open })),
  };
}

/** As a vault tells it to managers: days are sums, small numbers are null. */
function guarded() {
  const told = flow(), few = (n) => (n < 3 ? null : n);
  told.guarded = true;
  told.days = told.days.map(({ day, came }, i) => ({ day, came: i % 7 === 5 ? null : came, ended: null }));
  for (const month of told.months) for (const of of ['channels', 'kinds', 'endings']) month[of] = Object.fromEntries(Object.entries(month[of]).map(([code, n]) => [code, few(n)]));
  return told;
}

const FIGURES = {
  lanes: { first_look: 38, assessed: 126, consultation: 4, held: 17 }, remedies: { due: 9, overdue: 2 }, cases: 2411, late: 6, soon: 11, soonest: '2026-11-25T21:30:00Z', whole: true, members: 9, stages: [],
  bands: [['1h', 1, 0, 1], ['4h', 2, 1, 1], ['24h', 4, 6, 2], ['72h', 5, 21, 3], ['7d', 8, 33, 4], ['later', 18, 65, 6]].map(([band, first_look, assessed, held]) => ({ band, first_look, assessed, held })),
};

const item = (n, more = {}) => ({
  case: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`, desk: 'usual', lane: 'first_look', floor: false, band: n % 3 ? 'later' : '24h', reasons: [{ rule: 'words.hazard', says: 'Words about hazardous work' }],
  first_rank: {}, rank: { danger_now: false, grave: false, ongoing: true, scale: 1 + (n % 4), scope: 2, irremediability: 1 + (n % 3), likelihood: null, by: null }, due: '2026-11-27T09:00:00Z', language: n % 2 ? 'sw' : 'en', channel: n % 2 ? 'sms' : 'web', kind: 'grievance',
  taken_by: null, messages: 1 + n, version: 3, state: 'received', arrived: '2026-11-24T08:00:00Z', synthetic: false, danger_now: false, grave: false, overdue: false, ...more,
});
const COUNTS = { first_look: 38, assessed: 126, consultation: 4, mine: 2, second: 1 };
const IMPACT = '00000000-0000-4000-8000-00000000abcd';
const asked = []; // of the queue, since the last page
let arrived = []; // meanwhile, in the lane of first looks

function queueList({ lane = 'first_look', ...rest }) {
  const question = { lane, ...rest };
  asked.push(question);
  const found = question.filter ? { first_look: 30, assessed: 12, consultation: 0, mine: 1 }[question.lane] : COUNTS[question.lane];
  const watched = [item(7, { is_news: true, last: { what: 'A further message arrived', at: '2026-11-25T08:00:00Z', by: '' } }), item(8, { is_news: false })];
  if (question.lane === 'watched') return { items: watched, counts: COUNTS, total: 2 };
  const count = Math.min(question.limit ?? 3, found, 3);
  const first = question.lane === 'first_look' ? arrived : [];
  return { items: first.concat(Array.from({ length: count }, (_, i) => item(i + 1, question.lane === 'mine' ? { taken_by: 'amina', lane: 'mine' } : {}))), counts: COUNTS, total: found };
}

const ANSWERS = {
  'queue.list': queueList,
  'impact.list': { items: [{ impact: IMPACT, title: 'Passports withheld', state: 'actual', rights: [], stage: '', technology: 'none', cases: 3 }], total: 1 },
  'second.list': { items: [item(5, { wants_second: 'closing' })], total: 1 },
  'action.list': { items: [['2026-01-02', true], ['2031-01-02', false]].map(([due, overdue], i) => ({ action: `00000000-0000-4000-8000-0000000000${i}a`, impact: IMPACT, title: 'Passports withheld', name: 'Buyer', entity: IMPACT, type: 'remedy', what: `Give the passports back, ${i}`, owner: 'amina', due: `${due}T00:00:00Z`, state: 'planned', severity: {}, overdue, open: true, tried: 0 })), total: 2, overdue: 1, drifts: [] },
  'office.settings': {
    profiles: [{ profile: 'default', says: 'Classes of urgency', source: 'Practice', dated: '2026-11-22' }], deadlines: 1, rules: 2, codes: 1, rest_days: ['friday', 'saturday'], holidays: ['2026-12-25'], ahead_minutes: 345,
    per_hour: 60, per_day: 300, second_factor: true, recovery_hours: 24, wish_wait_s: 604800, retention_months: 84, drift_days: 30,
  },
};

describe('a desk that is a year old', () => {
  let stage, chromium, role = 'manager', told = guarded(), figures = FIGURES;
  before(async () => {
    stage = await openStage({
      ...ANSWERS,
      whoami: () => ({ name: 'amina', role, desk: 'usual', csrf: 'c', openings_hour: 0, openings_day: 0, budget_hour: 60, budget_day: 300, enrolling: false, news: [], admissions: 0, recovery: null, recovered: null }),
      'figures.flow': () => told,
      figures: () => figures,
    });
    chromium = await openBrowser();
  });
  after(async () => {
    await chromium?.stop();
    await stage?.close();
  });

  const open = async (view, path = '/dashboard') => {
    const page = await chromium.visit({ ...view, scripts: true });
    await page.context().addCookies([stage.cookie]);
    await page.goto(stage.url + path);
    return page;
  };
  const check = async (page, where) => {
    assert.deepEqual(await violations(page), [], where);
    assert.ok(await fits(page), `${where} sticks out`);
    assert.equal(await page.locator('script:not([src="/fresh.js"])').count(), 0, where);
  };

  it('has a dashboard that shows an officer every number, drawn and to read', async () => {
    role = 'officer';
    told = flow();
    const page = await open({ width: 1280 });
    assert.equal(await page.locator('.figure').count(), 8);
    const month = told.months.at(-1);
    for (const [at, key] of [[0, 'came'], [1, 'ended']]) {
      const row = page.locator('#months .numbers tbody tr').last();
      assert.equal(await row.locator('td').nth(at).textContent(), String(month[key]));
      // What is drawn says the same: the bar's share of the chart is the number's share of its top.
      const bar = page.locator('#months .drawn tbody tr').last().locator('td').nth(at), top = Number(await page.textContent('#months .top-of'));
      const drawn = await bar.evaluate((td) => td.getBoundingClientRect().height / td.parentElement.getBoundingClientRect().height);
      assert.ok(Math.abs(drawn * 1.12 - month[key] / top) < 0.12, `${key}: ${drawn} of ${month[key]}/${top}`);
    }
    assert.equal(await page.locator('#doors thead th').count(), Object.keys(CHANNELS).length - 2, 'doors by which nothing came are left out');
    assert.equal(await page.getAttribute('.tile >> nth=1 >> a', 'href'), '/queue?filter.overdue=yes');
    assert.equal(await page.locator('td.few').count(), 0);
    await picture(page, 'dashboard');
    await page.emulateMedia({ media: 'print' });
    assert.equal(await page.isVisible('nav'), false);
    assert.ok(await page.isVisible('#months .drawn'));
    await page.emulateMedia({ media: 'screen' });
    await check(page, 'an officer’s dashboard');
    await page.context().close();
  });

  it('keeps small numbers from a manager, and has no way to the cases', async () => {
    role = 'manager';
    told = guarded();
    const page = await open({ width: 1280 }, '/');
    assert.equal(new URL(page.url()).pathname, '/dashboard', 'a manager begins here');
    assert.equal(await page.locator('.tile a').count(), 0);
    assert.ok((await page.locator('#days td.few').count()) > 2);
    assert.ok((await page.locator('#days .numbers').textContent()).includes('few'));
    assert.match(await page.textContent('main'), /could point to a person/);
    await page.context().close();
  });

  it('is readable on the first day, when there is nothing', async () => {
    const none = (row) => Object.fromEntries(Object.keys(row).map((code) => [code, 0]));
    role = 'officer';
    told = flow();
    for (const period of [...told.days, ...told.months]) Object.assign(period, { came: 0, ended: 0, channels: none(CHANNELS), kinds: none(KINDS), endings: none(ENDINGS) });
    for (const state of told.states) Object.assign(state, { cases: 0, median: null, most: null });
    for (const s of told.stages) Object.assign(s, { kept: 0, missed: 0, open: 0 });
    figures = { ...FIGURES, lanes: { first_look: 0, assessed: 0, consultation: 0, held: 0 }, late: 0, soon: 0, soonest: '', bands: FIGURES.bands.map(({ band }) => ({ band, first_look: 0, assessed: 0, held: 0 })) };
    const page = await open({ width: 320 });
    assert.equal(await page.locator('.drawn').count(), 0);
    await check(page, 'an empty dashboard');
    await page.context().close();
    figures = FIGURES;
  });

  for (const view of [
    { locale: 'en', width: 320, scheme: 'light', name: 'dashboard-phone' },
    { locale: 'ar', width: 1280, scheme: 'dark', name: 'dashboard-ar-dark' },
    { locale: 'es', width: 1920, height: 1080, scheme: 'dark', name: 'dashboard-dark' },
  ])
    it(`in ${view.locale}, ${view.width} px, ${view.scheme}`, async () => {
      role = 'manager';
      told = guarded();
      const page = await open(view);
      assert.equal(await page.getAttribute('html', 'lang'), view.locale);
      assert.deepEqual((await page.locator('.languages > *').allTextContents()).sort(), ['English', 'Español', 'Français', 'Kiswahili', 'العربية'].sort());
      if (view.name) await picture(page, view.name);
      for (const summary of await page.locator('.numbers summary').all()) await summary.click();
      await check(page, `the dashboard in ${view.locale}`);
      role = 'officer';
      for (const path of view.locale === 'es' ? [] : ['/queue?filter.kind=grievance', '/work', '/settings']) {
        await page.goto(stage.url + path);
        await check(page, `${path} in ${view.locale}`);
        if (path === '/work' && view.locale === 'ar') await picture(page, 'work-ar-dark');
        if (path.startsWith('/queue') && view.width === 320) await picture(page, 'queue-filters-phone');
      }
      await page.context().close();
    });

  it('narrows the queue: the choice in words, the numbers of the lanes, kept from page to page, and cleared', async () => {
    role = 'officer';
    const page = await open({ width: 1280 }, '/queue');
    assert.equal(await page.locator('#filters').getAttribute('open'), null);
    assert.deepEqual(await page.locator('[accesskey]').evaluateAll((all) => all.map((one) => one.accessKey)), ['q', 'w', 's', 'd', 't']);
    await page.click('#filters summary');
    await page.selectOption('[name="filter.state"]', 'received');
    await page.selectOption('[name="filter.impact"]', IMPACT);
    await page.check('[name="filter.overdue"]');
    asked.length = 0;
    await page.click('#filters button');
    const filter = { state: 'received', impact: IMPACT, overdue: true };
    assert.deepEqual(asked.map((a) => a.lane), ['first_look', 'assessed', 'consultation', 'mine']);
    for (const question of asked) assert.deepEqual(question.filter, filter);
    assert.deepEqual(await page.locator('.narrowed .tag').allTextContents(), ['Received', 'Passports withheld', 'Overdue only']);
    assert.deepEqual(await page.locator('.bars td.n').allTextContents(), ['30', '12', '0', '1', '', '0']);
    await picture(page, 'queue-filters');
    asked.length = 0;
    await page.click('section.lane:first-of-type [rel=next]');
    for (const question of asked.filter((a) => a.limit !== 1)) assert.deepEqual([question.filter, question.after], [filter, 3]);
    await page.click('.bars a[href*="lane=assessed"]');
    assert.deepEqual(await page.locator('section.lane h2 .tag').allTextContents(), ['12']);
    await page.click('.narrowed a');
    assert.equal(new URL(page.url()).search, '?lane=assessed');
    assert.equal(await page.locator('.narrowed').count(), 0);
    await page.context().close();
  });

  it('shows what has come by itself, and offers it where somebody is at work', async () => {
    role = 'officer';
    const page = await chromium.visit({ width: 1280, scripts: true });
    await page.clock.install();
    await page.context().addCookies([stage.cookie]);
    await page.goto(`${stage.url}/queue`);
    const cards = page.locator('[data-fresh=list] a.open'), last = () => cards.evaluateAll((all) => all.at(-1).getAttribute('href'));
    await page.mouse.move(0, 0);
    arrived = [item(99)];
    await page.clock.runFor(31_000);
    await page.waitForFunction(() => [...document.querySelectorAll('a.open')].some((a) => a.href.endsWith('99')));
    await cards.first().focus();
    await page.keyboard.press('ArrowDown');
    assert.equal(await page.evaluate(() => document.activeElement.getAttribute('href')), await cards.nth(1).getAttribute('href'));
    arrived = [item(98), item(99)];
    const before = await last();
    await page.clock.runFor(31_000);
    await page.waitForSelector('#fresh:not([hidden])');
    assert.equal(await last(), before, 'nothing moves under a hand');
    assert.equal(await page.evaluate(() => document.activeElement.getAttribute('href')), await cards.nth(1).getAttribute('href'));
    await page.click('#fresh button');
    assert.ok((await cards.evaluateAll((all) => all.map((a) => a.getAttribute('href')))).some((href) => href.endsWith('98')));
    assert.equal(await page.isVisible('#fresh'), false);
    // Who has gone is signed out by the vault: a page left alone asks no more.
    await pause(300);
    asked.length = 0;
    await page.clock.fastForward(640_000); // each timer at most once
    await page.clock.fastForward(31_000);
    await pause(500);
    assert.equal(asked.length, 0);
    arrived = [];
    await page.context().close();
  });

  it('shows my work on one page', async () => {
    role = 'officer';
    const page = await open({ width: 1280 }, '/work');
    assert.deepEqual(await page.locator('.tile .big').allTextContents(), ['2', '1', '2', '2']);
    assert.equal(await page.locator('#held li.card').count(), 2);
    assert.equal(await page.locator('#due li.card').count(), 1, 'what is due in years can wait');
    assert.equal(await page.locator('#news li.card').count(), 1, 'what was seen is not news');
    assert.match(await page.textContent('#news'), /A further message arrived/);
    await picture(page, 'work');
    role = 'handler'; // no second person: the vault would refuse the question
    await page.reload();
    assert.equal(await page.locator('#second').count(), 0);
    assert.equal(await page.locator('#held li.card').count(), 2);
    await page.context().close();
  });

  it('says what is set, to members and administrators', async () => {
    role = 'administrator';
    const page = await open({ width: 1280 }, '/settings');
    const text = (await page.textContent('main')).replace(/\s+/g, ' ');
    for (const said of ['Friday Saturday', 'UTC+05:45', '7 days', '84 months', '60 an hour, 300 a day', 'Classes of urgency']) assert.ok(text.includes(said), `${said} in ${text}`);
    assert.equal(await page.locator('.fault').count(), 0);
    await picture(page, 'settings');
    await page.context().close();
  });

  it('has its styles from this server alone, once', async () => {
    const page = await ask(`${stage.url}/dashboard`, { headers: { cookie: '__Host-session=usual.feigned' } });
    assert.match(page.headers['content-security-policy'], /style-src 'self' 'sha256-[^']+'; script-src 'self'; connect-src 'self'; /);
    const address = /href="(\/base\.css\?v=[0-9a-f]{16})"/.exec(page.text)[1];
    const style = await ask(stage.url + address);
    assert.equal(style.status, 200);
    assert.match(style.headers['content-type'], /^text\/css/);
    assert.match(style.headers['cache-control'], /immutable/);
    assert.doesNotMatch(style.text, /url\(|@import/);
    assert.match(style.text, /Permission is hereby granted/, 'the licences go with it');
  });
});
