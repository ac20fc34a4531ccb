// Who comes back with the number. Asha reads her answer on a small phone without scripts, hides it, and on another phone it is hidden too; she
// keeps a copy of her words, says that it is solved in part, and has it all erased: it waits, can be taken back, an officer says no once and tells
// her why, then it is gone and her number is like any other. Karim, in Arabic, never asked to read his own words again. The slip has digits alone.
import assert from 'node:assert/strict';
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { violations } from '../support/axe.mjs';
import { ask, makeInstallation, processesOf, until } from '../support/installation.mjs';
import { fits, openBrowser } from '../support/browser.mjs';
import { admit } from '../support/staff.mjs';

const WORDS = { asha: 'They keep my wages canary-mkate', karim: 'أخذوا هاتفي canary-hatif' };
const ANSWER = 'We wrote to them canary-barua', REASON = 'The court asked us to keep it until May canary-court', LATER = 'It is paid now canary-lipa';
const CANARIES = ['canary-mkate', 'canary-hatif', 'canary-barua', 'canary-court', 'canary-lipa', 'canary-lango'];
const LANGUAGES = ['en', 'ar', 'bn', 'es', 'fr', 'hi', 'pt', 'ru', 'sw', 'zh'];

describe('coming back with the number', () => {
  let house, chromium, officer, asha, amina;
  const receipts = {}, cases = {};

  const api = (path, body) => ask(`${house.urls.intake}/api/v1${path}`, { body });
  const thread = async (which) => (await api('/thread', { receipt: receipts[which] })).json();
  const told = (which, what, key) => until(async () => { const t = await thread(which); return what(t) && t; }, { what: key });
  const act = async (which, name) => assert.equal((await api('/thread/messages', { receipt: receipts[which], act: name })).status, 201);

  before(async () => {
    house = await makeInstallation();
    house.cli('init', '--port', String(house.base));
    appendFileSync(join(house.dir, 'recourse.ini'), '\n[http]\nonion = recourseexample.onion\n\n[backup]\ncopies_days = 40\n');
    appendFileSync(join(house.dir, 'office.yaml'), '  slip: {en: Keep dry}\n  instead: {en: Ask at the blue house}\n');
    await house.start();
    // A week is long for a test: the desk's vault begins again with another wait.
    const ini = join(house.dir, 'etc/vault-usual.ini');
    writeFileSync(ini, readFileSync(ini, 'utf8').replace('[desk]', '[desk]\nwish_wait_s = 1'));
    for (const { pid, command } of processesOf(house.dir)) if (/recourse-vault .*vault-usual/.test(command)) process.kill(pid, 'SIGKILL');
    const password = await until(() => { try { return admit(house, 'Amina', 'officer'); } catch { return null; } }, { every: 300, what: 'the vault' });
    const authorization = `Bearer ${house.token('Amina')}`;
    officer = (path, body, method) => ask(`${house.urls.console}/api/v1${path}`, { method: method ?? (body ? 'POST' : 'GET'), body, headers: { authorization } });
    for (const [who, text] of Object.entries(WORDS)) {
      const answer = await api('/reports', { language: who === 'asha' ? 'sw' : 'ar', text, read_back: who === 'asha' });
      assert.equal(answer.status, 201, answer.text);
      receipts[who] = answer.json().receipt;
      cases[who] = (await until(async () => { const taken = await officer('/queue/take', {}, 'POST'); return taken.status === 200 && taken; }, { every: 200, what: `the case of ${who}` })).json().case;
      assert.equal((await officer(`/cases/${cases[who]}/answers`, { text: ANSWER, language: 'en' })).status, 201);
    }
    chromium = await openBrowser();
    asha = await chromium.visit({ locale: 'en' });
    amina = await chromium.visit({ width: 1280, height: 900 });
    await amina.goto(`${house.urls.console}/signin`);
    await amina.fill('input[name=name]', 'Amina');
    await amina.fill('input[name=password]', password);
    await amina.click('form[action="/signin"] button');
  });
  after(async () => {
    await chromium?.stop();
    await house?.stop({ canaries: CANARIES });
  });

  const look = async (page, which) => {
    await page.goto(`${house.urls.intake}/receipt`);
    await page.fill('#receipt', receipts[which]);
    await page.click('#look');
    assert.ok(await fits(page));
    return page.textContent('main');
  };
  const checked = async (which, locale, scheme) => {
    const page = await chromium.visit({ locale, scripts: true, scheme });
    await look(page, which);
    for (const details of await page.locator('details').all()) await details.evaluate((d) => d.setAttribute('open', ''));
    assert.deepEqual(await violations(page), []);
    await page.context().close();
  };

  it('she hides what she has read: on any phone it is hidden, staff have it still, and she can show it again', async () => {
    assert.match(await look(asha, 'asha'), /canary-mkate[\s\S]*canary-barua/);
    await asha.click('#hide');
    assert.match(await asha.textContent('h1'), /hidden here/);
    await told('asha', (t) => t.hidden === 2, 'hiding');
    const other = await chromium.visit({ locale: 'sw' });
    assert.doesNotMatch(await look(other, 'asha'), /canary/);
    await other.context().close();
    await amina.goto(`${house.urls.console}/cases/${cases.asha}`);
    assert.match(await amina.textContent('main'), /canary-mkate[\s\S]*canary-barua[\s\S]*To hide what they have read/);
    assert.equal((await officer(`/cases/${cases.asha}/answers`, { text: LATER, language: 'en' })).status, 201);
    const text = await look(asha, 'asha');
    assert.match(text, /canary-lipa/, 'what came since is not hidden');
    assert.doesNotMatch(text, /canary-barua/);
    await asha.click('#show');
    await told('asha', (t) => !t.hidden, 'showing');
    assert.match(await look(asha, 'asha'), /canary-mkate[\s\S]*canary-barua[\s\S]*canary-lipa/);
  });

  it('a message without a word is not sent, and from there she comes back without typing her number again', async () => {
    await asha.fill('#text', ' ');
    await asha.click('#add');
    assert.ok(await asha.isVisible('#errors'));
    assert.ok(await fits(asha));
    await asha.click('#back');
    assert.match(await asha.textContent('main'), /canary-mkate[\s\S]*canary-lipa/);
  });

  it('she keeps a copy as notes.txt; who did not choose to read their words back gets no file, and no number stands in an address', async () => {
    await asha.fill('#text', 'This is the gate');
    await asha.setInputFiles('#file', [{ name: 'canary-lango.jpg', mimeType: 'image/jpeg', buffer: Buffer.alloc(70_000, 7) }, { name: 'list.txt', mimeType: 'text/plain', buffer: Buffer.from('a') }]);
    await asha.click('#add');
    assert.match(await look(asha, 'asha'), /This is the gate\s*Your files:\s*canary-lango\.jpg \(70 kB\)\s*list\.txt \(1 B\)/);
    const [file] = await Promise.all([asha.waitForEvent('download'), asha.click('#notes')]);
    assert.equal(file.suggestedFilename(), 'notes.txt');
    assert.doesNotMatch(file.url(), /\d{4} ?\d{4}/);
    assert.match(readFileSync(await file.path(), 'utf8'), /^\d{4}-\d\d-\d\d {2}You\r\nThey keep my wages canary-mkate\r\n\r\n\d{4}-\d\d-\d\d {2}Answer\r\nWe wrote to them canary-barua[\s\S]*\r\nThis is the gate\r\nYour files:\r\ncanary-lango.jpg \(70 kB\)\r\nlist.txt \(1 B\)\r\n\r\n$/);
    const karim = await chromium.visit({ locale: 'ar' });
    assert.doesNotMatch(await look(karim, 'karim'), /canary-hatif/);
    assert.equal(await karim.getAttribute('html', 'dir'), 'rtl');
    assert.equal(await karim.locator('#notes').count(), 0);
    const form = new URLSearchParams({ receipt: receipts.karim, step: 'notes', lang: 'ar' }).toString();
    const answer = await ask(`${house.urls.intake}/receipt`, { body: form, headers: { 'content-type': 'application/x-www-form-urlencoded' } });
    assert.match(answer.headers['content-type'], /^text\/html/);
    assert.equal(answer.headers['content-disposition'], undefined);
    await karim.context().close();
    await checked('asha', 'en', 'light');
    await checked('karim', 'ar', 'dark');
  });

  it('one tap says whether it is solved, and the case carries it to staff', async () => {
    await look(asha, 'asha');
    await asha.click('#partly');
    assert.match(await asha.textContent('h1'), /solved in part/);
    await told('asha', (t) => t.state === 'acknowledged', 'their turn');
    await amina.goto(`${house.urls.console}/cases/${cases.asha}`);
    assert.match(await amina.textContent('#solved'), /That it is solved in part/);
    await act('karim', 'solved');
    assert.ok((await told('karim', (t) => t.state === 'verified', 'the end')).can.includes('not_solved'));
    const karim = await chromium.visit({ locale: 'ar' });
    await look(karim, 'karim');
    // Too many words beside it: what he said is still what he says when he sends it again.
    const long = { receipt: receipts.karim, step: 'not_solved', lang: 'en', text: 'a'.repeat(20_001) };
    const refused = await ask(`${house.urls.intake}/receipt`, { body: new URLSearchParams(long).toString(), headers: { 'content-type': 'application/x-www-form-urlencoded' } });
    assert.equal(refused.status, 400);
    assert.match(refused.text, /name="step" value="not_solved"[\s\S]*You say that it is not solved\./);
    await karim.click('#not_solved');
    await told('karim', (t) => t.state === 'reopened', 'opening it again');
    assert.equal((await officer(`/cases/${cases.karim}`)).json().solved.said, 'no');
    await karim.context().close();
  });

  it('that it is erased waits in sight, can be taken back, and then somebody of staff decides and says why not', async () => {
    await look(asha, 'asha');
    await asha.click('#erase summary');
    assert.match(await asha.textContent('#erase'), /nothing happens for seven days[\s\S]*What cannot be taken back/);
    await asha.click('#ask_erase');
    const asked = await told('asha', (t) => t.erase?.asked, 'asking staff');
    const away = (days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
    assert.equal(asked.erase.copies_until, away(40));
    assert.ok(asked.can.includes('keep') && !asked.can.includes('withdraw'));
    assert.match(await look(asha, 'asha'), new RegExp(`decides on it now[\\s\\S]*${away(40)}`));
    assert.equal((await officer('/second')).json().total, 1);
    await asha.click('#keep_all');
    await told('asha', (t) => !t.erase, 'taking it back');
    assert.equal((await officer('/second')).json().total, 0);

    await act('asha', 'erase');
    await told('asha', (t) => t.erase?.asked, 'asking again');
    await amina.goto(`${house.urls.console}/cases/${cases.asha}`);
    assert.match(await amina.textContent('#erase'), /The person asks that this is erased[\s\S]*destroyed at once/);
    await amina.fill('#erase textarea', REASON);
    await amina.click('#erase button[value=no]');
    await told('asha', (t) => !t.erase, 'the refusal');
    assert.match(await look(asha, 'asha'), /canary-court/, 'in the words of who decided');
  });

  it('erased is erased: no row, no key, no state, and the number is like one that never was', async () => {
    const count = () => house.superuserQuery(`SELECT (SELECT count(*) FROM recourse.message WHERE case_id = '${cases.asha}') + (SELECT count(*) FROM recourse.case_key WHERE case_id = '${cases.asha}') + (SELECT count(*) FROM recourse.case_state WHERE case_id = '${cases.asha}') + (SELECT count(*) FROM recourse.sealed_case WHERE case_id = '${cases.asha}')`).trim();
    assert.notEqual(count(), '0');
    await act('asha', 'erase');
    await told('asha', (t) => t.erase?.asked, 'asking once more');
    await amina.goto(`${house.urls.console}/cases/${cases.asha}`);
    await amina.fill('#erase textarea', 'Nothing speaks against it');
    await amina.click('#erase button[value=yes]');
    assert.match(await amina.textContent('body'), /It is erased\. Nobody can read it here any more/);
    assert.equal(count(), '0');
    assert.equal((await officer(`/cases/${cases.asha}`)).status, 404);
    assert.equal((await officer('/search', { words: 'wages' })).json().total, 0);
    const page = async (receipt) => {
      await asha.goto(`${house.urls.intake}/receipt`);
      await asha.fill('#receipt', receipt);
      await asha.click('#look');
      return asha.content();
    };
    assert.equal(await page(receipts.asha), await page('1234 5678 9012 3456 7890 1234 5678'));
    assert.match(await asha.textContent('#errors'), /nothing under this number/);
    const unknown = await api('/thread', { receipt: '1234567890123456789012345678' }), erased = await api('/thread', { receipt: receipts.asha });
    assert.deepEqual([erased.status, erased.text], [404, unknown.text]);
    await until(() => house.superuserQuery('SELECT count(*) FROM recourse.audit_pending').trim() === '0', { every: 200, what: 'the log in order' });
    await until(() => existsSync(join(house.dir, 'audit/checkpoint')), { every: 200, what: 'a checkpoint' });
    const verified = house.tryCli('audit', 'verify');
    assert.equal(verified.code, 0, verified.stdout + verified.stderr);
    assert.match(verified.stdout, /, 1 erased;/);
    // Whoever owns the database cannot pass off a row that they took away as one of hers.
    house.superuserQuery('INSERT INTO recourse.erased_row SELECT gen_random_uuid(), case_id, office, door, incarnation, n + 1000, root, generation, part, author, body_hash, signature, pos + 1000 FROM recourse.erased_row LIMIT 1');
    const lied = house.tryCli('audit', 'verify');
    assert.equal(lied.code, 1);
    assert.match(lied.stdout, /^WRONG: Messages of case \S+ were added: its state counts/m);
    house.superuserQuery('DELETE FROM recourse.erased_row WHERE n > 1000');
    // A vault that begins again, from its snapshot or from the database, does not know it either.
    for (const { pid, command } of processesOf(house.dir)) if (/recourse-vault .*vault-usual/.test(command)) process.kill(pid, 'SIGKILL');
    await until(async () => (await officer('/queue')).status === 200, { what: 'the vault again' });
    assert.equal((await officer(`/cases/${cases.asha}`)).status, 404);
    assert.equal((await officer(`/cases/${cases.karim}`)).status, 200);
  });

  it('the slip has the digits, and the line that the operator chose, and nothing else', async () => {
    const page = await chromium.visit();
    await page.setContent(`<form method="post" action="${house.urls.intake}/report"><input name="step" value="report"><input name="text" value="${LATER}"><button>x</button></form>`);
    await page.click('button');
    const digits = (await page.textContent('#receipt')).replace(/\D/g, '');
    await page.emulateMedia({ media: 'print' });
    const printed = (await page.innerText('body')).trim();
    assert.match(printed, /^(\d{4}\s+){7}Keep dry$/);
    assert.equal(printed.replace(/\D/g, ''), digits);
    const css = await page.locator('style').textContent();
    assert.match(css, /@page\{margin:0\}/, 'no address and no title in the margins');
    await page.context().close();
  });

  it('a desk without members is not offered and the page says who else to go to; advice in ten languages, and the way through Tor', async () => {
    const page = await chromium.visit();
    await page.goto(house.urls.intake);
    assert.match(await until(async () => { await page.goto(house.urls.intake); return (await page.locator('#nobody').count()) && page.textContent('#nobody'); }, { ms: 20_000, every: 500, what: 'who else there is' }), /the people who run this[\s\S]*Ask at the blue house/);
    await page.click('main a[href^="/safety"]');
    const titles = new Set();
    for (const language of LANGUAGES) {
      const answer = await page.goto(`${house.urls.intake}/safety?lang=${language}`);
      assert.equal(answer.headers()['onion-location'], 'http://recourseexample.onion/safety');
      assert.equal(await page.textContent('#onion'), 'recourseexample.onion');
      assert.ok(await fits(page), language);
      titles.add(await page.textContent('h1'));
    }
    assert.equal(titles.size, LANGUAGES.length);
    await page.context().close();
  });

  it('a case that has ended is kept for as long as the office said, and then destroyed; an open one stays', async () => {
    const open = await api('/reports', { language: 'en', text: WORDS.asha });
    const done = await officer(`/cases/${cases.karim}/decision`, { state: 'out_of_scope', reason: 'Paid by another', text: LATER, language: 'en', open_remedies: 'The court', version: (await officer(`/cases/${cases.karim}`)).json().version });
    assert.equal(done.status, 200, done.text);
    assert.equal((await thread('karim')).state, 'out_of_scope');
    const ini = join(house.dir, 'etc/vault-usual.ini');
    writeFileSync(ini, readFileSync(ini, 'utf8').replace('[desk]', '[desk]\nretention_s = 1'));
    for (const { pid, command } of processesOf(house.dir)) if (/recourse-vault .*vault-usual/.test(command)) process.kill(pid, 'SIGKILL');
    await until(async () => (await api('/thread', { receipt: receipts.karim })).status === 404, { every: 300, what: 'that it is kept no longer' });
    assert.equal((await api('/thread', { receipt: open.json().receipt })).status, 200);
    await until(() => house.superuserQuery('SELECT count(*) FROM recourse.audit_pending').trim() === '0', { every: 200, what: 'the log in order' });
    assert.match(house.cli('audit', 'verify'), /, 2 erased;[\s\S]*Nothing is wrong\./);
  });
});
