// Referral to another mechanism: a directory whose certificates two people confirm; a question to the person, answered on their
// page; a part of what they wrote, cut and sealed for the receiver, opened with the receiver's own tools; what became of it; and
// consent taken back.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { ask, startInstallation, until } from '../support/installation.mjs';
import { fits, openBrowser, picture } from '../support/browser.mjs';

const CANARIES = ['canary-kiln', 'canary-daniel', 'canary-inspect'];
const STORY = 'They lock the canary-kiln at night and Daniel canary-daniel, 0712 345 678, has the key';

describe('referral to another mechanism', () => {
  let house, folder, chromium, amina, joseph, person, receipt, id, receiver;

  const asStaff = (token) => (path, body, method) =>
    ask(`${house.urls.console}/api/v1${path}`, { body, method: method ?? (body ? 'POST' : 'GET'), headers: { authorization: `Bearer ${token}` } });
  const openssl = (...args) => execFileSync('openssl', args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });

  before(async () => {
    house = await startInstallation();
    house.cli('staff', 'add', '--name', 'Joseph', '--role', 'officer');
    amina = asStaff(house.token(house.officer.name));
    joseph = asStaff(house.token('Joseph'));
    folder = mkdtempSync(join(tmpdir(), 'rc-referral-'));
    openssl('req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=Inspectorate', '-days', '30', '-keyout', 'key.pem', '-out', 'certificate.pem');
    const answer = await ask(`${house.urls.intake}/api/v1/reports`, { body: { kind: 'grievance', language: 'en', text: STORY, read_back: true } });
    receipt = answer.json().receipt;
    id = await until(async () => (await amina('/queue')).json().items[0]?.case, { what: 'the case' });
    chromium = await openBrowser();
  });
  after(async () => {
    rmSync(folder, { recursive: true, force: true });
    await chromium?.stop();
    await house?.stop({ canaries: CANARIES });
  });

  it('nothing can be sealed to a certificate before somebody else has heard its fingerprint', async () => {
    const place = { name: 'Labour inspectorate', mechanism: 'labour', jurisdiction: 'Nairobi', contact: 'canary-inspect', certificate: readFileSync(join(folder, 'certificate.pem'), 'utf8') };
    assert.equal((await amina('/receivers', { ...place, certificate: 'x' })).json().field, 'certificate');
    assert.equal((await amina('/receivers', { ...place, mechanism: 'friend' })).json().field, 'mechanism');
    const made = await amina('/receivers', place);
    assert.equal(made.status, 201, made.text);
    receiver = made.json().receiver;
    const fingerprint = openssl('x509', '-in', 'certificate.pem', '-noout', '-fingerprint', '-sha256').split('=')[1].trim();
    const check = (who, said, version = 1) => who(`/receivers/${receiver}/check`, { version, fingerprint: said, how: 'Called the switchboard' });
    assert.equal((await check(amina, fingerprint)).status, 403, 'nobody is their own second');
    assert.equal((await joseph(`/receivers/${receiver}`)).json().certificate.sha256, undefined, 'it comes from the receiver');
    assert.equal((await check(joseph, fingerprint.replace(/^./, (digit) => (digit === '0' ? '1' : '0')))).json().field, 'fingerprint');
    assert.equal((await joseph('/receivers?ready=yes')).json().total, 0);
    assert.equal((await check(joseph, fingerprint)).status, 200);
    const listed = (await joseph('/receivers?ready=yes&class=state&jurisdiction=nairobi')).json();
    assert.deepEqual(listed.items.map((one) => [one.receiver, one.lacks]), [[receiver, undefined]]);
    assert.equal((await check(joseph, fingerprint)).status, 409, 'it is confirmed already, and another version');
    // Somebody who saw an older version changes nothing.
    assert.equal((await amina(`/receivers/${receiver}`, { ...place, version: 1, certificate: undefined })).status, 409);
  });

  it('the person is asked on their page, and says yes', async () => {
    const words = { receiver, purpose: 'That somebody inspects it', what: 'That people are locked in at night. Not your name.' };
    assert.equal((await amina(`/cases/${id}/consent`, { ...words, receiver: id })).status, 404, 'no such place');
    assert.deepEqual((await amina(`/cases/${id}/consent`, words)).json(), { consent: 1 });
    person = await chromium.visit({ locale: 'sw' });
    await person.goto(`${house.urls.intake}/receipt`);
    await person.fill('#receipt', receipt);
    await person.click('#look');
    assert.match(await person.textContent('#questions'), /Labour inspectorate[\s\S]*That somebody inspects it[\s\S]*locked in at night/);
    assert.ok(await fits(person), 'on a small phone');
    await picture(person, 'consent-asked');
    await person.click('#questions button[value="agree:1"]');
    await until(async () => (await amina(`/cases/${id}`)).json().consents[0].answer === 'yes', { what: 'the answer' });
    assert.equal((await amina(`/cases/${id}/consent/answer`, { consent: 1, answer: 'no', how: 'x' })).status, 409, 'nobody else says no to it');
  });
});
