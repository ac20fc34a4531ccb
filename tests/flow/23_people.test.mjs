// Who may do what, walked: every operation of a vault and every address of the console, by every role and by nobody, held
// against docs/vault-protocol.md; how people are let in, show who they are, and leave. One installation as for real reports
// would be, but for the passphrase: a second factor is required.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { appendFileSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { ask, makeInstallation, root, until } from '../support/installation.mjs';
import { admit, enrol, hidden, nextCode, signIn, totp, trySignIn, Visitor } from '../support/staff.mjs';
import { openBrowser, picture } from '../support/browser.mjs';
import { Authenticator, virtualAuthenticator } from '../support/passkey.mjs';
import { openVault } from '../support/vault.mjs';

const build = resolve(root, process.env.RECOURSE_BUILD ?? 'build-asan');
const ROLES = ['officer', 'handler', 'translator', 'manager', 'auditor', 'administrator', 'reviewer'];
const NOWHERE = '00000000-0000-4000-8000-000000000000';
// What some forms need besides the fields that many have.
const FORMS = {
  decide: { state: 'reopened' },
  pause: { code: 'asked_by_you', says: 'x' },
  safety: { level: 'low', plan: 'x' },
  outside: { what: 'visit', says: 'x', could_tell: 'x', consent: 'yes', consent_how: 'x' },
  checkin: { checkin: '0', outcome: 'well', says: 'x' },
  translate: { message: NOWHERE, from: 'en', to: 'fr', translator: 'x' },
  participants: { other: NOWHERE, role: 'member' },
  participant: { role: 'member' },
  look: { file: NOWHERE },
  download: { file: NOWHERE, which: 'original' },
  '{id}': { method: 'person' },
};
const print = (program, flag) => spawnSync(join(build, program), [flag], { encoding: 'utf8', env: { ...process.env, ASAN_OPTIONS: 'detect_leaks=0' } }).stdout.trim().split('\n');

/** docs/vault-protocol.md: {op: Set of roles}; "enrolling" among them; empty: no session is needed. */
function documented() {
  const rows = {};
  for (const line of readFileSync(join(root, 'docs/vault-protocol.md'), 'utf8').split('\n')) {
    const cells = line.split(/ \|(?=\s|$)/);
    if (!/^\| `/.test(line) || cells.length < 5) continue;
    const words = cells.at(-2).split(';')[0];
    const roles = new Set(['enrolling', ...ROLES].filter((role) => words.includes(role)));
    if (/\bany\b/.test(words)) for (const role of ROLES) roles.add(role);
    for (const [, op] of cells[0].matchAll(/`([\w.]+)`/g)) rows[op] = roles;
  }
  return rows;
}

describe('people', () => {
  let house, vault, amara;
  const staff = {}; // role: {name, password, secret, codes, used, visitor}
  const leaves = () => Number(house.superuserQuery('SELECT count(*) FROM recourse.audit_leaf').trim());
  /** All that the vault still knows of the log, newest first. */
  const trail = async () => {
    const lines = [];
    for (let page; page?.length !== 0; lines.push(...page)) page = (await vault.ask({ op: 'audit.recent', after: lines.length, session: sessionOf(staff.auditor.visitor) })).items;
    return lines;
  };
  const sessionOf = (visitor) => visitor.cookies.get('__Host-session').replace(/^\w+\./, '');

  before(async () => {
    house = await makeInstallation();
    house.cli('init');
    appendFileSync(join(house.dir, 'recourse.ini'), '\n[signin]\nsecond_factor = required\nrecovery_hours = 0\n');
    await house.start();
    vault = openVault(house, 'usual');
    // The first member of a protected desk: by the operator's word, for there is nobody who could be asked.
    amara = { name: 'Amara', desk: 'safeguarding', password: admit(house, 'Amara', 'officer', 'safeguarding') };
  });
  after(async () => {
    vault?.close();
    await house?.stop({ canaries: ['Twelve geese'] });
  });

  it('a new account may set up a second factor and nothing else; then it may work', async () => {
    const homes = { officer: '/queue', handler: '/queue', translator: '/translations', manager: '/dashboard', auditor: '/log', administrator: '/people', reviewer: '/second' };
    for (const role of ROLES) {
      const name = `The ${role}`;
      const password = admit(house, name, role);
      const visitor = await signIn(house, { name, password });
      assert.equal((await visitor.get('/')).headers.location, '/account', role);
      if (homes[role] !== '/account') assert.equal((await visitor.get(homes[role])).headers.location, '/account', role);
      assert.equal((await visitor.get('/help')).headers.location, '/account', role);
      assert.equal((await vault.ask({ op: 'figures', session: sessionOf(visitor) })).error, role === 'officer' || role === 'handler' || role === 'manager' || role === 'auditor' ? 'enrol' : 'denied');
      staff[role] = { name, password, visitor, ...(await enrol(visitor)) };
      const home = (await visitor.get('/')).headers.location;
      assert.equal(home, homes[role]);
      const page = await visitor.get(home);
      assert.equal(page.status, 200, `${role} at ${home}`);
    }
  });

  it('the password alone lets nobody in any more, nor does a wrong code, a used one, or a recovery code twice', async () => {
    const { name, password, secret, codes, used } = staff.officer;
    const visitor = new Visitor(house);
    const refused = async (code, why) => {
      const answer = await trySignIn(visitor, { name, password, code });
      assert.equal(answer.status, 401, why);
      assert.match(answer.text, /Name, password or code are not right/);
    };
    await refused('', 'no code');
    await refused(totp(secret, used), 'the code that has counted');
    await refused(totp(secret, used + 600_000), 'a code of another time');
    await refused('000000', 'a guess');
    const code = nextCode(staff.officer);
    assert.equal((await trySignIn(visitor, { name, password, code })).status, 303);
    await refused(code, 'the same code again');
    assert.equal((await trySignIn(visitor, { name, password, code: codes[0].toUpperCase().replaceAll('-', ' ') })).status, 303, 'as it is written down by hand');
    await refused(codes[0], 'a recovery code again');
    staff.officer.visitor = visitor;
    assert.equal((await trySignIn(visitor, { name, password, code: codes[1] })).status, 303);
    await visitor.get('/account');
  });

  it('every operation of the vault answers each role as its table says, and each refusal is in the log', async () => {
    const rows = documented();
    const permits = print('recourse-vault', '--print-permits').map((line) => line.split(' ')).filter(([, sockets]) => sockets.split(',').includes('console'));
    assert.ok(permits.length > 20);
    const skipped = new Set(['signin', 'signout']);
    const anEnrolling = await signIn(house, { name: 'The newcomer', password: admit(house, 'The newcomer', 'officer') });
    let refusals = 0;
    const before_ = leaves();
    for (const [op] of permits) {
      const roles = rows[op];
      assert.ok(roles, `docs/vault-protocol.md has ${op}`);
      if (skipped.has(op)) continue;
      const isOpen = roles.size === 0;
      for (const session of [undefined, '', 'rct-forged', 'A'.repeat(64)]) {
        const { error } = await vault.ask({ op, ...(session === undefined ? {} : { session }) });
        assert.equal(error === 'signin', !isOpen, `${op} without a session: ${error}`);
      }
      if (isOpen) continue;
      for (const role of ROLES) {
        // Nothing that could be done: an unknown case, a missing field.
        const { error } = await vault.ask({ op, session: sessionOf(staff[role].visitor), case: NOWHERE, impact: NOWHERE, name: '' });
        if (!roles.has(role)) refusals++;
        // Taking the next case finds none; only a role may be refused with this word here.
        assert.equal(error === 'denied', !roles.has(role), `${op} by the ${role}: ${error}`);
      }
      const { error } = await vault.ask({ op, session: sessionOf(anEnrolling), case: NOWHERE, name: '' });
      assert.equal(error === 'enrol', roles.has('officer') && !roles.has('enrolling'), `${op} while enrolling: ${error}`);
      if (!roles.has('officer')) refusals++;
    }
    assert.ok(refusals > 50);
    const items = [];
    for (let total = 1; items.length < total;) {
      const page = await vault.ask({ op: 'audit.recent', session: sessionOf(staff.auditor.visitor), after: items.length });
      total = page.items.length ? page.total : 0;
      items.push(...page.items);
    }
    assert.ok(items.some(({ who, what, op }) => who === 'The administrator' && what === 'refused' && op === 'second.list'), JSON.stringify(items.slice(0, 5)));
    assert.ok(leaves() - before_ >= refusals, 'one leaf each');
    // Out by itself: the session of the newcomer.
    assert.equal((await vault.ask({ op: 'signout', session: sessionOf(anEnrolling) })).ok, true);
    assert.equal((await vault.ask({ op: 'whoami', session: sessionOf(anEnrolling) })).error, 'signin');
  });

  it('every address of the console does the same, and takes no form that is not its own', async () => {
    const rows = documented();
    const bits = Object.fromEntries(['officer', 'administrator', 'handler', 'translator', 'manager', 'auditor', 'reviewer'].map((role, i) => [role, 1 << i]));
    const routes = print('recourse-triage', '--print-routes').map((line) => line.split(' '));
    assert.ok(routes.length > 40);
    // What a token may do has an address for programs: all but one's own account, and what a person has to show herself for.
    const byHand = /^(signin|signout|session\.forged$|account\.|oncall\.(set|roster)$|people\.(admit|recover|recover\.confirm|recover\.finish)$|export\.next$|file\.piece$)/; // the pieces of an export or a file come by its own address
    const forPrograms = new Set(routes.filter(([, , door]) => door === 'api').map(([, , , op]) => op));
    for (const [op, roles] of Object.entries(rows)) if (roles.size > 0 && !byHand.test(op)) assert.ok(forPrograms.has(op), `a program can ask for ${op}`);
    const tokens = Object.fromEntries(ROLES.map((role) => [role, house.token(staff[role].name)]));
    for (const [method, path, door, op, roleBits] of routes) {
      const at = path.replace('{id}', NOWHERE);
      const url = house.urls.console + at;
      const isForm = method === 'POST';
      const may = (role) => (op === '-' ? (Number(roleBits) & bits[role]) !== 0 : rows[op].has(role));
      if (door === 'open' || path === '/signout') continue;
      if (door === 'api') {
        assert.equal((await ask(url, { method, ...(isForm ? { body: {} } : {}) })).status, 401, `${path} without a token`);
        for (const role of ROLES) {
          const { status } = await ask(url, { method, ...(isForm ? { body: {} } : {}), headers: { authorization: `Bearer ${tokens[role]}` } });
          assert.notEqual(status, 500, `${path} by the ${role}`);
          // A field that is missing is told before the vault is asked: 400. Nothing is done either way.
          if (may(role)) assert.notEqual(status, 403, `${path} by the ${role}`);
          else assert.ok([400, 403].includes(status), `${path} by the ${role}: ${status}`);
        }
        continue;
      }
      const nobody = await new Visitor(house).send(at, isForm ? { fields: { csrf: 'x' } } : {});
      assert.equal(nobody.status, 303, `${path} by nobody`);
      assert.match(nobody.headers.location, /^\/signin/);
      for (const role of ROLES) {
        const { visitor } = staff[role];
        if (isForm) {
          const { csrf } = visitor;
          assert.equal((await visitor.post(at, { csrf: 'forged' })).status, 403, `${path} with a forged token`);
          visitor.headers = { origin: 'https://elsewhere.example' };
          assert.equal((await visitor.post(at, { csrf })).status, 403, `${path} from another site`);
          visitor.headers = {};
          visitor.csrf = csrf;
        }
        const { status } = isForm ? await visitor.post(at) : await visitor.get(at);
        assert.notEqual(status, 500, `${path} by the ${role}`);
        if (may(role)) assert.notEqual(status, 403, `${path} by the ${role}`);
        else assert.ok([400, 403].includes(status), `${path} by the ${role}: ${status}`);
      }
    }
    const items = await trail();
    assert.ok(items.some(({ who, what, op }) => who === 'The auditor' && what === 'forged' && op === 'token_end'), 'forged forms are in the log, by the name of what they were for');
  });

  it('who comes to a protected desk is admitted by one who is in it, who shows once more who she is', async () => {
    amara.visitor = await signIn(house, amara);
    Object.assign(amara, await enrol(amara.visitor));
    const codes = [...amara.codes];
    const admits = (name, code, more = {}) => amara.visitor.post('/people/admit', { name, password: amara.password, code, ...more });
    // Even who keeps the people: the operator proposes, and Amara lets in.
    const keeper = { name: 'Keeper', desk: 'safeguarding', password: admit(house, 'Keeper', 'administrator', 'safeguarding') };
    assert.match(house.cli('staff', 'list', '--desk', 'safeguarding'), /administrator +Keeper \(waits for a member\)/);
    assert.equal((await trySignIn(new Visitor(house), keeper)).status, 401, 'not yet');
    const page = await amara.visitor.get('/people/waiting');
    assert.match(page.text, /Keeper/);
    assert.match(page.text, /Somebody waits to be admitted/);
    assert.equal((await admits('Keeper', '')).status, 403, 'a session alone is not enough');
    assert.equal((await admits('Keeper', totp(amara.secret, amara.used))).status, 403, 'nor is a code that has counted');
    assert.equal((await amara.visitor.post('/people/admit', { name: 'Keeper', password: 'not her password', code: codes[0] })).status, 403);
    assert.equal((await admits('Keeper', codes.pop())).status, 303);
    keeper.visitor = await signIn(house, keeper);
    await enrol(keeper.visitor);
    const made = await keeper.visitor.post('/people', { name: 'Bella', role: 'officer' });
    assert.match(made.text, /A member of the desk has to admit them/);
    const bella = { name: 'Bella', desk: 'safeguarding', password: made.text.match(/class="digits" dir="ltr">([^<]+)</)[1] };
    assert.equal((await keeper.visitor.post('/people', { name: 'Carla', role: 'handler' })).status, 200);
    assert.equal((await trySignIn(new Visitor(house), bella)).status, 401);
    assert.equal((await keeper.visitor.post('/people/admit', { name: 'Bella', password: keeper.password })).status, 403, 'an administrator admits nobody');
    assert.equal((await admits('Bella', codes.pop())).status, 303);
    assert.equal((await admits('Carla', codes.pop(), { refuse: 'yes' })).status, 303);
    assert.match(house.cli('staff', 'list', '--desk', 'safeguarding'), /handler +Carla \(ended\)/);
    // A member of long ago is told at the next sign-in; the newcomer sees no news of before.
    const again = await signIn(house, { ...amara, code: codes.pop() });
    assert.match((await again.get('/queue')).text, /Bella, admitted by Amara/);
    bella.visitor = await signIn(house, bella);
    await enrol(bella.visitor);
    assert.doesNotMatch((await bella.visitor.get('/queue')).text, /admitted by/);
    // The desk cannot be emptied from within, to be filled by nobody's leave.
    assert.equal((await keeper.visitor.post('/people/end', { name: 'Bella' })).status, 303);
    assert.equal((await bella.visitor.get('/queue')).status, 303, 'her session ended with her account');
    assert.equal((await keeper.visitor.post('/people/end', { name: 'Amara' })).status, 403);
    assert.equal((await again.get('/queue')).status, 200);
  });

  it('a passkey of a real browser takes the place of name, password and code', async () => {
    const chromium = await openBrowser();
    try {
      const page = await chromium.visit({ width: 1280, height: 900, scripts: true });
      const { session, authenticatorId } = await virtualAuthenticator(page);
      const password = admit(house, 'Petra', 'officer');
      await page.goto(`${house.urls.console}/signin`);
      await page.fill('input[name=name]', 'Petra');
      await page.fill('input[name=password]', password);
      await page.click('form[action="/signin"] button');
      await page.click('form[action="/account/passkey"] button');
      await page.fill('input[name=label]', 'Drawer of the office');
      await page.click('button[data-passkey]');
      await page.waitForSelector('#codes');
      assert.equal(await page.locator('#codes li').count(), 10);
      await page.goto(`${house.urls.console}/queue`);
      assert.equal(new URL(page.url()).pathname, '/queue');
      await page.goto(`${house.urls.console}/account`);
      assert.match(await page.textContent('main'), /Drawer of the office/);
      await picture(page, 'account');
      const signOut = () => page.click('form[action="/signout"] button');
      await signOut();
      await page.goto(`${house.urls.console}/signin`);
      await page.click('form[action="/signin/passkey"] button[data-passkey]');
      await page.waitForURL(/\/queue$/);
      assert.match(await page.textContent('.me'), /Petra/);
      const { credentials } = await session.send('WebAuthn.getCredentials', { authenticatorId });
      assert.equal(credentials.length, 1);
      assert.equal(credentials[0].rpId, 'localhost');
      assert.ok(credentials[0].signCount >= 1);
      // Shown once more: it stands for password and code where an account is changed.
      await page.goto(`${house.urls.console}/account`);
      await page.fill('form[action="/account/password"] input[name=new]', 'chosen by herself, long');
      await page.click('form[action="/account/password"] button[data-passkey]');
      await page.waitForSelector('.said');
      // Her authenticator cannot tell who she is any more.
      await session.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false });
      await signOut();
      await page.goto(`${house.urls.console}/signin`);
      await page.click('form[action="/signin/passkey"] button[data-passkey]');
      await page.waitForSelector('form[action="/signin/passkey"] [data-fault]:visible');
      assert.equal((await trySignIn(new Visitor(house), { name: 'Petra', password: 'chosen by herself, long' })).status, 401, 'a password alone is one factor');
    } finally {
      await chromium.stop();
    }
  });

  it('an assertion for another site, another challenge, unverified, old or copied lets nobody in', async () => {
    const challengeOf = (page) => page.text.match(/data-challenge="([^"]+)"/)[1];
    const key = new Authenticator(house.urls.console);
    const owner = { name: 'Quinta', password: admit(house, 'Quinta', 'officer') };
    owner.visitor = await signIn(house, owner);
    const add = async (more) => owner.visitor.post('/account/passkey/add', key.create(challengeOf(await owner.visitor.post('/account/passkey')), more));
    assert.equal((await add({ client: { origin: 'https://localhost.example' } })).status, 403);
    assert.equal((await add({ data: { host: 'elsewhere.example' } })).status, 403);
    assert.equal((await add({ flags: 1 })).status, 403, 'nobody was verified');
    assert.equal((await add({ type: 'webauthn.get' })).status, 403);
    assert.equal((await add({ client: { crossOrigin: true } })).status, 403);
    const spare = challengeOf(await owner.visitor.post('/account/passkey'));
    assert.equal((await add()).status, 200);
    assert.equal((await owner.visitor.post('/account/passkey/add', key.create(spare))).status, 403, 'the same once more');
    assert.equal((await owner.visitor.post('/account/passkey')).status, 400, 'and another one not by the session alone');

    const begin = async () => {
      const visitor = new Visitor(house);
      const page = await visitor.get('/signin');
      return { visitor, csrf: hidden(page.text, 'csrf'), challenge: challengeOf(page) };
    };
    const assert_ = async (more, made = (challenge) => key.get(challenge, more)) => {
      const { visitor, csrf, challenge } = await begin();
      return (await visitor.post('/signin/passkey', { csrf, desk: 'usual', ...made(challenge) })).status;
    };
    assert.equal(await assert_(), 303);
    assert.equal(await assert_({ client: { origin: 'https://localhost' } }), 401, 'another origin');
    assert.equal(await assert_({ client: { crossOrigin: true } }), 401, 'in a frame of another site');
    assert.equal(await assert_({ type: 'webauthn.create' }), 401);
    assert.equal(await assert_({ data: { host: 'elsewhere.example' } }), 401, 'another relying party');
    assert.equal(await assert_({ flags: 1 }), 401, 'present and not verified');
    assert.equal(await assert_({ flags: 4 }), 401, 'verified and not present');
    assert.equal(await assert_({ data: { count: 1 } }), 401, 'a counter that did not rise: a copy');
    assert.equal(await assert_({}, () => key.get(Buffer.alloc(56, 7).toString('base64url'))), 401, 'a challenge of somebody else');
    const old = await begin();
    const used = key.get(old.challenge);
    assert.equal((await old.visitor.post('/signin/passkey', { csrf: old.csrf, desk: 'usual', ...used })).status, 303);
    assert.equal(await assert_({}, () => used), 401, 'a replay');
    assert.equal(await assert_({}, () => key.get(old.challenge)), 401, 'a challenge that was answered');
    const turned = (field) => assert_({}, (challenge) => {
      const fields = key.get(challenge);
      const bytes = Buffer.from(fields[field], 'base64url');
      bytes[bytes.length - 1] ^= 1;
      return { ...fields, [field]: bytes.toString('base64url') };
    });
    for (const field of ['client', 'authenticator', 'signature', 'id']) assert.notEqual(await turned(field), 303, `one bit of ${field}`);
    const stranger = new Authenticator(house.urls.console);
    assert.equal(await assert_({}, (challenge) => ({ ...stranger.get(challenge), id: key.id.toString('base64url') })), 401, 'another key');
    // What was given to sign in adds nothing, and what was given to add signs nobody in.
    const other = new Authenticator(house.urls.console);
    assert.equal((await owner.visitor.post('/account/passkey/add', other.create((await begin()).challenge))).status, 403);
    assert.equal(await assert_(), 303, 'and all the while the right one does');
  });

  it('nobody has an account at oversight and at another desk, however the name is spelt', async () => {
    const marks = () => Number(house.superuserQuery("SELECT count(*) FROM recourse.impact WHERE desk = 'oversight'"));
    const before = marks();
    admit(house, 'Zola Mbeki', 'officer', 'oversight');
    await until(() => marks() > before, { what: 'the mark of her account' });
    const add = (name, desk) => house.tryCli('staff', 'add', '--name', name, '--role', 'officer', '--desk', desk);
    for (const desk of ['usual', 'safeguarding']) assert.match(add('MBEKI, Zóla', desk).stderr, /Nobody works at oversight and at another desk/, desk);
    assert.match(add('the officer', 'oversight').stderr, /Nobody works at oversight/);
    assert.equal(add('The officer', 'safeguarding').code, 0, 'two other desks may share a person');
    const { visitor } = staff.administrator;
    await visitor.get('/people');
    assert.equal((await visitor.post('/people', { name: 'Zola Mbeki', role: 'officer' })).status, 403);
    const rows = house.superuserQuery("SELECT encode(body, 'escape') FROM recourse.impact");
    assert.ok(!/Zola|Mbeki/i.test(rows), 'the register names nobody');
    // When she has left there, she may come here.
    house.cli('staff', 'end', 'Zola Mbeki', '--desk', 'oversight');
    await until(() => add('Zola Mbeki', 'usual').code === 0, { what: 'the end of the mark' });
  });

  it('another password ends the other sessions and asks for the old one and a code', async () => {
    const { name, password, codes } = staff.handler;
    const one = await signIn(house, { name, password, code: codes[0] });
    const other = await signIn(house, { name, password, code: codes[1] });
    const change = (fields) => one.post('/account/password', fields);
    assert.equal((await change({ password, code: '', new: 'a new password of hers' })).status, 403);
    assert.equal((await change({ password, code: codes[2], new: 'short' })).status, 400);
    assert.equal((await change({ password, code: codes[2], new: 'a new password of hers' })).status, 303);
    assert.equal((await one.get('/queue')).status, 200);
    assert.equal((await other.get('/queue')).status, 303);
    assert.equal((await trySignIn(new Visitor(house), { name, password, code: codes[3] })).status, 401);
    assert.equal((await trySignIn(new Visitor(house), { name, password: 'a new password of hers', code: codes[3] })).status, 303);
  });

  it('who lost phone and codes is let in anew by two, of whom neither made the other, and can stop it', async () => {
    const lost = staff.translator;
    const { officer, administrator } = staff;
    const codesOf = { officer: officer.codes.slice(5), administrator: administrator.codes.slice(0), handler: staff.handler.codes.slice(5) };
    const handler = { visitor: await signIn(house, { name: staff.handler.name, password: 'a new password of hers', code: codesOf.handler.pop() }), password: 'a new password of hers' };
    const who = { officer, administrator, handler };
    for (const { visitor } of [officer, administrator, lost]) await visitor.get('/account');
    const step = async (role, path, fields = {}) => {
      const { visitor, password } = who[role];
      return (await visitor.post(`/people/recovery${path}`, { name: lost.name, password, code: codesOf[role].pop(), ...fields })).status;
    };
    assert.equal(await step('officer', '', { reason: 'phone in the well', code: '' }), 403, 'a session is not enough');
    assert.equal(await step('officer', '', { reason: 'phone in the well' }), 303);
    assert.equal(await step('officer', '/confirm'), 403, 'not who asked');
    assert.equal(await step('handler', '/confirm'), 403, 'one of the two is an administrator');
    assert.equal(await step('administrator', '/finish'), 409, 'not before it is confirmed');
    // The person is shown it, and stops it.
    const shown = await lost.visitor.get('/account');
    assert.match(shown.text, /The officer asked to let you in anew/);
    assert.equal((await lost.visitor.post('/account/recovery/stop')).status, 303);
    assert.doesNotMatch((await lost.visitor.get('/account')).text, /asked to let you in anew/);
    assert.equal(await step('administrator', '/confirm'), 409);
    // One administrator makes a second: together they are still one.
    const made = await administrator.visitor.post('/people', { name: 'Puppet', role: 'administrator' });
    const puppet = { name: 'Puppet', password: made.text.match(/class="digits" dir="ltr">([^<]+)</)[1] };
    puppet.visitor = await signIn(house, puppet);
    codesOf.puppet = (await enrol(puppet.visitor)).codes;
    who.puppet = puppet;
    assert.equal(await step('administrator', '', { reason: 'I want to be her' }), 303);
    assert.equal(await step('puppet', '/confirm'), 403);
    assert.match((await vault.ask({ op: 'people.recover.confirm', session: sessionOf(puppet.visitor), name: lost.name, password: puppet.password, code: codesOf.puppet.pop() })).says, /let in by the other/);
    assert.equal((await puppet.visitor.post('/people/recovery/stop', { name: lost.name })).status, 303);
    assert.notEqual(house.tryCli('staff', 'add', '--name', 'Operator', '--role', 'officer').code, 0, 'nobody may be called what the log calls the operator');
    // Rightly done.
    assert.equal(await step('officer', '', { reason: 'phone in the well' }), 303);
    assert.equal(await step('administrator', '/confirm'), 303);
    assert.match((await lost.visitor.get('/account')).text, /The administrator confirmed it/);
    const { password } = administrator;
    const page = await administrator.visitor.post('/people/recovery/finish', { name: lost.name, password, code: codesOf.administrator.pop() });
    const fresh = page.text.match(/class="digits" dir="ltr">([^<]+)</)[1];
    assert.equal((await lost.visitor.get('/account')).status, 303, 'her sessions ended');
    assert.equal((await trySignIn(new Visitor(house), { ...lost, code: lost.codes[9] })).status, 401, 'nothing of before lets her in');
    const again = await signIn(house, { name: lost.name, password: fresh });
    const account = await again.get('/account');
    assert.match(account.text, /let in anew by The officer and The administrator/);
    assert.match(account.text, /set up a second factor/);
    await enrol(again);
    const { items } = await vault.ask({ op: 'audit.recent', session: sessionOf(staff.auditor.visitor) });
    for (const what of ['people.recover', 'people.recover.confirm', 'account.recovery.stop', 'people.recover.finish']) assert.ok(items.some((line) => line.what === what), what);
  });

  it('an id of another desk is refused at every address, like one that never was', async () => {
    await until(
      async () => (await ask(`${house.urls.intake}/api/v1/reports`, { body: { kind: 'grievance', language: 'en', text: 'Twelve geese saw it', desk: 'safeguarding' } })).status === 201,
      { ms: 90_000, every: 500, what: 'the offer of the protected desk' },
    );
    const theirs = await until(() => house.superuserQuery("SELECT case_id FROM recourse.case_state WHERE desk = 'safeguarding'").trim(), { what: 'the case' });
    const { visitor } = staff.officer;
    await visitor.get('/account');
    for (const [method, path, door, op] of print('recourse-triage', '--print-routes').map((line) => line.split(' '))) {
      if (!path.includes('{id}') || door === 'api' || op === '-' || /^(impact|action|receiver)/.test(op)) continue; // the register is every desk's
      const fields = { reason: 'x', text: 'x', title: 'x', language: 'en', impact: NOWHERE, confirm: 'yes', version: '1', danger: 'no', urgency: 'later', to: 'usual', what: 'closing', on: path.endsWith('/watch') || path.endsWith('/graphic') ? 'yes' : '', purpose: 'x', answer: 'yes', how: 'x', referral: '1', edition: '1', status: 'dropped', evidence: 'x', said: 'accept', words: 'x', ...FORMS[path.split('/').pop()] };
      const [real, never] = await Promise.all([theirs, NOWHERE].map((id) => (method === 'POST' ? visitor.post(path.replace('{id}', id), fields) : visitor.get(path.replace('{id}', id) + (op === 'referral.show' ? '?referral=1' : '')))));
      assert.equal(real.status, never.status, path);
      assert.ok([404, 403].includes(real.status), `${path}: ${real.status}`);
      assert.ok(!real.text.includes('Twelve geese'));
    }
    const token = house.token(staff.officer.name);
    assert.equal((await ask(`${house.urls.console}/api/v1/cases/${theirs}`, { headers: { authorization: `Bearer ${token}` } })).status, 404);
    const items = await trail();
    const tried = items.filter(({ who, what }) => who === staff.officer.name && what === 'not_found').map(({ op }) => op);
    for (const op of ['case.show', 'case.note', 'case.answer']) assert.ok(tried.includes(op), `${op} is in the log`);
  });

  it('people see where they are signed in, and end it; tokens have a scope and an end', async () => {
    const { name, password, codes } = staff.manager;
    const here = await signIn(house, { name, password, code: codes[0] }, new Visitor(house, { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0' }));
    const there = await signIn(house, { name, password, code: codes[1] }, new Visitor(house, { 'user-agent': 'Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Mobile Safari/537.36' }));
    const page = await here.get('/account');
    assert.match(page.text, /Firefox, Linux[\s\S]*Chrome, Android/);
    const { sessions } = await vault.ask({ op: 'account.show', session: sessionOf(here) });
    const { id } = sessions.find(({ device }) => device === 'Chrome, Android');
    assert.ok(sessions.every(({ seen }) => /:00:00Z$/.test(seen)), 'by the hour');
    assert.equal((await here.post('/account/session/end', { which: id })).status, 303);
    assert.equal((await there.get('/figures')).status, 303, 'signed out over there');
    // Somebody has copied the cookie into a browser of another kind.
    const thief = new Visitor(house, { 'user-agent': 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0 Safari/537.36' });
    const stolen = await signIn(house, { name, password, code: codes[2] }, new Visitor(house, { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0' }));
    thief.cookies = new Map(stolen.cookies);
    assert.match((await thief.get('/figures')).headers.location, /^\/signin/);
    assert.match((await stolen.get('/figures')).headers.location, /^\/signin/, 'and it is over for both');
    assert.equal((await staff.officer.visitor.post('/account/session/end', { which: sessions.find((one) => one.here).id })).status, 404, 'nobody ends the sessions of others');
    assert.equal((await here.get('/figures')).status, 200);

    const { visitor, codes: officersCodes, password: officersPassword } = staff.officer;
    const make = async (fields) => (await visitor.post('/account/token', { password: officersPassword, days: '1', ...fields })).text.match(/<code>(rct-[^<]+)<\/code>/)?.[1];
    await visitor.get('/account');
    assert.equal(await make({ scope: 'read' }), undefined, 'not without a code');
    const [reads, works] = [await make({ scope: 'read', code: officersCodes[2] }), await make({ scope: 'work', code: officersCodes[3] })];
    const call = (token, path, body) => ask(`${house.urls.console}/api/v1${path}`, { body, headers: { authorization: `Bearer ${token}` } });
    assert.equal((await call(reads, '/queue')).status, 200);
    assert.equal((await call(reads, '/queue/take', {})).status, 403);
    assert.match((await call(reads, '/queue/take', {})).text, /scope of this token/);
    assert.notEqual((await call(works, '/queue/take', {})).status, 403);
    const { tokens } = await vault.ask({ op: 'account.show', session: sessionOf(visitor) });
    await visitor.post('/account/token/end', { token: tokens.findLast(({ scope }) => scope === 'work').id });
    assert.equal((await call(works, '/queue')).status, 401);
    // A program has no account of its own to change.
    assert.equal((await vault.ask({ op: 'account.token', session: reads, scope: 'admin', password: officersPassword, code: officersCodes[4] })).error, 'denied');
    assert.notEqual(house.tryCli('staff', 'token', 'Amara', '--desk', 'safeguarding').code, 0, 'nor does root make tokens for a protected desk');
    // Whoever leaves takes all of it along.
    house.cli('staff', 'end', name);
    house.cli('staff', 'end', staff.officer.name);
    assert.equal((await here.get('/figures')).status, 303);
    assert.equal((await call(reads, '/queue')).status, 401);
  });

  it('the log of all this is whole', () => {
    const { code, stdout } = house.tryCli('audit', 'verify');
    assert.equal(code, 0, stdout);
  });
});
