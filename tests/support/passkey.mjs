// An authenticator in a few lines, which signs whatever it is told to: for what a real one would never say. Real ones are in
// Chromium (the virtual authenticator of its debugging protocol).
import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';

const sha256 = (bytes) => createHash('sha256').update(bytes).digest();
const PRESENT = 1;
const VERIFIED = 4;
const ATTESTED = 64;

export class Authenticator {
  constructor(origin) {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const { x, y } = publicKey.export({ format: 'jwk' });
    Object.assign(this, { origin, privateKey, id: randomBytes(32), count: 0 });
    // COSE: {1: 2, 3: -7, -1: 1, -2: x, -3: y}
    const [cx, cy] = [x, y].map((part) => Buffer.from(part, 'base64url'));
    this.cose = Buffer.concat([Buffer.from('a5010203262001215820', 'hex'), cx, Buffer.from('225820', 'hex'), cy]);
  }

  client(type, challenge, { origin = this.origin, ...more } = {}) {
    return Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false, ...more }));
  }

  data(flags, { host = new URL(this.origin).hostname, count = this.count } = {}) {
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(count);
    return Buffer.concat([sha256(host), Buffer.from([flags]), counter]);
  }

  /** The fields of a form that adds a passkey. */
  create(challenge, { flags = PRESENT | VERIFIED, type = 'webauthn.create', client, data } = {}) {
    const length = Buffer.from([0, this.id.length]);
    const authenticator = Buffer.concat([this.data(flags | ATTESTED, data), Buffer.alloc(16), length, this.id, this.cose]);
    return { id: this.id.toString('base64url'), client: this.client(type, challenge, client).toString('base64url'), authenticator: authenticator.toString('base64url') };
  }

  /** The fields of a form that asserts; everything in it is signed. */
  get(challenge, { flags = PRESENT | VERIFIED, type = 'webauthn.get', client, data } = {}) {
    this.count++;
    const said = this.client(type, challenge, client);
    const authenticator = this.data(flags, data);
    const signature = sign('sha256', Buffer.concat([authenticator, sha256(said)]), this.privateKey);
    return { id: this.id.toString('base64url'), client: said.toString('base64url'), authenticator: authenticator.toString('base64url'), signature: signature.toString('base64url') };
  }
}

/** A passkey of Chromium's own for this page, without hardware: {id of the authenticator, session} to look into it. */
export async function virtualAuthenticator(page) {
  const session = await page.context().newCDPSession(page);
  await session.send('WebAuthn.enable');
  const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
    options: { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
  });
  await page.bringToFront();
  return { session, authenticatorId };
}
