// Someone who owns the database changes what is there: `recourse audit verify` says so, each time, in a sentence, and
// without it says that nothing is wrong. The whole was made by real people through the real doors.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { createHash, randomUUID } from 'node:crypto';
import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ask, startInstallation, until } from '../support/installation.mjs';

const canaries = ['The brown goat of Mwanzele ate the ledger', 'Tumesoma taarifa yako kuhusu mbuzi wa Mwanzele'];
let house;
let token;

const staff = (path, body) => ask(house.urls.console + path, { headers: { authorization: `Bearer ${token}` }, body });
const sql = (text) => house.superuserQuery(text).trim();
const number = (text) => Number(sql(text));

async function report(text) {
  const answer = await ask(`${house.urls.intake}/api/v1/reports`, {
    headers: { 'idempotency-key': randomUUID() },
    body: { kind: 'grievance', language: 'en', text, read_back: true },
  });
  assert.equal(answer.status, 201, answer.text);
  return answer.json().receipt;
}

async function takeAndAnswer(text) {
  const taken = await staff('/api/v1/queue/take', {});
  assert.equal(taken.status, 200, taken.text);
  const id = taken.json().case;
  const answered = await staff(`/api/v1/cases/${id}/answers`, { text, language: 'sw' });
  assert.equal(answered.status, 201, answered.text);
  return id;
}

const allOpened = () => number('SELECT count(*) FROM recourse.inbox') === 0;
const allPlaced = () => number('SELECT count(*) FROM recourse.audit_pending') === 0;
const published = () => {
  const path = join(house.dir, 'audit/checkpoint');
  return existsSync(path) ? Number(readFileSync(path, 'utf8').split('\n')[1]) : 0;
};

function verify(...more) {
  const done = house.tryCli('audit', 'verify', ...more);
  return { code: done.code, text: done.stdout + done.stderr };
}

/** Change, see that it is found, put it back. */
function finds(pattern, change, back) {
  sql(change);
  try {
    const { code, text } = verify();
    assert.match(text, pattern);
    assert.equal(code, 1, text);
  } finally {
    sql(back);
  }
}

/** A column of bytes with one bit turned; turned again it is as before. */
const turn = (table, column, where) =>
  `UPDATE recourse.${table} SET ${column} = set_byte(${column}, 40, get_byte(${column}, 40) # 1) WHERE ${where}`;

/** Delete rows and keep them; the second statement puts them back. */
function takeAway(table, where) {
  const kept = `kept_${table}_${Math.random().toString(36).slice(2, 8)}`;
  return [
    `CREATE TABLE public.${kept} AS SELECT * FROM recourse.${table} WHERE ${where}; DELETE FROM recourse.${table} WHERE ${where}`,
    `INSERT INTO recourse.${table} OVERRIDING SYSTEM VALUE SELECT * FROM public.${kept}; DROP TABLE public.${kept}`,
  ];
}

before(async () => {
  house = await startInstallation();
  token = house.token('officer');
  // Different words: five that say the same would be one item of the queue.
  for (const more of ['in the shed', 'after the rain came', 'while nobody was looking', 'twice this week', 'and the fence is broken', 'said the teacher'])
    await report(`${canaries[0]} ${more}`);
  await until(allOpened, { what: 'the opening of the reports' });
  const impact = await staff('/api/v1/impacts', { title: 'Ledgers', what: 'Goats eat them', state: 'actual' });
  assert.equal(impact.status, 201, impact.text);
  await takeAndAnswer(canaries[1]);
  // The first checkpoint that covers all of it.
  await until(allPlaced, { what: 'the order' });
  const size = number('SELECT max(seq) FROM recourse.audit_seq');
  await until(() => published() >= size, { ms: 90_000, every: 500, what: 'the checkpoint' });
});

after(async () => {
  await house?.stop({ canaries });
});

test('a whole installation', () => {
  const { code, text } = verify();
  assert.equal(code, 0, text);
  assert.match(text, /Nothing is wrong\./);
  assert.match(text, /Cases: 6 with a signed state, 0 not opened yet/);
  assert.ok(!text.includes('WRONG'), text);
});

test('a changed row of words', () => {
  const row = sql('SELECT row_id FROM recourse.message WHERE author = 1 ORDER BY pos LIMIT 1');
  finds(/Messages of case \S+ were changed or swapped/, turn('message', 'body', `row_id = '${row}'`), turn('message', 'body', `row_id = '${row}'`));
});

test('a missing row of words', () => {
  const row = sql('SELECT row_id FROM recourse.message WHERE author = 1 ORDER BY pos LIMIT 1');
  finds(/Messages of case \S+ are missing: its state counts \d+, and there are \d+/, ...takeAway('message', `row_id = '${row}'`));
});

test('an added row of words', () => {
  const added = randomUUID();
  finds(
    /Messages of case \S+ were added/,
    `INSERT INTO recourse.message (row_id, case_id, office, door, incarnation, n, root, generation, part, author, body)
     SELECT '${added}', case_id, office, door, incarnation, n + 1000, root, generation, part, author, body
     FROM recourse.message WHERE author = 1 ORDER BY pos LIMIT 1`,
    `DELETE FROM recourse.message WHERE row_id = '${added}'`,
  );
});

test('two rows of words swapped between cases', () => {
  const [one, two] = sql('SELECT row_id FROM recourse.message WHERE author = 1 ORDER BY pos LIMIT 2').split('\n');
  const swap = `UPDATE recourse.message m SET body = o.body FROM recourse.message o
                WHERE (m.row_id, o.row_id) IN (('${one}', '${two}'), ('${two}', '${one}'))`;
  finds(/Messages of case \S+ were changed or swapped/, swap, swap);
});

test('an answer of staff that lost its signature', () => {
  const row = sql('SELECT row_id FROM recourse.message WHERE author = 2 LIMIT 1');
  sql(`CREATE TABLE public.kept_signature AS SELECT row_id, signature FROM recourse.message WHERE row_id = '${row}'`);
  finds(
    /Messages of case \S+ were changed or swapped/,
    `UPDATE recourse.message SET signature = NULL WHERE row_id = '${row}'`,
    `UPDATE recourse.message m SET signature = k.signature FROM public.kept_signature k WHERE k.row_id = m.row_id;
     DROP TABLE public.kept_signature`,
  );
});

test('a changed state', () => {
  const id = sql('SELECT case_id FROM recourse.case_state LIMIT 1');
  finds(/The state of case \S+ was changed: the signature of desk usual does not fit/, turn('case_state', 'body', `case_id = '${id}'`), turn('case_state', 'body', `case_id = '${id}'`));
});

test('a missing state', () => {
  const id = sql('SELECT case_id FROM recourse.case_state LIMIT 1');
  finds(/opened messages and no state: it is missing/, ...takeAway('case_state', `case_id = '${id}'`));
});

test('a case of which nothing is left', () => {
  const id = sql('SELECT case_id FROM recourse.case_state LIMIT 1');
  const tables = ['case_state', 'message', 'case_key', 'sealed_case'].map((table) => takeAway(table, `case_id = '${id}'`));
  finds(
    /Log entry \d+ wrote something that is not there any more: a row is missing/,
    tables.map(([change]) => change).join(';'),
    tables.map(([, back]) => back).join(';'),
  );
});

test('states of two cases swapped', () => {
  const [one, two] = sql('SELECT case_id FROM recourse.case_state WHERE version = 1 LIMIT 2').split('\n');
  const swap = `UPDATE recourse.case_state m SET body = o.body, signature = o.signature, rows_hash = o.rows_hash, state_hash = o.state_hash
                FROM recourse.case_state o WHERE (m.case_id, o.case_id) IN (('${one}', '${two}'), ('${two}', '${one}'))`;
  finds(/the signature of desk usual does not fit/, swap, swap);
});

test('an old state put back with the rows it counted', async () => {
  sql(`CREATE TABLE public.old_state AS SELECT * FROM recourse.case_state; CREATE TABLE public.old_message AS SELECT * FROM recourse.message`);
  const id = await takeAndAnswer(canaries[1]);
  await until(allPlaced, { what: 'the order' });
  assert.equal(verify().code, 0);
  const [away, back] = takeAway('message', `case_id = '${id}' AND row_id NOT IN (SELECT row_id FROM public.old_message)`);
  const [stateAway, stateBack] = takeAway('case_state', `case_id = '${id}'`);
  finds(
    /The state of case \S+ is an old one put back/,
    `${away}; ${stateAway}; INSERT INTO recourse.case_state SELECT * FROM public.old_state WHERE case_id = '${id}'`,
    `DELETE FROM recourse.case_state WHERE case_id = '${id}'; ${stateBack}; ${back}`,
  );
  sql('DROP TABLE public.old_state; DROP TABLE public.old_message');
});

test('a case moved to another desk by hand', () => {
  const id = sql('SELECT case_id FROM recourse.sealed_case LIMIT 1');
  finds(
    /Case \S+ lies at desk oversight, and its state at desk usual/,
    `UPDATE recourse.sealed_case SET desk = 'oversight' WHERE case_id = '${id}'`,
    `UPDATE recourse.sealed_case SET desk = 'usual' WHERE case_id = '${id}'`,
  );
});

test('a changed staff record', () => {
  const id = sql('SELECT record_id FROM recourse.record LIMIT 1');
  finds(/Staff record \S+ was changed/, turn('record', 'body', `record_id = '${id}'`), turn('record', 'body', `record_id = '${id}'`));
});

test('a missing staff record', () => {
  const id = sql('SELECT record_id FROM recourse.record LIMIT 1');
  finds(/wrote something that is not there any more/, ...takeAway('record', `record_id = '${id}'`));
});

test('a changed impact', () => {
  finds(/Impact \S+ was changed/, turn('impact', 'body', 'true'), turn('impact', 'body', 'true'));
});

test('a changed entry of the log', () => {
  finds(/Log entry \S+ of desk \S+ was changed/, turn('audit_leaf', 'entry', 'leaf_id = (SELECT leaf_id FROM recourse.audit_seq WHERE seq = 2)'), turn('audit_leaf', 'entry', 'leaf_id = (SELECT leaf_id FROM recourse.audit_seq WHERE seq = 2)'));
});

test('a missing entry of the log', () => {
  finds(/Log entry 2 is missing: its place in the order is there/, ...takeAway('audit_leaf', 'leaf_id = (SELECT leaf_id FROM recourse.audit_seq WHERE seq = 2)'));
});

test('a missing place in the order', () => {
  finds(/hole: places 3 to 3 are missing/, ...takeAway('audit_seq', 'seq = 3'));
});

test('two entries of the log swapped', () => {
  const swap = 'UPDATE recourse.audit_seq SET seq = 1000002 WHERE seq = 2; UPDATE recourse.audit_seq SET seq = 2 WHERE seq = 3; UPDATE recourse.audit_seq SET seq = 3 WHERE seq = 1000002';
  finds(/an entry was changed, added, taken away or moved/, swap, swap);
});

test('an entry put in the place of another, with right hashes', () => {
  const id = randomUUID();
  const entry = Buffer.from('nobody ever wrote this');
  const digest = createHash('sha256').update(entry).digest();
  const desk = Buffer.alloc(16);
  desk.write('usual');
  const bytes = Buffer.concat([Buffer.from('recourse leaf'), Buffer.from(id.replaceAll('-', ''), 'hex'), desk, Buffer.alloc(64), digest]);
  const hash = createHash('sha256').update(Buffer.concat([Buffer.from([0]), bytes])).digest('hex');
  const [away, back] = takeAway('audit_seq', 'seq = 3');
  finds(
    /The first \d+ entries of the log are not those that the checkpoint/,
    `${away}; INSERT INTO recourse.audit_leaf (leaf_id, office, desk, entry, entry_sha256)
     VALUES ('${id}', 1, 'usual', '\\x${entry.toString('hex')}', '\\x${digest.toString('hex')}');
     INSERT INTO recourse.audit_seq VALUES (3, '${id}', '\\x${hash}')`,
    `DELETE FROM recourse.audit_seq WHERE seq = 3; DELETE FROM recourse.audit_leaf WHERE leaf_id = '${id}'; ${back}`,
  );
});

test('a changed checkpoint', () => {
  const change = (from, to) => `UPDATE recourse.audit_checkpoint SET note = replace(note, E'\\ntime ${from}', E'\\ntime ${to}')`;
  finds(/Checkpoint \d+ in the database cannot be trusted: its signature is wrong/, change('2', '3'), change('3', '2'));
});

test('a database rolled back behind a published checkpoint', () => {
  const [places, placesBack] = takeAway('audit_seq', `seq >= ${published()}`);
  const [notes, notesBack] = takeAway('audit_checkpoint', `size >= ${published()}`);
  finds(/The log was rolled back: a checkpoint in \S+ was signed for \d+ entries/, `${notes}; ${places}`, `${placesBack}; ${notesBack}`);
});

test('the copy that was sent elsewhere is enough', () => {
  const copy = join(house.dir, 'copy-of-checkpoints');
  copyFileSync(join(house.dir, 'audit/checkpoints.log'), copy);
  assert.equal(verify('--checkpoints', copy).code, 0);
  const missing = verify('--checkpoints', join(house.dir, 'no-such-file'));
  assert.equal(missing.code, 1);
  assert.match(missing.text, /no-such-file cannot be read/);
});

test('a changed count of a door', { timeout: 90_000 }, async (t) => {
  const counted = () => number('SELECT count(*) FROM recourse.door_count WHERE n > 0');
  await until(() => counted() > 0, { ms: 75_000, every: 500, what: 'the count of the minute' });
  t.diagnostic(`${counted()} counts`);
  // A count never falls by itself: a false one stays until somebody sees it.
  finds(/A count of rows by intake was changed/, 'UPDATE recourse.door_count SET n = n + 1 WHERE n > 0 AND door = 1', 'UPDATE recourse.door_count SET n = n - 1 WHERE n > 1 AND door = 1');
});

test('a state that does not verify holds up its own case and nobody else', { timeout: 120_000 }, async () => {
  const again = async () => {
    await house.halt();
    await house.start();
  };
  const ini = join(house.dir, 'recourse.ini');
  writeFileSync(ini, readFileSync(ini, 'utf8').replace('[office]\n', '[office]\nsnapshot_s = 0\n'));
  const receipt = await report(`${canaries[0]} and sleeps`);
  await until(allOpened, { what: 'the opening of the report' });
  const id = sql('SELECT case_id FROM recourse.message WHERE author = 1 ORDER BY pos DESC LIMIT 1');
  sql(turn('case_state', 'body', `case_id = '${id}'`));
  await again();
  const rebuilds = () => house.logs('vault-usual').split('vault_rebuild').length;
  const before_ = rebuilds();
  const added = await ask(`${house.urls.intake}/api/v1/thread/messages`, { body: { receipt, text: 'It is awake again' } });
  assert.equal(added.status, 201, added.text);
  await report('The fence is whole, and the ledger is dry');
  await until(() => number('SELECT count(*) FROM recourse.inbox') === 1, { ms: 30_000, what: 'the opening of what others write' });
  await new Promise((done) => setTimeout(done, 7000)); // longer than from one look into the inbox to the next
  assert.equal(rebuilds(), before_, 'the vault stays open');
  sql(turn('case_state', 'body', `case_id = '${id}'`));
  await again();
  await until(allOpened, { ms: 30_000, what: 'the opening of what waited' });
  await until(allPlaced, { what: 'the order' });
});

test('everything is as it was', async () => {
  await until(() => verify().code === 0, { ms: 75_000, every: 3000, what: 'a whole installation' });
});
