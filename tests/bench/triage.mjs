// What the triage does with so many open cases: ./bench triage. The vault's own code with up to a million cases in one
// process (build/triage_bench), and end to end, with TLS, PostgreSQL, keys and console, with fewer. docs/performance.md
// says what each figure is.
//
// Usage: ./bench triage [--cases 10000,100000,1000000] [--unspaced 10000,100000] [--whole 10000] [--repeat N]
//                       [--json] [--pictures DIR] [--keep FILE]   what FILE has is not measured again, so that a long
//                                                                 bench can be done in parts
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { Agent } from 'node:https';
import { cpus, loadavg, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ask, startInstallation, until } from '../support/installation.mjs';
import { dir, pause, pidsOf, processorTime, round, run, say } from './tools.mjs';
import { lines } from './plot.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const args = process.argv.slice(2);
const option = (name, fallback) => (args.includes(name) ? args[args.indexOf(name) + 1] : fallback);
const numbers = (text) => text.split(',').map(Number).filter(Boolean);
const sizes = { spaced: numbers(option('--cases', '10000,100000,1000000')), unspaced: numbers(option('--unspaced', '10000,100000')) };
const wholes = numbers(option('--whole', '10000'));
const repeat = Number(option('--repeat', 5));
const pictures = option('--pictures', null);
const keep = option('--keep', null);
const OFFICERS = 32, TAKING_S = 30, PAGES = 300, SEARCHES = 100, CLIENTS = 32;
const LIMITS = { take_p99: 20, list_p99: 50, search_rare_p99: 100, search_common_p99: 100, search_phrase_p99: 100, search_beginning_p99: 100 };

// --- in one process ---

function inProcess(scripts, cases) {
  say(`${cases.toLocaleString('en')} cases in scripts ${scripts === 'spaced' ? 'with' : 'without'} spaces, in one process ...`);
  const out = run(join(root, 'build', 'triage_bench'), [String(cases), scripts, String(repeat)]);
  return { scripts, cases, load: round(loadavg()[0], 1), ...Object.fromEntries(out.trim().split('\n').map((line) => line.split(' ')).map(([name, value]) => [name, Number(value)])) };
}

// --- end to end ---

const part = (times, which) => [...times].sort((a, b) => a - b)[Math.floor(times.length * which)];
const p99 = (times) => part(times, 0.99);
/** Microseconds of processor time a case, of all processes of the installation, between two looks. */
const cost = (what, before, after, cases) => {
  const parts = Object.keys(after).map((group) => [group, ((after[group] - before[group]) * 1000) / cases]).filter(([, us]) => us >= 1);
  say(`  ${what}: microseconds of processor time for each case: ${parts.map(([group, us]) => `${group} ${round(us, 0)}`).join(', ')}`);
  return round(parts.reduce((sum, [, us]) => sum + us, 0), 0);
};

/** Texts of the generator as bodies of reports, for wrk to choose from. */
function loadScript() {
  const texts = run(join(root, 'build', 'triage_texts'), ['2000']).trim().split('\n').map((line) => line.split('\t'));
  const bodies = join(dir, 'bodies.txt'), script = join(dir, 'bodies.lua');
  writeFileSync(bodies, texts.map(([language, text]) => JSON.stringify({ kind: 'grievance', language, text })).join('\n'));
  writeFileSync(
    script,
    `local bodies = {}
for line in io.lines("${bodies}") do bodies[#bodies + 1] = line end
local n = math.random(#bodies)
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
request = function() n = n % #bodies + 1; return wrk.format(nil, nil, nil, bodies[n]) end
done = function(summary) io.write(string.format("RESULT %d\\n", summary.requests - summary.errors.status)) end
`,
  );
  return script;
}

async function timed(count, each) {
  const times = [];
  for (let i = 0; i < count; i++) {
    const begun = performance.now();
    await each(i);
    times.push(performance.now() - begun);
  }
  return times;
}

async function wholeWith(cases, script) {
  say(`${cases.toLocaleString('en')} cases end to end ...`);
  const house = await startInstallation({ build: 'build' });
  try {
    const token = house.token(house.officer.name), agent = new Agent({ keepAlive: true, maxSockets: OFFICERS });
    const staff = async (path, body) => {
      const answer = await ask(`${house.urls.console}/api/v1${path}`, { method: body ? 'POST' : 'GET', body, agent, headers: { authorization: `Bearer ${token}` } });
      if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${answer.text.slice(0, 200)}`);
      return answer.json();
    };
    // Not those in the queue: of those that say nearly the same one stands there for all.
    const opened = async () => (await staff('/figures')).cases;
    const begun = performance.now(), idle = processorTime(house);
    let sent = 0;
    while (sent < cases) {
      const seconds = Math.max(1, Math.min(20, Math.round((cases - sent) / 2500)));
      sent += Number(run('wrk', ['-t1', `-c${CLIENTS}`, `-d${seconds}s`, '--timeout', '20s', '-s', script, `https://127.0.0.1:${house.ports.intake}/api/v1/reports`]).match(/RESULT (\d+)/)[1]);
    }
    const accepted = (performance.now() - begun) / 1000;
    await until(async () => (await opened()) >= sent, { ms: 280_000, every: 200, what: 'the vault to have opened all' });
    const all = (performance.now() - begun) / 1000, worked = cost('new', idle, processorTime(house), sent);
    say(`  ${sent} sent in ${accepted.toFixed(1)} s, all opened after ${all.toFixed(1)} s`);
    const takes = [];
    const officer = async (n) => {
      await staff('/queue?limit=1'); // their connection is made
      await pause((n * 1000) / OFFICERS);
      for (let i = 0; i < TAKING_S; i++) {
        const asked = performance.now();
        await staff('/queue/take', {});
        const took = performance.now() - asked;
        takes.push(took);
        await pause(Math.max(0, 1000 - took));
      }
    };
    await Promise.all(Array.from({ length: OFFICERS }, (_, n) => officer(n)));
    const lists = await timed(PAGES, (i) => staff(`/queue?lane=first_look&after=${(i * 7919) % Math.min(sent, 5000)}`));
    const search = async (words) => p99(await timed(SEARCHES, () => staff('/search', { words })));
    const found = { common: await search('de'), phrase: await search('"the water"'), beginning: await search('wat*'), rare: await search('zqab') };
    // From the new process on: how long the launcher waits before it starts one does not grow with the cases.
    const again = async (what) => {
      const pattern = `recourse-vault --config ${house.dir}/etc/vault-usual.ini`, old = pidsOf(pattern);
      old.forEach((pid) => process.kill(pid, 'SIGKILL'));
      await until(() => pidsOf(pattern).some((pid) => !old.includes(pid)), { ms: 60_000, every: 5, what: 'a new vault' });
      const started = performance.now(), dead = processorTime(house), since = () => (performance.now() - started) / 1000;
      await until(async () => (await staff('/queue?limit=1').catch(() => null))?.total > 0, { ms: 280_000, every: 10, what: 'the queue to be back' });
      const open = since();
      await until(async () => { const { read, cases: known } = await staff('/search', { words: 'zqab' }); return read >= known; }, { ms: 280_000, every: 100, what: 'the index to be full again' });
      return { open, full: since(), us: cost(what, dead, processorTime(house), sent) };
    };
    const snapshots = () => ['a', 'b'].map((slot) => join(house.dir, `snapshot/vault-usual/usual.${slot}`));
    snapshots().forEach((path) => truncateSync(path, 0));
    const slow = await again('from the database');
    // A minute after a start the next one is written.
    await until(() => house.logs('vault-usual').match(/what=snapshot .*cases=(\d+)/g)?.some((line) => Number(line.match(/cases=(\d+)/)[1]) >= sent), { ms: 280_000, every: 500, what: 'a snapshot of all' });
    const quick = await again('from a snapshot');
    if (!/what=snapshot_read /.test(house.logs('vault-usual'))) throw new Error('no snapshot was read');
    return { asked: cases, cases: sent, load: round(loadavg()[0], 1), new_per_second: round(sent / all, 0), accepted_per_second: round(sent / accepted, 0), us_for_new: worked, us_for_rebuilt: slow.us, us_for_snapshot: quick.us, take_p50: round(part(takes, 0.5), 1), take_p99: round(p99(takes), 1), list_p99: round(p99(lists), 1), ...Object.fromEntries(Object.entries(found).map(([name, ms]) => [`search_${name}_p99`, round(ms, 1)])), open_per_second: round(sent / slow.open, 0), rebuilt_per_second: round(sent / slow.full, 0), from_snapshot_per_second: round(sent / quick.full, 0) };
  } finally {
    await house.stop();
  }
}

// --- telling ---

function draw(rows) {
  if (!pictures) return;
  mkdirSync(pictures, { recursive: true });
  const put = (name, svg) => writeFileSync(join(pictures, `bench-triage-${name}.svg`), svg);
  const of = (scripts) => rows.filter((r) => r.scripts === scripts);
  const series = (name, scripts = 'spaced') => of(scripts).map((r) => [r.cases, r[name]]);
  put('take', lines('Taking the next case', 'ms, p99, in memory', [['take', series('take_p99')], ['without spaces', series('take_p99', 'unspaced')]]));
  put('list', lines('Any page of a list, filters and depth mixed', 'ms, p99', [['page', series('list_p99')], ['without spaces', series('list_p99', 'unspaced')]], LIMITS.list_p99));
  put('search', lines('Search', 'ms, p99', ['rare', 'common', 'phrase', 'beginning'].map((name) => [name, series(`search_${name}_p99`)]), 100));
  put('search-unspaced', lines('Search in scripts without spaces', 'ms, p99', ['rare', 'common', 'phrase', 'beginning'].map((name) => [name, series(`search_${name}_p99`, 'unspaced')]), 100));
  put('memory', lines('Memory of a case', 'bytes', [['all', series('memory_per_case')], ['without spaces', series('memory_per_case', 'unspaced')]]));
}

const table = (rows, first) => {
  const names = [...new Set(rows.flatMap((r) => Object.keys(r)))].filter((name) => name !== 'scripts');
  const head = `| figure | ${rows.map((r) => `${r.scripts ?? first} ${r.cases.toLocaleString('en')}`).join(' | ')} | wanted |`;
  const body = names.filter((name) => !['cases', 'asked'].includes(name)).map((name) => `| \`${name}\` | ${rows.map((r) => r[name] ?? '').join(' | ')} | ${LIMITS[name] ? `under ${LIMITS[name]}` : ''} |`);
  return [head, `|---|${rows.map(() => '---:|').join('')}---:|`, ...body].join('\n');
};

async function main() {
  for (const tool of ['wrk', 'pgrep']) if (spawnSync('sh', ['-c', `command -v ${tool}`]).status !== 0) throw new Error(`${tool} is not installed; ./bench installs it`);
  const { rows, whole } = keep && existsSync(keep) ? JSON.parse(readFileSync(keep, 'utf8')) : { rows: [], whole: [] };
  const kept = (list, row) => {
    list.push(row);
    list.sort((a, b) => (a.scripts ?? '').localeCompare(b.scripts ?? '') || a.cases - b.cases);
    if (keep) writeFileSync(keep, JSON.stringify({ rows, whole }));
  };
  for (const scripts of ['spaced', 'unspaced'])
    for (const cases of sizes[scripts]) if (!rows.some((r) => r.scripts === scripts && r.cases === cases)) kept(rows, inProcess(scripts, cases));
  const script = wholes.length ? loadScript() : null;
  for (const cases of wholes) if (!whole.some((r) => r.asked === cases)) kept(whole, await wholeWith(cases, script));
  draw(rows);
  if (args.includes('--json')) {
    console.log(JSON.stringify({ rows, whole }));
    return;
  }
  console.log(`${cpus().length} x ${cpus()[0].model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB, load ${loadavg()[0].toFixed(1)} at the end, ${new Date().toISOString().slice(0, 10)}; medians of ${repeat}`);
  if (rows.length) console.log(`\nIn one process; ms, bytes, or a second:\n\n${table(rows)}`);
  if (whole.length) console.log(`\nEnd to end:\n\n${table(whole, 'whole')}`);
}

main().catch((error) => {
  say(`bench: ${error.message}`);
  process.exit(1);
});
