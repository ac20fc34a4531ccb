// Texts that cannot go out at once: a provider that is down holds up no other channel, its secret may be put right while they wait,
// who says STOP gets none of them, and what is longer than a provider takes goes out in more than one.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { holdWrites } from '../support/hold.mjs';
import { ask, pause, processesOf, startInstallation, until } from '../support/installation.mjs';

const PASSWORD = '0123456789abcdef0123456789abcdef';
const PATIENT = '+254733000777', OTHER = '+254733000888', LONG = '+254733000999', PARTS = '+254733000222';
const CANARIES = ['canary-foleni', 'canary-ndefu', 'canary-sehemu', PATIENT, OTHER, LONG, PARTS];

/** Stands where a Kannel's sendsms stands; `says` is what it answers next, and `after` how long that takes. */
function feignKannel() {
  const got = [];
  const it = { got, says: 202, after: 0 };
  it.server = createServer((req, res) => {
    let text = '';
    req.setEncoding('utf8').on('data', (piece) => (text += piece));
    req.on('end', () => {
      got.push({ to: req.headers['x-kannel-to'], text, coding: req.headers['x-kannel-coding'], answered: it.says });
      setTimeout(() => res.writeHead(it.says).end(), it.after);
    });
  }).listen(0, '127.0.0.1');
  it.taken = () => got.filter((one) => one.answered === 202);
  return it;
}

describe('texts that wait', () => {
  let house, down, up, officer, mine;
  const waiting = () => Number(house.superuserQuery('SELECT count(*) FROM recourse.outbox').trim());
  let ids = 0;
  const text = (channel, from, words) => {
    const key = readFileSync(join(house.dir, `secrets/sms/channel-${channel}.secret`), 'utf8').trim();
    return ask(`${house.urls.smsPlain}/sms/${channel}?key=${key}&id=w-${++ids}&time=1795335793`, { body: words, headers: { 'content-type': 'text/plain; charset="UTF-8"', 'x-kannel-from': from, 'x-kannel-to': '12345' } });
  };

  before(async () => {
    down = feignKannel();
    up = feignKannel();
    house = await startInstallation();
    const file = `${house.dir}.secret`;
    writeFileSync(file, PASSWORD, { mode: 0o600 });
    for (const [name, { server }] of [['down', down], ['up', up]])
      house.cli('channel', 'add', name, '--kind', 'kannel', '--number', '12345', '--language', 'sw', '--send-url', `http://127.0.0.1:${server.address().port}/cgi-bin/sendsms`, '--username', 'recourse', '--password-file', file);
    rmSync(file);
    await house.halt();
    await house.start();
    const token = house.token(house.officer.name);
    officer = (path, body) => ask(`${house.urls.console}/api/v1${path}`, { body, headers: { authorization: `Bearer ${token}` } });
  });
  after(async () => {
    for (const { server } of [down, up]) server?.close();
    await house?.stop({ canaries: CANARIES });
  });

  it('for a provider that is down hold up nobody on another channel', async () => {
    down.says = 503;
    assert.equal((await text('down', PATIENT, 'maji hakuna canary-foleni')).status, 200);
    for (let i = 0; i < 40; i++) assert.equal((await text('down', PATIENT, 'RISITI')).status, 200);
    await until(() => waiting() >= 40, { ms: 40_000, what: 'forty receipts that wait' });
    await until(() => down.got.length >= 32, { ms: 40_000, what: 'that they were tried' });
    assert.equal((await text('up', OTHER, 'barabara imeharibika canary-foleni')).status, 200);
    assert.equal((await text('up', OTHER, 'RISITI')).status, 200);
    await until(() => up.taken().length === 1, { ms: 30_000, what: 'a receipt by the channel that works' });
    await until(() => new Set(down.got.map((one) => one.text)).size >= 40, { ms: 40_000, what: 'each of the others tried' });
  });

  it('are not sent any more when the person says STOP', async () => {
    assert.ok(waiting() >= 40);
    assert.equal((await text('down', PATIENT, 'ACHA')).status, 200);
    await until(() => waiting() === 0, { ms: 60_000, what: 'an empty outbox' });
    down.says = 202;
    await pause(4000);
    assert.equal(down.taken().length, 0);
  });

  it('go out when the password, which was wrong, has been put right', async () => {
    down.says = 403;
    const before = down.got.length;
    assert.equal((await text('down', PATIENT, 'bado hakuna')).status, 200);
    assert.equal((await text('down', PATIENT, 'RISITI')).status, 200);
    await until(() => down.got.length > before, { what: 'a try' });
    await pause(1000);
    down.says = 202;
    await until(() => down.taken().length === 1, { ms: 30_000, what: 'the receipt' });
  });

  it('that come at once from a new number are one case, and a STOP among them is heard', async () => {
    const cases = () => Number(house.superuserQuery('SELECT count(*) FROM recourse.sealed_case').trim());
    const before = cases();
    for (const words of ['sehemu ya kwanza canary-sehemu', 'sehemu ya pili canary-sehemu', 'RISITI', 'ACHA']) assert.equal((await text('up', PARTS, words)).status, 200);
    await until(() => house.superuserQuery('SELECT count(*) FROM recourse.inbox').trim() === '0', { ms: 20_000, what: 'an empty inbox' });
    assert.equal(cases() - before, 1);
    const { items } = (await officer('/search', { words: 'canary-sehemu' })).json();
    assert.equal(items.length, 1);
  });

  it('from a gateway that gives them neither id nor time are all kept: the same word may be said again', async () => {
    const key = readFileSync(join(house.dir, 'secrets/sms/channel-up.secret'), 'utf8').trim();
    const bare = () => ask(`${house.urls.smsPlain}/sms/up?key=${key}`, { body: 'NDIYO', headers: { 'content-type': 'text/plain', 'x-kannel-from': PARTS, 'x-kannel-to': '12345' } });
    const before = await house.metric('sms', 'recourse_texts_stored_total');
    for (let i = 0; i < 2; i++) assert.equal((await bare()).status, 200);
    assert.equal((await house.metric('sms', 'recourse_texts_stored_total')) - before, 2);
  });

  it('of as many parts as a phone can join are kept whole', async () => {
    const words = `${'ज़मीन का कागज़ नहीं मिला '.repeat(680)}canary-ndefu`; // some 16,000 characters in 255 parts
    assert.ok(words.length < 255 * 67 && Buffer.byteLength(words) > 40_000);
    assert.equal((await text('up', OTHER, words)).status, 200);
    await until(async () => (await officer('/search', { words: 'canary-ndefu' })).json().total === 1, { what: 'the last word of it' });
  });

  it('that are longer than ten messages of a phone go out one behind the other, whole', async () => {
    assert.equal((await text('up', LONG, 'ninataka kujua canary-ndefu')).status, 200);
    await until(
      async () => {
        const taken = await officer('/queue/take', {});
        if (taken.status === 200 && taken.text.includes('canary-ndefu')) mine = taken.json();
        return mine;
      },
      { what: 'the case' },
    );
    const before = up.got.length, sentence = 'यह आपकी शिकायत का जवाब है और इसे पूरा पढ़ना ज़रूरी है। ';
    const words = `${sentence.repeat(60)}canary-ndefu`;
    assert.equal((await officer(`/cases/${mine.case}/answers`, { text: words, language: 'hi' })).status, 201);
    await until(() => waiting() === 0, { ms: 40_000, what: 'the end of the row' });
    const pieces = up.got.slice(before);
    assert.ok(pieces.length > 4, `${pieces.length} pieces`);
    for (const piece of pieces) {
      assert.ok(piece.text.length <= 670, `${piece.text.length} UTF-16 units are more than ten messages hold`);
      assert.equal(piece.coding, /[^ -~]/.test(piece.text) ? '2' : undefined);
    }
    assert.equal(pieces.map((piece) => piece.text).join(' ').replace(/\s+/g, ' '), words.replace(/\s+/g, ' '));
  });

  it('go out once, also when the vault dies before it has written down that they went', async () => {
    const words = 'jibu la mwisho canary-ndefu', told = () => up.taken().filter((one) => one.text === words).length;
    const kill = async (room) => {
      const killed = processesOf(join(house.dir, `etc/${room}.ini`)).map(({ pid }) => pid);
      for (const pid of killed) process.kill(pid, 'SIGKILL');
      await until(() => processesOf(join(house.dir, `etc/${room}.ini`)).some(({ pid }) => !killed.includes(pid)), { what: `another ${room}` });
    };
    up.says = 503;
    assert.equal((await officer(`/cases/${mine.case}/answers`, { text: words, language: 'sw' })).status, 201);
    await until(() => up.got.some((one) => one.text === words), { what: 'a try' });
    const release = await holdWrites(house, 'case_state');
    up.says = 202;
    await until(() => told() === 1, { ms: 30_000, what: 'the text' });
    await until(() => house.superuserQuery('SELECT count(*) FROM pg_locks WHERE NOT granted').trim() !== '0', { what: 'that the vault writes it down' });
    await kill('vault-usual');
    house.superuserQuery('SELECT pg_terminate_backend(pid) FROM pg_locks WHERE NOT granted'); // it would go on without its client
    await release();
    const key = () => house.superuserQuery("SELECT encode(key_id, 'hex') FROM recourse.gateway_key").trim();
    const before = key();
    await kill('sms');
    await until(() => key() !== before, { ms: 30_000, what: "the gateway's next key" });
    await until(() => house.superuserQuery('SELECT count(*) FROM recourse.outbox_end').trim() === '0', { ms: 30_000, what: 'that it is written down' });
    await pause(7000); // the vault looks for a new key every five seconds, and seals to it what it believes to be under way
    assert.equal(told(), 1);
    assert.equal(waiting(), 0);
  });

  it('go out once, also when everything is stopped while the provider has not answered yet', async () => {
    const words = 'jibu lingine canary-ndefu', told = () => up.got.filter((one) => one.text === words).length;
    up.after = 3000;
    assert.equal((await officer(`/cases/${mine.case}/answers`, { text: words, language: 'sw' })).status, 201);
    await until(() => told() === 1, { ms: 30_000, what: 'the text at the provider' });
    await house.halt();
    up.after = 0;
    await house.start();
    await until(() => waiting() === 0, { ms: 40_000, what: 'an empty outbox' });
    await pause(7000); // as above
    assert.equal(told(), 1);
  });
});
