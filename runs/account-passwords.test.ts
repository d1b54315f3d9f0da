import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import type { Target } from '../contracts/target';
import { createLog } from '../system/log';
import { createRedactor } from '../probes/redaction/redact';
import { accountPasswords, refuseShortPasswords } from './account-passwords';

const log = createLog({ level: 'error', quiet: true, redactor: createRedactor() });
const target = (secret: string): Target => ({ name: 'contoso', account: { kind: 'password', user: 'CONTOSO\\probe', secret } }) as Target;
const variable = 'SIGNIN_PROBE_TEST_LENGTH';

test.afterEach(() => void delete process.env[variable]);

for (const password of ['a', '1234', 'Ab3$xyz', '😀😀😀😀', ' 7 sign'])
  test(`a password of fewer than eight characters (${JSON.stringify(password)}) is refused before anybody signs in, without a word of it`, async () => {
    process.env[variable] = password;
    const targets = [target(`env:${variable}`)];
    for (const refusing of [() => accountPasswords(targets, false, log), () => refuseShortPasswords(targets)]) {
      const error = await refusing().then(
        () => null,
        (thrown: Error) => thrown,
      );
      expect(error?.name).toBe('ProbeFault');
      expect(error?.message).toMatch(/CONTOSO\\probe \(target contoso, account\.password\): expected at least 8 characters, found fewer\..*longer one/);
      if (password.length > 1) expect(error?.message).not.toContain(password);
    }
  });

test('one of eight characters is taken, from the environment and from a file', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'signin-probe-length-'));
  try {
    process.env[variable] = 'Ab3$xyz9';
    await writeFile(join(folder, 'password'), 'Ab3$xyz9\n', { mode: 0o600 });
    for (const reference of [`env:${variable}`, `file:${join(folder, 'password')}`]) {
      await refuseShortPasswords([target(reference)]);
      expect((await accountPasswords([target(reference)], false, log)).get(reference)?.use()).toBe('Ab3$xyz9');
    }
    await writeFile(join(folder, 'password'), 'Ab3$xyz\n', { mode: 0o600 });
    await expect(refuseShortPasswords([target(`file:${join(folder, 'password')}`)])).rejects.toThrow(/at least 8/);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test('a password that is not at hand is nobody’s fault where none is needed', async () => {
  await refuseShortPasswords([target(`env:${variable}`), target('vault:secret/crm#password'), target('prompt:')]);
});
