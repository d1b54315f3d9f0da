import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import { inspect } from 'node:util';
import { expect, test } from '@playwright/test';
import { readHidden } from './prompt';
import { resolveSecret } from './resolve-secret';
import { Secret } from './secret';

const unattended = { interactive: false };

test('a secret prints as [secret] whatever prints it', () => {
  const secret = new Secret('canary-1');
  expect(secret.use()).toBe('canary-1');
  const printed = [
    String(secret),
    `> ${secret as unknown as string}`.slice(2),
    JSON.stringify({ secret }),
    inspect({ secret }),
    inspect(secret, { showHidden: true, depth: 9 }),
    Object.values(secret).join(),
  ];
  expect(printed.join()).not.toContain('canary-1');
  expect(printed.slice(0, 4)).toEqual(['[secret]', '[secret]', '{"secret":"[secret]"}', '{ secret: [secret] }']);
});

test('env: takes the variable; one not set or empty is said by its name', async () => {
  process.env.SIGNIN_PROBE_TEST_SECRET = 'canary 2 "é';
  const result = await resolveSecret('env:SIGNIN_PROBE_TEST_SECRET', unattended);
  expect(result.ok && result.value.use()).toBe('canary 2 "é');
  process.env.SIGNIN_PROBE_TEST_SECRET = '';
  expect(await resolveSecret('env:SIGNIN_PROBE_TEST_SECRET', unattended)).toEqual({
    ok: false,
    why: 'The secret behind env: is empty; put the password there.',
  });
  delete process.env.SIGNIN_PROBE_TEST_SECRET;
  expect(await resolveSecret('env:SIGNIN_PROBE_TEST_SECRET', unattended)).toMatchObject({
    ok: false,
    why: expect.stringContaining('SIGNIN_PROBE_TEST_SECRET'),
  });
});

test('file: takes the content without its last line break', async ({}, info) => {
  mkdirSync(info.outputDir, { recursive: true });
  const path = info.outputPath('password.txt');
  for (const [content, expected] of [
    ['canary-3\n', 'canary-3'],
    ['\uFEFFcanary-3\r\n', 'canary-3'],
    [' two\nlines ', ' two\nlines '],
  ] as const) {
    writeFileSync(path, content, { mode: 0o600 });
    const result = await resolveSecret(`file:${path}`, unattended);
    expect(result.ok && result.value.use()).toBe(expected);
  }
  expect(await resolveSecret(`file:${path}.missing`, unattended)).toMatchObject({ ok: false, why: expect.stringContaining('no such file') });
});

test('file: reads what Windows tools write: with a mark, in UTF-16 (Out-File of Windows PowerShell), or in the code page', async ({}, info) => {
  mkdirSync(info.outputPath(), { recursive: true });
  const secret = 'Grün & 57% +x';
  const written = [
    `\uFEFF${secret}\r\n`,
    Buffer.from(`\uFEFF${secret}\r\n`, 'utf16le'),
    Buffer.from(`${secret}\r\n`, 'utf16le'),
    Buffer.from(`${secret}\r\n`, 'latin1'),
  ];
  for (const [n, content] of written.entries()) {
    const path = info.outputPath(`${n}.txt`);
    writeFileSync(path, content, { mode: 0o600 });
    const result = await resolveSecret(`file:${path}`, unattended);
    expect(result.ok && result.value.use(), `${n}`).toBe(secret);
  }
});

test('file: is refused when group or others have any right on it', async ({}, info) => {
  test.skip(process.platform === 'win32', 'Windows has other rights; the result says so in a note');
  mkdirSync(info.outputDir, { recursive: true });
  const path = info.outputPath('password.txt');
  writeFileSync(path, 'canary-4\n');
  for (const mode of [0o640, 0o604, 0o620, 0o601]) {
    chmodSync(path, mode);
    const result = await resolveSecret(`file:${path}`, unattended);
    expect(result).toMatchObject({ ok: false, why: expect.stringContaining(`mode 0${mode.toString(8)}, expected 0600`) });
    expect(JSON.stringify(result)).not.toContain('canary-4');
  }
  chmodSync(path, 0o600);
  expect((await resolveSecret(`file:${path}`, unattended)).ok).toBe(true);
});

test('prompt: without a terminal says what to use instead', async () => {
  expect(await resolveSecret('prompt:', unattended)).toMatchObject({ ok: false, why: expect.stringContaining('no terminal') });
});

test('references that are none are said plainly, without repeating a value', async () => {
  for (const reference of ['keyring:signin-probe', 'vault:secret', 'vault:secret/crm', 'vault:secret/../sys#password', 'azurekv:corp', 'azurekv:c/../d'])
    expect(await resolveSecret(reference, unattended)).toMatchObject({ ok: false, why: expect.stringContaining('found another form') });
  for (const literal of ['canary-5', 'canary:5', 'constructor:canary-5']) {
    const result = await resolveSecret(literal, unattended);
    expect(result.ok).toBe(false);
    expect(JSON.stringify(result)).not.toContain('canary');
  }
});

/** A terminal as far as the prompt uses one. */
function terminal(): { input: NodeJS.ReadStream; raw: boolean[]; output: PassThrough; shown: () => string } {
  const raw: boolean[] = [];
  const input = Object.assign(new PassThrough(), { setRawMode: (mode: boolean) => void raw.push(mode) }) as unknown as NodeJS.ReadStream;
  const output = new PassThrough();
  let text = '';
  output.on('data', (chunk: Buffer) => (text += chunk.toString()));
  return { input, raw, output, shown: () => text };
}

test('a typed password is not shown, the echo is off while typing and on again afterwards', async () => {
  const { input, raw, output, shown } = terminal();
  const typed = readHidden(input, output, 'Password: ');
  (input as unknown as PassThrough).write('wrong\u0015canaryX\u007f-6é\r');
  expect(await typed).toBe('canary-6é');
  expect(raw).toEqual([true, false]);
  expect(shown()).toBe('Password: \n');
});

test('Ctrl+C cancels the prompt', async () => {
  const { input, raw, output } = terminal();
  const typed = readHidden(input, output, 'Password: ');
  (input as unknown as PassThrough).write('abc\u0003');
  expect(await typed).toBeNull();
  expect(raw).toEqual([true, false]);
});
