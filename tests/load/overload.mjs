// See tests/load/overload. wrk offers the load (closed loop: every client asks again as soon as it is answered, so that a
// refusal is answered by the next request at once), an honest client beside it sends twenty reports a second.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { ask, pause, startInstallation, until } from '../support/installation.mjs';
import { honest, oneReport, summary } from './honest.mjs';

const args = process.argv.slice(2);
const seconds = args.includes('--seconds') ? Number(args[args.indexOf('--seconds') + 1]) : 5;
const MOST = 64; // clients at which ./bench finds the most reports a second
const ROUNDS = 3;
const RAMP_S = 120;
const asJson = args.includes('--json');
const dir = mkdtempSync(join(tmpdir(), 'recourse-load-'));
const script = join(dir, 'post.lua');
const say = (text) => process.stderr.write(`${text}\n`);

writeFileSync(
  script,
  `wrk.method = "POST"
wrk.body = [==[${oneReport('The machine at the gate stops us. '.repeat(31).slice(0, 1024))}]==]
wrk.headers["Content-Type"] = "application/json"
if os.getenv("CLOSE") == "1" then wrk.headers["Connection"] = "close" end
local threads = {}
function setup(thread) table.insert(threads, thread) end
stored, busy, without, other = 0, 0, 0, 0
function response(status, headers)
  if status == 201 then stored = stored + 1
  elseif status == 503 then
    busy = busy + 1
    if not headers["Retry-After"] then without = without + 1 end
  else other = other + 1 end
end
function done(summary)
  local sum = {stored = 0, busy = 0, without = 0, other = 0}
  for _, t in ipairs(threads) do for k in pairs(sum) do sum[k] = sum[k] + t:get(k) end end
  local e = summary.errors
  io.write(string.format("RESULT %d %d %d %d %d\\n", sum.stored, sum.busy, sum.without, sum.other, e.connect + e.read + e.write + e.timeout))
end
`,
);

function wrk(url, clients, close, duration) {
  let child;
  const counted = new Promise((done, fail) => {
    child = spawn('wrk', ['-t1', `-c${clients}`, `-d${duration}s`, '--timeout', '60s', '-s', script, url], {
      env: { ...process.env, CLOSE: close ? '1' : '0' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let out = '';
    child.stdout.on('data', (piece) => (out += piece));
    child.on('error', fail);
    child.on('exit', () => {
      const found = out.match(/RESULT (\d+) (\d+) (\d+) (\d+) (\d+)/);
      if (!found) return fail(new Error(`wrk said ${out}`));
      const [stored, busy, without, other, errors] = found.slice(1).map(Number);
      return done({ stored, busy, without, other, errors });
    });
  });
  return { counted, stop: () => child.kill('SIGINT') };
}

/** What the server itself has counted: {stored, busy}. */
async function counts(house) {
  const { text } = await ask(`http://127.0.0.1:${house.ports.intakeHealth}/metrics`);
  const of = (name) => Number(text.match(new RegExp(`^${name} (\\d+)$`, 'm'))[1]);
  return { stored: of('recourse_intake_reports_total'), busy: of('recourse_http_busy_total'), open: of('recourse_http_connections_open'), at: performance.now() };
}

/** The load until its connections have all come in (a thousand of them share their processor with the server), then
 *  `seconds` that count. */
async function measured(house, url, clients, close) {
  const load = wrk(url, clients, close, RAMP_S + seconds + 5);
  if (close) await pause(3_000);
  else await until(async () => (await counts(house)).open >= 0.98 * clients, { ms: RAMP_S * 1000, every: 250, what: 'the load' });
  await pause(1_000);
  const person = honest(url, { perSecond: 20 });
  const before = await counts(house);
  await pause(seconds * 1000);
  const after = await counts(house);
  const heard = summary(await person.stop());
  load.stop();
  const rate = (what) => ((after[what] - before[what]) * 1000) / (after.at - before.at);
  return { clients, goodput: rate('stored'), busy: rate('busy'), honest: heard, ...(await load.counted.then(({ without, other }) => ({ without, other }))) };
}

const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];

/** In turns, since the machine is not ours alone: the most, ten times that, and again. The medians are compared. */
async function story(house, url, name, close) {
  const loads = [MOST, 10 * MOST, ...(close ? [] : [5000])];
  const runs = new Map(loads.map((clients) => [clients, []]));
  for (let round = 0; round < ROUNDS; round++) for (const clients of loads) if (clients !== 5000 || round === 0) runs.get(clients).push(await measured(house, url, clients, close));
  const of = (clients, what) => median(runs.get(clients).map(what));
  const peak = of(MOST, (one) => one.goodput);
  const rows = loads.map((clients) => ({
    story: name,
    clients,
    goodput: Math.round(of(clients, (one) => one.goodput)),
    of_peak: Number((of(clients, (one) => one.goodput) / peak).toFixed(2)),
    told_503: Number(of(clients, (one) => one.busy / (one.goodput + one.busy)).toFixed(3)),
    honest_p50: of(clients, (one) => one.honest.p50),
    honest_p99: of(clients, (one) => one.honest.p99),
    honest_served: of(clients, (one) => one.honest.served),
  }));
  const problems = [];
  // A server that is really loaded makes people wait. Where nobody does, it was the generator that had no processor left.
  const starved = rows[1].told_503 === 0 && rows[1].honest_p99 < 2 * rows[0].honest_p99;
  if (rows[1].of_peak < 0.9)
    problems.push(`${name}: ${rows[1].of_peak} of the peak at ten times the load${starved ? '; but nobody waited: the load did not come, the machine is too busy to tell' : ''}`);
  for (const one of [...runs.values()].flat())
    if (one.without || one.other) problems.push(`${name}: ${one.other} answers neither 201 nor 503, ${one.without} without Retry-After`);
  return { rows, problems };
}

async function main() {
  const house = await startInstallation({ build: 'build' });
  const url = `https://127.0.0.1:${house.ports.intake}/api/v1/reports`;
  const stories = [];
  try {
    await wrk(url, 32, false, 3).counted;
    say('Kept connections ...');
    stories.push(await story(house, url, 'kept connections', false));
    say('A new connection for each report ...');
    stories.push(await story(house, url, 'new connections', true));
  } finally {
    await house.stop();
    rmSync(dir, { recursive: true, force: true });
  }
  const rows = stories.flatMap((one) => one.rows);
  if (asJson) console.log(JSON.stringify({ rows, load: loadavg(), cpu: cpus()[0].model, cores: cpus().length }));
  else {
    console.table(rows);
    console.log(`${cpus().length} x ${cpus()[0].model}, load at the end ${loadavg().map((l) => l.toFixed(1)).join(' ')}`);
  }
  const problems = stories.flatMap((one) => one.problems);
  for (const problem of problems) say(problem);
  process.exitCode = problems.length ? 1 : 0;
}

await main();
