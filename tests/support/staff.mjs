// Members of staff, most without a browser: signing in, setting up an authenticator app, forms with their tokens.
//
//   const amina = await signIn(house, { name: 'Amina', password });           // throws when refused
//   const { secret, codes } = await enrol(amina);
//   await amina.get('/queue');  await amina.post('/people', { name: 'Omar', role: 'officer' });
import { createHmac } from 'node:crypto';
import { ask } from './installation.mjs';

const PERIOD_MS = 30_000;

/** RFC 6238 with what everybody has: SHA-1, six digits, 30 seconds. */
export function totp(secret, at = Date.now()) {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = [...secret].map((letter) => alphabet.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(at / PERIOD_MS)));
  const mac = createHmac('sha1', key).update(counter).digest();
  const from = mac[19] & 15;
  return String((mac.readUInt32BE(from) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

const plain = (text) => text.replace(/&#39;|&#x27;/g, "'").replace(/&quot;/g, '"').replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&');

/** The value of the first hidden field of that name on a page; undefined when there is none. */
export const hidden = (page, name) => {
  const found = page.match(new RegExp(`name="${name}" value="([^"]*)"`))?.[1];
  return found && plain(found);
};

/** A browser's cookies and nothing else of it. Redirects are not followed. */
export class Visitor {
  constructor(house, headers = {}) {
    Object.assign(this, { house, headers, cookies: new Map(), csrf: undefined });
  }

  async send(path, { fields, ...more } = {}) {
    const body = fields && new URLSearchParams(fields).toString();
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await ask(this.house.urls.console + path, {
      method: body === undefined ? 'GET' : 'POST',
      body,
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }), ...(cookie ? { cookie } : {}), ...this.headers },
      ...more,
    });
    for (const line of answer.headers['set-cookie'] ?? []) {
      const [, name, value] = line.match(/^([^=]+)=([^;]*)/);
      if (value && !/max-age=0/i.test(line)) this.cookies.set(name, value);
      else this.cookies.delete(name);
    }
    this.csrf = hidden(answer.text, 'csrf') ?? this.csrf;
    return answer;
  }

  get(path) {
    return this.send(path);
  }

  /** Our form token is added; give `csrf` to send another. */
  post(path, fields = {}) {
    return this.send(path, { fields: { csrf: this.csrf ?? '', ...fields } });
  }
}

/** Name and password (and `code`) typed at the desk's page; the answer to the form. */
export async function trySignIn(visitor, { name, password, code = '', desk = 'usual' }) {
  visitor.cookies.delete('__Host-session');
  const page = await visitor.get(`/signin?desk=${desk}`);
  return visitor.post('/signin', { csrf: hidden(page.text, 'csrf'), desk, name, password, code });
}

/** The same, let in: the visitor, who has seen one page and so has a form token. */
export async function signIn(house, who, visitor = new Visitor(house)) {
  let answer = await trySignIn(visitor, who);
  // A console that began before its vaults tries them again every moment.
  for (let tries = 0; answer.status === 503 && tries < 20; tries++) {
    await new Promise((done) => setTimeout(done, 250));
    answer = await trySignIn(visitor, who);
  }
  if (answer.status !== 303) throw new Error(`${who.name} was not let in: ${answer.status}`);
  await visitor.get('/account');
  return visitor;
}

/** Set up an authenticator app: {secret, codes, used}; `used` is the time of the code that counted. */
export async function enrol(visitor, fields = {}) {
  const page = await visitor.post('/account/app', fields);
  const [secret, uri] = [hidden(page.text, 'secret'), hidden(page.text, 'uri')];
  if (!secret) throw new Error(`no key was shown: ${page.status}`);
  const used = Date.now();
  const answer = await visitor.post('/account/confirm', { secret, uri, code: totp(secret, used) });
  const codes = [...answer.text.matchAll(/<li class="digits" dir="ltr">([^<]+)<\/li>/g)].map(([, code]) => code);
  if (codes.length !== 10) throw new Error(`no recovery codes: ${answer.status}`);
  return { secret, uri, codes, used };
}

/** A code that has not counted yet: of the coming half minute, which a clock may be ahead by. */
export const nextCode = ({ secret, used }) => totp(secret, used + PERIOD_MS);

/** Admit with the operator's command: the first password. */
export function admit(house, name, role, desk = 'usual') {
  return house.cli('staff', 'add', '--name', name, '--role', role, '--desk', desk).trimEnd().split('\n').pop();
}

/** In a browser: name and password typed on its page. */
export async function signInOn(page, house, { name, password }) {
  await page.goto(`${house.urls.console}/signin`);
  await page.fill('input[name=name]', name);
  await page.fill('input[name=password]', password);
  await page.click('form[action="/signin"] button');
}
