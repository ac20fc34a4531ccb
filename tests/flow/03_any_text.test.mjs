// Whatever a person writes comes back byte for byte, in any script and in any field, by the API and by the form; and whatever a
// stranger sends wrong is told so in a sentence, with the field at fault, while others are served as before.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Agent } from 'node:https';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { connect } from 'node:tls';
import { honest, summary } from '../load/honest.mjs';
import { ask, pause, root, startInstallation, until } from '../support/installation.mjs';

const strings = JSON.parse(readFileSync(join(root, 'tests/vectors/blns.json'), 'utf8'));
const EMOJI = '\u{1f9f1}';
const SNAIL = '\u{1f40c}'.repeat(20_000);

// Fields that take any text, and what the form calls them.
const FREE = { 'answers.when': 'when', 'answers.where': 'where', 'answers.who': 'who', 'answers.wish': 'wish', 'contact.times': 'times', 'contact.words': 'words', 'on_behalf_of.who': 'behalf_who', 'on_behalf_of.why': null };
// Fields that take some texts only: which of those that are no words of a list.
const nothing = (text) => text === '';
// Spaces, ends of lines, marks of width and direction: nothing to read. As a whole story these say nothing.
const blank = (text) => /^[\t-\r \u0085\u00a0\u00ad\u061c\u1680\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff]*$/.test(text);
const CLOSED = {
  kind: () => false,
  language: (text) => nothing(text) || /^[a-z]{2,3}(-[a-z0-9]{1,8})*$/i.test(text),
  desk: nothing,
  read_back: () => false,
  synthetic: () => false,
  'answers.danger_now': () => false,
  'answers.ongoing': () => false,
  'answers.retaliation': () => false,
  'answers.likelihood': () => false,
  'answers.people_low': () => false,
  'answers.people_high': () => false,
  'answers.speaking_as': () => false,
  'answers.groups': (text) => /^[a-z0-9_-]{1,40}$/.test(text),
  'answers.under_18': () => false,
  'contact.how': () => false,
  'contact.number': (text) => nothing(text) || ((text.match(/\p{Nd}/gu) ?? []).length >= 5 && [...text].length <= 40),
  'contact.email': (text) => nothing(text) || (text.includes('@') && !/[ \t\r\n]/.test(text)),
  'on_behalf_of.consent': () => false,
};
const FORM_CLOSED = ['kind', 'desk', 'danger_now', 'ongoing', 'retaliation', 'speaking_as', 'people_low', 'people_high', 'how', 'number', 'email'];

/** {'answers.when': x} as a body has it. */
function nested(flat) {
  const out = {};
  for (const [path, value] of Object.entries(flat)) {
    const [outer, inner] = path.split('.');
    if (inner) (out[outer] ??= {})[inner] = value;
    else out[outer] = value;
  }
  return out;
}
const plain = (html) => html.replace(/&#39;|&#x27;/g, "'").replace(/&quot;/g, '"').replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&');
/** As many strings, a blank between, as short answers hold: all of them in some forty. */
function pieces() {
  const out = [''];
  for (const text of strings) {
    const longer = `${out.at(-1)} ${text}`;
    if ([...longer].length <= 500) out[out.length - 1] = longer;
    else out.push(text);
  }
  return out;
}

describe('any text', () => {
  let house, agent, person;
  before(async () => {
    house = await startInstallation();
    agent = new Agent({ keepAlive: true, maxSockets: 8 });
  });
  after(async () => {
    agent?.destroy();
    await person?.stop();
    await house?.stop();
  });
  const api = (path, body, headers) => ask(`${house.urls.intake}/api/v1${path}`, { body, headers, agent });
  const form = (fields, { query = '', headers = {} } = {}) => {
    const body = typeof fields === 'string' || Buffer.isBuffer(fields) ? fields : new URLSearchParams({ step: 'report', lang: 'en', ...fields }).toString();
    return ask(`${house.urls.intake}/report${query}`, { method: 'POST', body, headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers }, agent });
  };
  const receiptOf = (page) => [...page.text.matchAll(/\b\d{4}\b/g)].slice(0, 7).join(' ');
  const readBack = async (receipt) => {
    const thread = await api('/thread', { receipt });
    assert.equal(thread.status, 200, thread.text);
    return thread.json().messages[0].text;
  };
  const stored = () => Number(house.superuserQuery('SELECT count(*) FROM recourse.sealed_case').trim());
  /** Some at a time. */
  async function each(list, work) {
    let next = 0;
    await Promise.all(Array.from({ length: 8 }, async () => { while (next < list.length) await work(list[next++]); }));
  }

  it('every field reaches the officer as it was written, by the API and by the form', async () => {
    assert.equal(strings.length, 515);
    const sent = new Map();
    const free = Object.entries(FREE);
    await each(pieces(), async (piece) => {
      const [one, two] = [`by API ${sent.size} ${piece}`, `by form ${randomUUID()} ${piece}`];
      sent.set(one, free.map(([path]) => [path, piece]));
      sent.set(two, free.filter(([, name]) => name).map(([path]) => [path, piece]));
      assert.equal((await api('/reports', { text: one, ...nested(Object.fromEntries(sent.get(one))) })).status, 201);
      const page = await form({ text: two, ...Object.fromEntries(free.filter(([, name]) => name).map(([, name]) => [name, piece])) });
      assert.equal(page.status, 201, page.text);
    });
    assert.ok(sent.size > 60 && sent.size < 100, `${sent.size} reports`);
    const token = house.token(house.officer.name);
    const desk = (path, bearer) => ask(`${house.urls.console}/api/v1${path}`, { headers: { authorization: `Bearer ${bearer}` } });
    const { items } = await until(async () => { const all = (await desk('/queue?limit=100', token)).json(); return all.items?.length === sent.size && all; }, { what: 'all of them in the queue' });
    // A session may open sixty an hour.
    const bearers = [token, house.token(house.officer.name)];
    for (const [i, { case: id }] of items.entries()) {
      const answer = await desk(`/cases/${id}`, bearers[i % 2]);
      assert.equal(answer.status, 200, answer.text);
      const seen = answer.json();
      const { text } = seen.conversation[0];
      for (const [path, value] of sent.get(text)) {
        const [outer, inner] = path.split('.');
        assert.equal(seen[outer][inner], value, path);
      }
      sent.delete(text);
    }
    assert.equal(sent.size, 0);
  });

  it(`${strings.length} naughty strings are stored as they are, or refused with the field named; an honest person hardly notices`, { timeout: 240_000 }, async () => {
    const quietly = honest(`${house.urls.intake}/api/v1/reports`, { perSecond: 10 });
    await pause(2_000);
    const quiet = summary(await quietly.stop());
    let good = 0;
    const before = stored();
    person = honest(`${house.urls.intake}/api/v1/reports`, { perSecond: 10 });
    await each(strings, async (text) => {
      const number = strings.indexOf(text);
      const byForm = number % 2 === 1;
      const told = byForm
        ? await form({ text, read_back: 'yes', ...Object.fromEntries(Object.values(FREE).filter(Boolean).map((name) => [name, text])) })
        : await api('/reports', { text, read_back: true, ...nested(Object.fromEntries(Object.keys(FREE).map((path) => [path, text]))) });
      if (blank(text)) {
        assert.equal(told.status, 400, JSON.stringify(text));
        assert.ok(byForm ? told.text.includes('href="#text"') : told.json().field === 'text', told.text);
      } else {
        good++;
        assert.equal(told.status, 201, `${JSON.stringify(text)}: ${told.text}`);
        assert.equal(await readBack(byForm ? receiptOf(told) : told.json().receipt), text);
      }
      // Each field meets some sixty of them here; all of them, in every field, read report.c's own tests.
      for (const [path, may] of Object.entries(CLOSED).filter((_, place) => place % 9 === number % 9)) {
        const value = path === 'answers.groups' ? [text] : text;
        const answer = await api('/reports', { text: 'x', ...nested({ [path]: value }) });
        if (may(text)) good++;
        assert.equal(answer.status, may(text) ? 201 : 400, `${path} ${JSON.stringify(text)}: ${answer.text}`);
        if (answer.status === 400) assert.equal(answer.json().field, path);
      }
      if (byForm && text !== '') return undefined;
      const closed = await form({ text: 'x', wish: `<zz>${text}`, ...Object.fromEntries(FORM_CLOSED.map((name) => [name, text])) });
      assert.equal(closed.status, text === '' ? 201 : 400, JSON.stringify(text));
      if (text === '') return (good += 1);
      assert.match(closed.text, /role="alert" id="errors"/);
      assert.ok(plain(closed.text).includes(`<zz>${text}`) && !closed.text.includes('<zz>'), `${JSON.stringify(text)}: what was typed stands in the page, and does nothing there`);
      return undefined;
    });
    const busy = await person.stop();
    person = null;
    const noticed = summary(busy);
    assert.deepEqual([quiet.served, noticed.served], [1, 1]);
    assert.ok(noticed.p99 <= 2 * quiet.p99 + 1000, `an honest p99 of ${noticed.p99} ms, ${quiet.p99} ms when it was quiet`);
    assert.equal(stored() - before, good + busy.length, 'one case for each that was told so, none for the others');
  });

  it('twenty thousand emoji are a text; one more is not, and stays on the page', async () => {
    const flood = EMOJI.repeat(20_000);
    const told = await api('/reports', { text: flood, read_back: true });
    assert.equal(told.status, 201, told.text);
    assert.equal(await readBack(told.json().receipt), flood);
    // As clients write that keep to ASCII.
    const ascii = JSON.stringify({ text: SNAIL, read_back: true }).replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16)}`);
    const escaped = await api('/reports', ascii, { 'content-type': 'application/json' });
    assert.equal(escaped.status, 201, escaped.text);
    assert.equal(await readBack(escaped.json().receipt), SNAIL);
    const added = await api('/thread/messages', { receipt: told.json().receipt, text: flood });
    assert.equal(added.status, 201, added.text);
    const page = await form({ text: flood, read_back: 'yes' });
    assert.equal(page.status, 201);
    assert.equal(await readBack(receiptOf(page)), flood);
    const more = await api('/reports', { text: `${flood}${EMOJI}` });
    assert.deepEqual([more.status, more.json().field], [400, 'text']);
    const kept = await form({ text: `${flood}${EMOJI}` });
    assert.equal(kept.status, 400);
    assert.ok(kept.text.includes(`${flood}${EMOJI}`));
  });

  it('what no browser sends is refused with a page, and nothing of it is stored', async () => {
    const before = stored();
    for (const [what, body] of [
      ['a byte that UTF-8 never has', Buffer.from('step=report&text=a\xff', 'latin1')],
      ['the same, encoded', 'step=report&text=a%ff'],
      ['half a character', 'step=report&text=%f0%9f'],
      ['a surrogate', 'step=report&text=%ed%a0%80'],
      ['a longer way to write a slash', 'step=report&text=%c0%af'],
      ['the name of a field', 'step=report&text=x&%ff=1'],
      ['a NUL', 'step=report&text=a%00b'],
      ['a NUL in another field', 'step=report&text=x&where=a%00b'],
      ['more fields than there are', `step=report&text=x${'&a=1'.repeat(200)}`],
    ]) {
      const answer = await form(body);
      assert.equal(answer.status, 400, what);
      assert.match(answer.headers['content-type'], /^text\/html/, what);
      assert.match(answer.text, /<h1>[^<]+<\/h1>/, what);
    }
    for (const [status, body, headers] of [[415, '{"text":"x"}', { 'content-type': 'application/json' }], [413, 'x'.repeat(320 * 1024 + 1), {}]]) {
      const answer = await form(body, { headers });
      assert.deepEqual([answer.status, /<h1>/.test(answer.text)], [status, true]);
    }
    assert.equal(stored(), before);
  });

  it('a language that does not exist is another one; a key that was changed loses nothing', async () => {
    for (const lang of ['tlh', 'xx-YY', '../../etc/passwd', '<script>', EMOJI, 'a'.repeat(3000), '']) {
      const page = await ask(`${house.urls.intake}/report?lang=${encodeURIComponent(lang)}`, { headers: { 'accept-language': lang === EMOJI ? 'x' : lang || 'tlh' } });
      assert.equal(page.status, 200, lang.slice(0, 20));
      assert.match(page.text, /<html lang="en"/);
      const answer = await form({ lang, text: 'x', wish: '' });
      assert.equal(answer.status, 201, lang.slice(0, 20));
    }
    const key = randomUUID();
    assert.equal((await form({ key, text: 'once' })).status, 201);
    const other = await form({ key, text: 'something else' });
    assert.equal(other.status, 422);
    assert.match(other.text, /id="again"/);
    assert.ok(other.text.includes('something else'));
    const before = stored();
    const changed = ['', 'x', key.slice(1), `${key}'`, '0'.repeat(36), EMOJI.repeat(30), 'a'.repeat(5000), '<script>'];
    for (const bad of changed) assert.equal((await form({ key: bad, text: 'with a key of my own' })).status, 201, bad.slice(0, 40));
    assert.equal(stored() - before, changed.length);
  });

  it('the same key gives the same receipt', async () => {
    const key = { 'idempotency-key': randomUUID() };
    const body = { kind: 'grievance', language: 'en', text: 'once' };
    const answers = await Promise.all(Array.from({ length: 50 }, () => api('/reports', body, key)));
    assert.ok(answers.every((answer) => answer.status === 201));
    assert.equal(new Set(answers.map((answer) => answer.json().receipt)).size, 1);
  });

  it('a malformed request gets 400, a sentence, the security headers, and the end of the connection', async () => {
    const answer = await new Promise((done, fail) => {
      let text = '';
      const socket = connect({ host: '127.0.0.1', port: house.ports.intake, rejectUnauthorized: false, servername: 'localhost' }, () => socket.write('GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n'));
      socket.on('data', (piece) => (text += piece));
      socket.on('end', () => done(text));
      socket.on('error', fail);
    });
    assert.match(answer, /^HTTP\/1\.1 400 /);
    assert.match(answer, /content-security-policy: /i);
    assert.match(answer, /\r\n\r\n.*\w/s);
  });
});
