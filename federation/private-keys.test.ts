import { execFileSync } from 'node:child_process';
import { createPrivateKey } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { readPrivateKeys } from './private-keys';
import { makeSigner } from './testing/make-test-token';

const password = 'pfx "pä$$" 1';

/** A PFX as OpenSSL writes it: `-legacy`-like 3DES with SHA-1 as older Windows does, or AES-256 with SHA-256 as newer Windows does. */
async function makePfx(scheme: readonly string[]): Promise<{ pfx: Buffer; key: string }> {
  const { privateKey, certificate } = await makeSigner('CRM encryption');
  const folder = mkdtempSync(join(tmpdir(), 'signin-probe-pfx-'));
  try {
    writeFileSync(join(folder, 'key.pem'), privateKey);
    writeFileSync(join(folder, 'cert.pem'), certificate);
    execFileSync('openssl', ['pkcs12', '-export', ...scheme, '-inkey', 'key.pem', '-in', 'cert.pem', '-out', 'out.pfx', '-passout', 'env:PFX_PASSWORD'], {
      cwd: folder,
      env: { ...process.env, PFX_PASSWORD: password },
      stdio: 'pipe',
    });
    return { pfx: readFileSync(join(folder, 'out.pfx')), key: privateKey };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function hasOpenssl(): boolean {
  try {
    execFileSync('openssl', ['version'], { stdio: 'pipe' });
    return true;
  } catch {
    return false;
  }
}

for (const [name, scheme] of [
  ['3DES with SHA-1 (older Windows)', ['-keypbe', 'PBE-SHA1-3DES', '-certpbe', 'PBE-SHA1-3DES', '-macalg', 'sha1']],
  ['AES-256 with SHA-256 (newer Windows)', ['-keypbe', 'AES-256-CBC', '-certpbe', 'AES-256-CBC', '-macalg', 'sha256']],
] as const)
  test(`a PFX encrypted by ${name} gives its key, and with a wrong password one clear sentence`, async () => {
    test.skip(!hasOpenssl(), 'openssl is not here to make the PFX');
    const { pfx, key } = await makePfx(scheme);
    const [read] = readPrivateKeys(pfx, password) as ReturnType<typeof createPrivateKey>[];
    expect(read?.export({ type: 'pkcs8', format: 'pem' })).toBe(createPrivateKey(key).export({ type: 'pkcs8', format: 'pem' }));
    const wrong = readPrivateKeys(pfx, 'another');
    expect(wrong).toEqual({ unreadable: 'the key in the file does not open with this password, or is no RSA key' });
  });

test('a PEM file gives its key; anything else, and a cut PFX, is told without throwing', async () => {
  const { privateKey, certificate } = await makeSigner('CRM encryption');
  expect(readPrivateKeys(Buffer.from(certificate + privateKey), '')).toHaveLength(1);
  for (const other of [
    Buffer.from(certificate),
    Buffer.from('nothing'),
    Buffer.alloc(0),
    Buffer.from('060b2a864886f70d010c0a0102a084ffffffff', 'hex'),
    Buffer.from('060b2a864886f70d010c0a0102', 'hex'),
  ])
    expect(readPrivateKeys(other, '')).toHaveProperty('unreadable');
});
