// See tests/load/tls.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startInstallation } from '../support/installation.mjs';

// What a certificate that nobody public has signed implies, and nothing else. testssl.sh's id, and why.
const implied = {
  cert_chain_of_trust: 'the certificate is signed by itself',
  cert_caIssuers: 'a private authority has no public address for its issuer',
  cert_ocspRevoked: 'there is no responder to ask',
  cert_crlDistributionPoints: 'a private authority publishes no list',
  cert_ocspURL: 'a private authority has no responder',
  cert_revocation: 'neither a list nor a responder: see the two above',
  OCSP_stapling: 'without a responder there is nothing to staple',
  cert_certificatePolicies_EV: 'extended validation is for public authorities',
  cert_eTLS: 'for public authorities',
  DNS_CAArecord: 'localhost has no DNS zone in which to name an authority',
  certificate_transparency: 'public logs take no private certificates',
  HSTS: 'only under a certificate that browsers trust, else who has clicked the warning away could never come back ([tls] hsts)',
  overall_grade: 'capped because of the chain of trust',
  engine_problem: "about the openssl that testssl.sh runs with, not about the server",
};
const fine = new Set(['OK', 'INFO', 'DEBUG']);

async function main() {
  const dir = mkdtempSync(join(tmpdir(), 'recourse-tls-'));
  const file = join(dir, 'findings.json');
  const house = await startInstallation({ build: 'build' });
  let findings;
  try {
    const target = `https://localhost:${house.ports.intake}/`;
    const done = spawnSync('testssl', ['--quiet', '--color', '0', '--warnings', 'off', '--ip', '127.0.0.1', '--nodns', 'min', '--jsonfile', file, target], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 1 << 26 });
    if (done.error) throw done.error;
    findings = JSON.parse(readFileSync(file, 'utf8'));
  } finally {
    await house.stop();
    rmSync(dir, { recursive: true, force: true });
  }
  if (process.argv.includes('--all')) for (const { id, severity, finding } of findings) console.log(`${severity.padEnd(8)} ${id}: ${finding}`);
  // It must have looked: protocols, ciphers, certificate, headers, holes.
  for (const id of ['TLS1_3', 'TLS1_2', 'SSLv3', 'cert_keySize', 'heartbleed', 'X-Frame-Options', 'BREACH'])
    if (!findings.some((one) => one.id === id || one.id.startsWith(`${id} `))) throw new Error(`testssl.sh did not look at ${id}`);
  const bad = findings.filter((one) => !fine.has(one.severity));
  for (const { id, severity, finding } of bad) console.log(`${implied[id] ? 'implied ' : 'NOT OK  '} ${severity.padEnd(8)} ${id}: ${finding}${implied[id] ? ` (${implied[id]})` : ''}`);
  const wrong = bad.filter((one) => !implied[one.id]);
  console.log(`${findings.length} findings, ${bad.length - wrong.length} implied by a private authority, ${wrong.length} not ok.`);
  process.exitCode = wrong.length ? 1 : 0;
}

await main();
