import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { zipSync } from 'fflate';
import type { KnownSecret } from '../probes/redaction/redact';
import { RunFolder } from './run-folder';
import { disguises } from '../probes/testing/disguises';
import { scanForSecrets } from './secret-scan';
import { scanFolders } from './testing/independent-scanner';

const password: KnownSecret = { kind: 'password', value: 'Grün & "57%" +\\x' };
const cookie: KnownSecret = { kind: 'cookie', value: Buffer.from(Array.from({ length: 120 }, (_, n) => (n * 193 + 71) % 256)).toString('base64') };

let parent: string;
test.beforeEach(async () => void (parent = await mkdtemp(join(tmpdir(), 'signin-probe-scan-'))));
test.afterEach(() => rm(parent, { recursive: true, force: true }));

const leaks: Readonly<Record<string, Buffer>> = {
  'raw.json': Buffer.from(JSON.stringify({ p: password.value })),
  'form.txt': Buffer.from(new URLSearchParams({ Password: password.value }).toString()),
  'basic.har': Buffer.from(`Basic ${Buffer.from(`CONTOSO\\probe:${password.value}`).toString('base64')}`),
  'ntlm.md': Buffer.from(`NTLM ${Buffer.concat([Buffer.from('NTLMSSP\0'), Buffer.from(password.value, 'utf16le')]).toString('base64')}`),
  'utf16.xml': Buffer.from(`\ufeff<p>${password.value}</p>`, 'utf16le'),
  'page.html': Buffer.from(`<p>${password.value.replace(/&/g, '&amp;').replace(/"/g, '&quot;')}</p>`),
  'picture.png': Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), Buffer.from(`tEXt${password.value}`)]),
  'data.html': Buffer.from(
    `<img src="data:text/plain;base64,${Buffer.from(`x${JSON.stringify({ p: encodeURIComponent(password.value) })}`).toString('base64')}">`,
  ),
  'cookie.json': Buffer.from(`"${cookie.value.slice(31, 90)}"`),
  'trace.zip': Buffer.from(zipSync({ 'a/b.trace': Buffer.from(`{"value":${JSON.stringify(password.value)}}`) })),
  'broken.zip': Buffer.from('PK\x03\x04 no archive'),
  'unknown.bin': Buffer.from('nothing'),
};

test('a planted secret is found in every kind of file, the file deleted, and clean files stay', async () => {
  await mkdir(join(parent, 'screens'));
  for (const [name, bytes] of Object.entries(leaks)) await writeFile(join(parent, name), bytes);
  await writeFile(join(parent, 'screens', 'clean.png'), '\x89PNG');
  await writeFile(join(parent, 'report.html'), '<p>The form platform; thumbprint A1B2C3D4E5F60718293A4B5C6D7E8F9012345678</p>');
  const result = await scanForSecrets(parent, [password, cookie, { kind: 'cookie', value: 'platform' }, { kind: 'password', value: 'form' }]);
  expect(result.hits.map(({ file }) => file).sort()).toEqual(Object.keys(leaks).sort());
  expect((await readdir(parent, { recursive: true })).sort()).toEqual(['report.html', 'screens', join('screens', 'clean.png')]);
  expect(result.hits.find(({ file }) => file === 'cookie.json')?.kinds).toEqual(['cookie']);
  expect(JSON.stringify(result)).not.toContain('57%');
  test
    .info()
    .annotations.push(
      { type: 'threat', description: 'a file of the run folder that a renderer wrote a secret into' },
      { type: 'attempts', description: String(Object.keys(leaks).length) },
      { type: 'leaks', description: '0' },
    );
});

test('a password that is a common word counts where it is somebody’s value', async () => {
  const word: KnownSecret = { kind: 'password', value: 'form' };
  const clean = ['{"kind":"sts-forms","method":"form"}', 'the form came again', 'name="form"'];
  const leaking = [
    '{"password":"form"}',
    'Password=form&x=1',
    '<input name="passwordInput" value="form">',
    `Basic ${Buffer.from('probe:form!').toString('base64')}`,
  ];
  for (const [n, text] of clean.entries()) await writeFile(join(parent, `clean${n}.txt`), text);
  expect((await scanForSecrets(parent, [word])).hits).toEqual([]);
  for (const [n, text] of leaking.slice(0, 3).entries()) await writeFile(join(parent, `leak${n}.txt`), text);
  expect((await scanForSecrets(parent, [word])).hits.map(({ file }) => file).sort()).toEqual(['leak0.txt', 'leak1.txt', 'leak2.txt']);
});

test('a run folder with a hit gets its name without the file, and the run ends as the probe’s own fault', async () => {
  const folder = await RunFolder.create(parent, 'run-1');
  await writeFile(join(folder.path, 'report.md'), `Password: ${password.value}`);
  await writeFile(join(folder.path, 'report.json'), '{}');
  const finished = folder.finish([password]);
  await expect(finished).rejects.toThrow(/report\.md \(password\).*deleted.*probe's own fault/s);
  await expect(finished).rejects.not.toThrow(/57%/);
  expect((await readdir(join(parent, 'run-1'))).sort()).toEqual(['report.json', 'screens']);
  expect((await readdir(parent)).filter((name) => name.startsWith('.unfinished'))).toEqual([]);
});

for (const secret of ['hunter2-Sommer', 'Correct7horse', 'correcthorsebattery', 'aB3$xY9!'])
  test(`the last look finds ${secret} in every disguise, and so does the tests’ own scanner`, async () => {
    for (const [n, [, disguise]] of Object.entries(disguises).entries())
      for (const [kind, wrap] of [
        ['txt', (text: string) => `The page says: ${text}.`],
        ['json', (text: string) => JSON.stringify({ text: `says ${text}` })],
      ] as const)
        await writeFile(join(parent, `${n}.${kind}`), wrap(disguise(secret)));
    await writeFile(join(parent, 'clean.txt'), 'The correct horse has a battery; the hunter, the summer and 2 more.');
    const independent = scanFolders([parent], [{ kind: 'password', value: secret }]);
    const result = await scanForSecrets(parent, [{ kind: 'password', value: secret }]);
    const names = Object.keys(disguises).flatMap((_, n) => [`${n}.json`, `${n}.txt`]);
    expect(names.filter((name) => !result.hits.some(({ file }) => file === name)).map((name) => Object.keys(disguises)[parseInt(name, 10)])).toEqual([]);
    const seen = new Set(independent.found.map((found) => /([^\\/:]+): /.exec(found)?.[1]));
    expect(names.filter((name) => !seen.has(name)).map((name) => Object.keys(disguises)[parseInt(name, 10)])).toEqual([]);
    expect(await readdir(parent)).toEqual(['clean.txt']);
  });
