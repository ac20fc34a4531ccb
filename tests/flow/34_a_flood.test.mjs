// Somebody sends very much. An honest person from the same network is asked to wait, with her words kept, and gets her
// receipt; with scripts her page computes instead. What comes beyond that is stored, acknowledged, set aside; danger among it
// reaches the floor at once; an officer looks at the rest. Nobody is refused, and nothing tells where anybody wrote from.
import assert from 'node:assert/strict';
import { createHash, randomUUID } from 'node:crypto';
import { appendFileSync, renameSync } from 'node:fs';
import { Agent } from 'node:https';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { violations } from '../support/axe.mjs';
import { fits, openBrowser, picture } from '../support/browser.mjs';
import { ask, makeInstallation, pause, processesOf, until } from '../support/installation.mjs';
import { admit, hidden, signIn } from '../support/staff.mjs';

async function clean(page, where) {
  assert.deepEqual(await violations(page), [], where);
  assert.ok(await fits(page), `${where} sticks out`);
}

const BUDGET = 6, TIMES = 2, WAIT_S = 3;
const HERS = 'The gate machine does not know my face, canary-kibanda';
const FLOOD = 'Buy cheap watches here and now, best prices in the whole town, canary-saa';
const DANGER = 'My husband is going to kill me tonight canary-panga';
const OTHERS = ['Our wages are short since March, canary-mshahara', 'The well is dry, canary-kisima', 'They moved the fence, canary-ua'];
const CANARIES = ['canary-kibanda', 'canary-saa', 'canary-panga', 'canary-mshahara', 'canary-kisima', 'canary-ua', '127.0.7.', '127.0.9.'];

describe('a flood of reports', () => {
  let house, chromium, officer, page;
  const receipts = {};
  // Two networks: the whole of 127.0.0.0/8 is this machine.
  const here = new Agent({ localAddress: '127.0.7.1' }), there = new Agent({ localAddress: '127.0.9.1' });
  const send = (body, { agent = here, key = randomUUID(), proof } = {}) =>
    ask(`${house.urls.intake.replace('localhost', '127.0.0.1')}/api/v1/reports`, { body: { language: 'en', ...body }, agent, headers: { 'idempotency-key': key, ...(proof ? { proof } : {}) } });
  const solve = ({ challenge, bits }) => {
    for (let nonce = 0; ; nonce++) {
      const hash = createHash('sha256').update(`${challenge}:${nonce}`).digest();
      if (hash.readUInt32BE(0) >>> (32 - bits) === 0) return `${challenge}:${nonce}`;
    }
  };
  /** As a program does that can compute; the receipt. */
  const report = async (body, agent) => {
    const key = randomUUID();
    let answer = await send(body, { agent, key });
    if (answer.status === 503) answer = await send(body, { agent, key, proof: solve(answer.json()) });
    assert.equal(answer.status, 201, answer.text);
    return answer.json().receipt;
  };
  const thread = async (receipt) => (await ask(`${house.urls.intake}/api/v1/thread`, { body: { receipt } })).json();
  const staff = async (path, body) => {
    const answer = await officer(path, body);
    assert.ok(answer.status < 300, `${path}: ${answer.status} ${answer.text}`);
    return answer.text ? answer.json() : {};
  };
  const aside = () => staff('/aside');
  const metric = (name) => house.metric('intake', `recourse_intake_flood_${name}_total`);

  before(async () => {
    house = await makeInstallation({ budgets: true });
    house.cli('init', '--port', String(house.base));
    appendFileSync(join(house.dir, 'recourse.ini'), `\n[abuse]\nconnection = 0\nnetwork = ${BUDGET}\noffice = 400\naside_times = ${TIMES}\nwait_s = ${WAIT_S}\n`);
    await house.start();
    house.officer = { name: 'Amina', password: admit(house, 'Amina', 'officer') };
    const token = house.token('Amina');
    officer = (path, body) => ask(`${house.urls.console}/api/v1${path}`, { body, headers: { authorization: `Bearer ${token}` } });
    chromium = await openBrowser();
  });
  after(async () => {
    for (const agent of [here, there]) agent.destroy();
    await chromium?.stop();
    await house?.stop({ canaries: CANARIES });
  });

  it('who fills the room for what is not sent yet carries the answers in the page; another network notices nothing', async () => {
    const [much, little] = [new Agent({ localAddress: '127.0.11.1' }), new Agent({ localAddress: '127.0.12.1' })];
    const post = async (agent, fields) => {
      const body = new URLSearchParams({ lang: 'en', ...fields }).toString();
      const page = await ask(`${house.urls.intake.replace('localhost', '127.0.0.1')}/report`, { agent, body, headers: { 'content-type': 'application/x-www-form-urlencoded' } });
      assert.equal(page.status, 200);
      return page.text;
    };
    const isKept = async (agent, text) => {
      const page = await post(agent, { step: 'story', go: 'next', key: randomUUID(), text });
      assert.match(page, /name="step" value="when"/);
      assert.notEqual(page.includes(`name="text" value="${text}"`), page.includes('name="kept"'), 'either here or there');
      return page.includes('name="kept"');
    };
    const story = '\u{1f30a}'.repeat(20_000), key = randomUUID();
    await post(much, { step: 'when', go: 'next', key, where: 'canary-kibanda' });
    assert.deepEqual([await isKept(much, story), await isKept(much, story), await isKept(much, HERS), await isKept(little, story)], [true, false, true, true]);
    // What she takes back while her draft cannot grow does not come back out of it.
    const carried = await post(much, { step: 'when', go: 'story', key, where: '', text: story });
    assert.ok(!carried.includes('name="kept"'));
    const fields = Object.fromEntries([...carried.matchAll(/<input type="hidden" name="([a-z_]+)" value="([^"]*)">/g)].map(([, name, value]) => [name, value]));
    assert.doesNotMatch(await post(much, { ...fields, go: 'check', text: 'Less' }), /canary-kibanda/);
    for (const agent of [much, little]) agent.destroy();
  });

  it('within the budget nobody notices; over it a program is asked to compute, once for each report', async () => {
    const browsers = new Agent({ localAddress: '127.0.0.1' });
    for (let i = 0; i < BUDGET; i++) for (const agent of [here, browsers]) assert.equal((await send({ text: FLOOD }, { agent })).status, 201);
    browsers.destroy();
    const key = randomUUID(), asked = await send({ text: FLOOD }, { key });
    assert.equal(asked.status, 503);
    assert.equal(asked.headers['retry-after'], String(WAIT_S));
    assert.equal(asked.headers['content-type'], 'application/problem+json');
    assert.deepEqual([asked.json().type, asked.json().bits], ['/problems/busy', 12]);
    const proof = solve(asked.json());
    assert.equal((await send({ text: FLOOD }, { proof })).status, 503, 'of another report');
    assert.equal((await send({ text: FLOOD }, { key, proof: proof.replace(/:.*/, ':x') })).status, 503, 'not computed');
    assert.equal((await send({ text: FLOOD }, { key, proof, agent: there })).status, 201, 'there nobody is over the budget');
    const [one, two] = [await send({ text: FLOOD }, { key, proof }), await send({ text: FLOOD }, { key, proof })];
    assert.deepEqual([one.status, two.status], [201, 201]);
    assert.equal(one.json().receipt, two.json().receipt, 'the same proof again is the same report again');
  });

  const told = (receipt) => until(async () => (await thread(receipt)).messages?.[0]?.text.replace(/\r/g, ''), { what: 'her words' });
  const begin = async (options, how) => {
    page = await chromium.visit(options);
    await page.goto(`${house.urls.intake.replace('localhost', '127.0.0.1')}/report`);
    await page.click(how);
  };
  const afterTheWait = async () => {
    await until(async () => {
      await pause(500);
      await page.click('#send');
      return (await page.locator('#receipt').count()) > 0;
    }, { what: 'her receipt' });
    const receipt = (await page.textContent('#receipt')).replace(/\D/g, '');
    assert.equal(receipt.length, 28);
    return receipt;
  };

  it('a person without scripts is asked to wait, no word is lost, and she gets her receipt', async () => {
    await begin({}, '#all');
    await page.fill('#text', `${HERS}\nand not\n\n<mine>`);
    await page.check('input[name=read_back][value=yes]');
    await page.click('#send');
    assert.equal(await page.textContent('#seconds'), String(WAIT_S));
    assert.ok(await fits(page));
    await picture(page, 'public-busy-en');
    await page.click('#send');
    assert.ok(Number(await page.textContent('#seconds')) <= WAIT_S, 'too early: how long it still takes');
    for (const language of ['ar', 'sw']) {
      await page.click(`button[name=say][value=${language}]`);
      assert.equal(await page.getAttribute('html', 'lang'), language, 'in another language too');
      assert.ok(await fits(page), language);
      await picture(page, `public-busy-${language}`);
    }
    receipts.hers = await afterTheWait();
    await page.context().close();
    assert.equal(await told(receipts.hers), `${HERS}\nand not\n\n<mine>`);
    assert.ok((await metric('waited')) >= 1);
  });

  it('step by step too: her words stay where they are kept, or travel in the page where they cannot be', async () => {
    const drafts = join(house.dir, 'drafts'), away = join(house.dir, 'drafts-away');
    for (const isKept of [true, false]) {
      if (!isKept) renameSync(drafts, away);
      try {
        await begin({}, '#next');
        await page.fill('#text', `${HERS} in steps`);
        await page.click('#check');
        await page.click('#answers button[value=readers]');
        await page.check('input[name=read_back][value=yes]');
        await page.click('#next');
        await page.click('#send');
        await page.waitForSelector('#seconds');
        assert.equal((await page.content()).includes(HERS), !isKept);
        await page.click('button[name=say][value=ar]');
        assert.equal(await page.getAttribute('html', 'dir'), 'rtl');
        assert.equal(await told(await afterTheWait()), `${HERS} in steps`);
        await page.context().close();
      } finally {
        if (!isKept) renameSync(away, drafts);
      }
    }
  });

  it('who leaves from there leaves nothing: not behind Back, not in another language', async () => {
    for (const how of ['#all', '#next']) {
      await begin({}, how);
      await page.fill('#text', HERS);
      if (how === '#next') await page.click('#check');
      await page.click('#send');
      await page.waitForSelector('#seconds');
      const fields = await page.locator('#keeps').evaluate((form) => [...new FormData(form)]);
      await page.click('#exit button');
      for (const more of [[], [['say', 'en']]]) {
        const answer = await ask(`${house.urls.intake}/report`, { body: new URLSearchParams([...fields, ...more]).toString(), headers: { 'content-type': 'application/x-www-form-urlencoded' } });
        assert.equal(answer.status, 200);
        assert.ok(!answer.text.includes('canary'), answer.text);
        assert.doesNotMatch(answer.text, /id="(seconds|receipt)"/);
      }
      await page.context().close();
    }
  });

  it('with scripts her page computes, and she need not do anything', async () => {
    for (const how of ['#all', '#next']) {
      const before = await metric('computed');
      await begin({ scripts: true }, how);
      const fetched = [];
      page.on('request', (request) => fetched.push(new URL(request.url()).pathname));
      await page.fill('#text', OTHERS[0]);
      if (how === '#next') await page.click('#check');
      assert.ok(!fetched.includes('/proof.js'), 'other pages do not carry it');
      await page.click('#send');
      await page.waitForSelector('#receipt', { timeout: 20_000 });
      assert.ok(fetched.includes('/proof.js'));
      assert.equal(await metric('computed'), before + 1);
      await page.context().close();
    }
    // The page itself, held fast: axe needs scripts, and ours would send it.
    await begin({ scripts: true }, '#all');
    await page.route('**/proof.js', (route) => route.abort());
    await page.fill('#text', OTHERS[0]);
    await page.click('#send');
    await page.waitForSelector('#seconds');
    await clean(page, 'the page that asks for a wait');
    await page.context().close();
  });

  it('what comes beyond that is acknowledged like everything else, and set aside; danger is not', async () => {
    while ((await metric('aside')) === 0) receipts.first = await report({ text: FLOOD });
    for (let i = 0; i < 6; i++) receipts.flood = await report({ text: `${FLOOD} ${'!'.repeat(i)}` });
    [receipts.wages, receipts.well, receipts.fence] = [await report({ text: OTHERS[0] }), await report({ text: OTHERS[1] }), await report({ text: OTHERS[2] })];
    receipts.danger = await report({ text: DANGER, answers: { danger_now: 'yes' } });
    const calm = await report({ text: 'Nothing came from here yet, all is calm' }, there);
    await until(async () => (await aside()).cases === 10, { what: 'all to be set aside' });
    const { items, total, soonest } = await aside();
    assert.deepEqual([total, items.map((item) => item.alike).sort()], [4, [0, 0, 0, 6]], 'those that say the same are one');
    assert.ok(items.every((item) => item.lane === 'aside' && !item.overdue));
    const hours = (Date.parse(soonest) - Date.now()) / 3_600_000;
    assert.ok(hours > 71 && hours <= 72, soonest);
    await until(async () => (await staff('/queue')).items[0]?.danger_now, { what: 'danger at the head of the queue' });
    assert.equal((await staff('/queue')).counts.aside, 10);
    const figures = await staff('/figures');
    assert.deepEqual([figures.lanes.aside, figures.late], [10, 0]);
    // The person sees the same whether or not.
    await until(async () => (await thread(calm)).since && (await thread(receipts.well)).since, { what: 'both to be opened' });
    const { messages, ...one } = await thread(receipts.well), { messages: other, ...two } = await thread(calm);
    assert.deepEqual(one, two);
    assert.deepEqual(messages, other);
  });

  it('who takes is given the danger first, and never what is set aside', async () => {
    assert.equal((await staff('/queue/take', {})).danger_now, true);
    for (;;) {
      const next = await officer('/queue/take', {});
      if (next.status === 204) break;
      assert.equal(next.status, 200);
      assert.equal(next.json().lane, 'first_look');
    }
    assert.equal((await aside()).cases, 10);
  });

  it('they stand there after the vault has come back', async () => {
    const before = await aside();
    await house.halt();
    appendFileSync(join(house.dir, 'recourse.ini'), 'aside_hours = 0\n'); // for those that come later
    await house.start();
    await until(async () => (await officer('/aside')).status === 200 && (await aside()).items.some((item) => item.alike === 6), { ms: 60_000, what: 'the vault' });
    const now = await aside();
    assert.deepEqual([now.total, now.cases, now.soonest], [before.total, before.cases, before.soonest]);
  });

  it('words of danger take one out at once', async () => {
    const answer = await ask(`${house.urls.intake}/api/v1/thread/messages`, { body: { receipt: receipts.fence, text: 'They are going to kill me tonight', language: 'en' } });
    assert.equal(answer.status, 201);
    await until(async () => (await aside()).cases === 9, { what: 'it to be taken out' });
    assert.equal((await staff('/queue')).items[0].danger_now || (await staff('/queue')).items[0].floor, true);
  });

  it('an officer looks: takes one, closes those that say the same', async () => {
    const visitor = await signIn(house, house.officer);
    page = await chromium.visit({ scripts: true });
    await page.context().addCookies([...visitor.cookies].map(([name, value]) => ({ name, value, url: house.urls.console })));
    await page.goto(`${house.urls.console}/aside`);
    assert.equal(await page.locator('input[name=cases]').count(), 3);
    await clean(page, 'what is set aside');
    await picture(page, 'aside-en');
    await page.context().close();
    assert.match((await visitor.get('/queue')).text, /href="\/aside"/);
    const list = await visitor.get('/aside');
    assert.equal(list.status, 200);
    assert.ok(hidden(list.text, 'csrf'));
    const { items } = await aside();
    const flood = items.find((item) => item.alike === 6).case, well = items.find((item) => item.alike === 0).case;
    assert.equal((await visitor.post('/aside', { cases: well, what: 'take' })).status, 400, 'not without a reason');
    assert.equal((await visitor.post('/aside', { cases: well, what: 'take', reason: 'Somebody real' })).status, 303);
    await until(async () => (await aside()).cases === 8, { what: 'one to be taken' });
    assert.equal((await staff(`/cases/${well}`)).lane, 'first_look');
    assert.equal((await visitor.post('/aside', { cases: flood, what: 'close', alike: 'yes', reason: 'An advertisement' })).status, 303);
    await until(async () => (await aside()).cases === 1, { what: 'seven to be closed' });
    assert.equal((await officer('/aside', { cases: [flood], what: 'close', reason: 'Again' })).status, 409);
    const closed = await staff(`/cases/${flood}`);
    assert.equal(closed.state, 'out_of_scope');
    assert.ok(closed.history.some(({ what }) => what === 'Closed as part of a flood'));
  });

  it('whoever it was is told so, and may ask for a review; then it waits like any other', async () => {
    const told = await thread(receipts.flood);
    assert.equal(told.state, 'out_of_scope');
    assert.match(told.messages.at(-1).text, /ask for a review/);
    const before = (await staff('/queue')).counts.first_look;
    const asked = await ask(`${house.urls.intake}/api/v1/thread/messages`, { body: { receipt: receipts.flood, act: 'review' } });
    assert.equal(asked.status, 201);
    await until(async () => (await staff('/queue')).counts.first_look === before + 1, { what: 'the review to wait' });
    assert.equal((await aside()).cases, 1);
  });

  it('what nobody looks at goes into the queue by itself', async () => {
    const late = 'kesho-kutwa';
    for (let i = 0; i < BUDGET * TIMES; i++) await report({ text: `${FLOOD} again` });
    assert.equal(await metric('aside'), 0);
    for (const text of OTHERS) await report({ text: `${text} ${late}` });
    assert.equal(await metric('aside'), OTHERS.length);
    const byThemselves = async () => {
      const found = (await staff('/search', { words: late })).items;
      return found.length === OTHERS.length && found.every((item) => item.lane === 'first_look');
    };
    await until(byThemselves, { what: 'them in the queue' });
    assert.equal((await aside()).cases, 1, 'what has its time before it stays');
  });

  it('nothing tells where anybody wrote from', async () => {
    const metrics = (await ask(`http://127.0.0.1:${house.ports.intakeHealth}/metrics`)).text;
    assert.doesNotMatch(metrics, /127\.0/);
    assert.doesNotMatch(house.logs('intake'), /127\.0\.[79]\./);
  });
});

describe('the demonstration under the budgets that everybody has', () => {
  let house;
  before(async () => {
    house = await makeInstallation({ budgets: true });
    await house.start({ args: ['--demo'] });
  });
  after(() => house?.stop());

  it('tells all of its reports, as programs do that are asked to compute, and none is set aside', { timeout: 120_000 }, async () => {
    await until(() => /Demonstration: (\d+) of \1 reports are in|demonstration stops/i.test(house.output), { ms: 90_000, what: 'the reports' });
    assert.doesNotMatch(house.output, /demonstration stops/i);
    assert.equal(await house.metric('intake', 'recourse_intake_flood_aside_total'), 0);
  });

  it('is over when the launcher is, whatever it was at', async () => {
    const own = processesOf(house.dir).filter(({ pid, command }) => /recourse .* up .*--demo/.test(command) && pid !== house.launcher.pid);
    assert.equal(own.length, 1, 'it works on after its reports');
    process.kill(own[0].pid, 'SIGSTOP');
    assert.deepEqual(await house.halt(), { code: 0, signal: null });
    assert.deepEqual(processesOf(house.dir), []);
  });
});
