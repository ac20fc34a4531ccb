// Members of staff work while any of our processes is killed at any moment, and each fifth time PostgreSQL: what they were told is done
// is done, once; no case was given to two; one that was moved is at one desk, whole. People write to their cases meanwhile.
import { Agent } from 'node:https';
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { ask } from '../support/installation.mjs';
import { Journal, post } from '../support/journal.mjs';
import { admit } from '../support/staff.mjs';
import { postmaster } from './database.mjs';
import { calm, ownDatabase, pause, until } from './harness.mjs';
import { killSome } from './kills.mjs';

const OFFICERS = 6, PEOPLE = 3, CASES = 40;
const MS_APART = 700; // a vault is back before the next kill more often than not
const DATABASE_EACH = 5;
const DESKS = ['usual', 'safeguarding'];

/** For each desk somebody who reads; at the usual one those who work. */
async function begin() {
  const place = await ownDatabase({ prepare: (house) => appendFileSync(join(house.dir, 'recourse.ini'), '\n[budget]\nper_hour = 100000\nper_day = 100000\n') });
  const admitted = (name, desk) => {
    admit(place.house, name, 'officer', desk);
    return { name, headers: { authorization: `Bearer ${place.house.token(name, '--desk', desk)}` } };
  };
  place.readers = new Map(DESKS.map((desk) => [desk, admitted(`Reader ${desk}`, desk)]));
  place.officers = Array.from({ length: OFFICERS }, (_, n) => admitted(`Officer ${n}`, 'usual'));
  return place;
}

/* ---- what was asked for, and what came back ---- */

/** Each thing is tried once, between two lines of the journal. What was begun and got no answer may have been done, once. */
class Acts {
  constructor(house, journal) {
    Object.assign(this, { house, journal, agent: new Agent({ keepAlive: true, maxSockets: 64 }), done: [], open: [], unexpected: [] });
  }

  /** The answer, where it was done; `mayBeGone`: 404 is an answer too. */
  async try(act, path, body, { port = this.house.ports.console, headers = {}, mayBeGone = false } = {}) {
    await this.journal.written(`begin ${act.what} ${act.words ?? ''}`);
    const answer = await post(port, `/api/v1${path}`, body, { agent: this.agent, headers });
    const isDone = answer.status >= 200 && answer.status < 300;
    await this.journal.written(`${isDone ? 'done' : 'refused'} ${act.what} ${act.words ?? ''} ${answer.status}`);
    (isDone ? this.done : this.open).push(act);
    if (!isDone && ![0, 503, ...(mayBeGone ? [404] : [])].includes(answer.status)) this.unexpected.push(`${act.what} answered ${answer.status} ${answer.text}`);
    return isDone ? answer : null;
  }
}

/** Takes one, answers, notes, moves one to the other desk, and again. */
async function officer({ name, headers }, acts, isOver) {
  const mine = [], leaving = new Set();
  for (let n = 0; !isOver(); n++, await pause(5)) {
    const id = mine[n % mine.length], words = randomUUID(), more = { headers, mayBeGone: leaving.has(id) };
    if (n % 4 === 0 || !mine.length) {
      const take = { what: 'take', by: name }, took = await acts.try(take, '/queue/take', {}, { headers });
      if (took?.status === 200) mine.push((take.id = JSON.parse(took.text).case));
    } else if (n % 15 === 14 && mine.length > 1) {
      leaving.add(id);
      if (await acts.try({ what: 'move', id }, `/cases/${id}/move`, { to: DESKS[1], reason: 'A person is at risk' }, more)) mine.splice(mine.indexOf(id), 1);
    } else if (n % 2) await acts.try({ what: 'answer', id, words }, `/cases/${id}/answers`, { text: `We heard you ${words}`, language: 'en' }, more);
    else await acts.try({ what: 'note', id, words }, `/cases/${id}/notes`, { text: `Called them ${words}` }, more);
  }
}

async function person(cases, acts, isOver) {
  for (; !isOver(); await pause(50)) {
    const { receipt, text } = cases[Math.floor(Math.random() * cases.length)], words = randomUUID();
    await acts.try({ what: 'message', receipt, text, words }, '/thread/messages', { receipt, text: `One more thing ${words}`, language: 'en' }, { port: acts.house.ports.intake });
  }
}

/* ---- the verdict ---- */

const answered = (path, statuses, more) =>
  until(async () => { const answer = await ask(path, more).catch(() => ({})); return statuses.includes(answer.status) && answer; }, { ms: 60_000, what: path });

/** A case as each desk has it that has it: [{desk, value}]. */
async function whereIs(place, id) {
  const found = [];
  for (const [desk, { headers }] of place.readers) {
    const { status, text } = await answered(`${place.house.urls.console}/api/v1/cases/${id}?desk=${desk}`, [200, 404], { headers });
    if (status === 200) found.push({ desk, value: JSON.parse(text) });
  }
  return found;
}

/** `how` it went wrong, and what. */
function say(verdict, how, what) {
  verdict[how]++;
  verdict.problems.push(`${how}: ${what}`);
}

/** Each thing that was told to be done is there once; what nobody was told of, at most once. */
function held(acts, what, textOf, verdict) {
  const count = (list, least) =>
    list.filter((act) => act.what === what).forEach((act) => {
      const times = (textOf(act) ?? '').split(act.words).length - 1;
      if (times < least) say(verdict, 'lost', `${what} ${act.words}`);
      if (times > 1) say(verdict, 'twice', `${what} ${act.words}`);
    });
  count(acts.done, 1);
  count(acts.open, 0);
}

async function judgeStaff(place, acts, reported) {
  const verdict = { acknowledged: acts.done.length, unanswered: 0, lost: 0, twice: 0, torn: 0, unexpected: acts.unexpected.length, problems: [...acts.unexpected] };
  const cases = new Map(), threads = new Map(), caseOf = new Map();
  const readThread = async (receipt) => threads.set(receipt, (await answered(`${place.house.urls.intake}/api/v1/thread`, [200], { body: { receipt } })).text);
  for (const { id } of acts.done.filter(({ what, id }) => what === 'take' && id)) {
    // A desk takes up what was moved to it, and what people wrote, in its own time.
    const found = await until(async () => { const list = await whereIs(place, id); return list.length && list; }, { what: `${id} at a desk` });
    if (found.length > 1) say(verdict, 'twice', `case ${id} at ${found.map(({ desk }) => desk)}`);
    cases.set(id, found[0]);
    caseOf.set(found[0].value.conversation[0].text, id);
  }
  // What was written while the database was away is a letter until the desk has put it to its case.
  for (const { receipt } of reported) await readThread(receipt);
  for (const { receipt, text, words } of acts.done.filter(({ what }) => what === 'message')) {
    const id = caseOf.get(text);
    const isThere = async () => {
      const there = threads.get(receipt).includes(words) && (!id || JSON.stringify(cases.get(id).value.conversation).includes(words));
      if (!there) await readThread(receipt);
      if (!there && id) cases.set(id, (await whereIs(place, id))[0] ?? cases.get(id));
      return there;
    };
    await until(isThere, { ms: 20_000, what: 'a message at its desk' }).catch(() => say(verdict, 'lost', `message ${words} at ${id && cases.get(id).desk}`));
  }
  const everything = [...threads.values()].join('\n');
  held(acts, 'answer', ({ id }) => JSON.stringify(cases.get(id).value.conversation), verdict);
  held(acts, 'answer', () => everything, verdict); // signed, and sealed to the person as well
  held(acts, 'note', ({ id }) => JSON.stringify(cases.get(id).value.notes), verdict);
  held(acts, 'message', ({ receipt }) => threads.get(receipt), verdict);
  for (const { id } of acts.done.filter(({ what }) => what === 'move')) if (cases.get(id).desk !== DESKS[1]) say(verdict, 'lost', `move of ${id}`);
  const given = new Set();
  for (const { id, by } of acts.done.filter(({ what, id }) => what === 'take' && id)) {
    if (given.has(id)) say(verdict, 'twice', `case ${id} given`);
    if (cases.get(id).desk === DESKS[0] && cases.get(id).value.taken_by !== by) say(verdict, 'lost', `case ${id} given to ${by}, held by ${cases.get(id).value.taken_by}`);
    given.add(id);
  }
  const verified = place.house.tryCli('audit', 'verify');
  if (verified.code !== 0) verdict.problems.push(`audit verify: ${verified.stdout}${verified.stderr}`);
  return verdict;
}

/* ---- a round ---- */

async function endDatabase(place) {
  await pause(Math.random() * MS_APART);
  const crashes = place.crashes();
  const kill = () => {
    try {
      return process.kill(postmaster(place), 'SIGKILL');
    } catch {
      return false; // it is not back from the last time
    }
  };
  await until(kill, { what: 'a PostgreSQL to end' });
  await until(() => place.crashes() > crashes, { what: 'the end of PostgreSQL' });
  await until(async () => (await ask(`http://127.0.0.1:${place.house.ports.consoleHealth}/readyz`).catch(() => ({}))).status === 200, { ms: 60_000, what: 'a vault that works again' });
}

async function report(house) {
  const text = `${randomUUID()} ${randomUUID()} ${randomUUID()}`; // no two alike, or they would be one item
  const answer = await post(house.ports.intake, '/api/v1/reports', { kind: 'grievance', language: 'en', text, read_back: true });
  if (answer.status !== 201) throw new Error(`a report before anything breaks was answered ${answer.status}`);
  return { text, receipt: JSON.parse(answer.text).receipt };
}

async function worked(place, wanted, say) {
  const folder = mkdtempSync(join(tmpdir(), 'rc-staff-'));
  const journal = new Journal(join(folder, 'journal'));
  // What nobody took in one round is taken in the next.
  const reported = (place.reported = [...(place.reported ?? []), ...(await Promise.all(Array.from({ length: CASES }, () => report(place.house))))]);
  const acts = new Acts(place.house, journal);
  let isOver = false;
  const all = [...place.officers.map((one) => officer(one, acts, () => isOver)), ...Array.from({ length: PEOPLE }, () => person(reported, acts, () => isOver))];
  for (let n = 1; n <= wanted; n++)
    if (n % DATABASE_EACH === 0) await endDatabase(place);
    else await killSome(place.house, 1, say, { apart: MS_APART });
  isOver = true;
  await Promise.all(all);
  acts.agent.destroy();
  await journal.close();
  await calm(place.house);
  const verdict = await judgeStaff(place, acts, reported);
  rmSync(folder, { recursive: true });
  return { ...verdict, times: wanted };
}

export default {
  name: 'staff',
  title: 'kill -9 of any process of ours, and of PostgreSQL, while staff work',
  times: { short: 10, long: 500 },
  perRound: 50,
  missing: () => '',
  begin,
  round: worked,
};
