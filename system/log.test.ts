import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { EOL } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { createLog } from './log';
import { createRedactor } from '../probes/redaction/redact';

test("neither message, data nor error brings a secret into the file, which is its owner's only", async ({}, info) => {
  const redactor = createRedactor();
  redactor.add('ca"nary&7', 'password');
  const file = info.outputPath('logs', 'probe.log');
  const log = createLog({ level: 'debug', quiet: true, redactor, file });
  log.info('typed ca"nary&7', { url: 'https://x/?p=ca%22nary%267', nested: [{ deep: 'ca&quot;nary&amp;7' }] });
  log.debug('failed', { error: new Error('fill("ca\\"nary&7")') });
  log.warn('with %s', 'ca"nary&7');
  await new Promise<void>((resolve) => {
    log.transports[1]!.on('finish', () => resolve());
    log.end();
  });
  const lines = readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(lines).toHaveLength(3);
  expect(lines[0]).toMatchObject({ level: 'info', message: 'typed [password]', url: 'https://x/?p=[password]', nested: [{ deep: '[password]' }] });
  expect(readFileSync(file, 'utf8')).not.toMatch(/nary/);
  if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600);
});

test('lines for people go to standard error, none to standard output; --quiet leaves errors', ({}, info) => {
  mkdirSync(info.outputDir, { recursive: true });
  const script = info.outputPath('log.js');
  const run = (quiet: boolean): { stdout: string; stderr: string } => {
    const here = JSON.stringify(__dirname);
    writeFileSync(
      script,
      `require(${JSON.stringify(require.resolve('ts-node/register'))});
       const { createLog } = require(${here} + '/log'); const { createRedactor } = require(${here} + '/../probes/redaction/redact');
       const redactor = createRedactor(); redactor.add('canary-8', 'password');
       const log = createLog({ level: 'info', quiet: ${quiet}, redactor });
       log.info('step canary-8'); log.warn('careful'); log.error('broken'); log.debug('detail');`,
    );
    const stderr = info.outputPath('stderr.txt');
    const stdout = execFileSync(process.execPath, [
      '-e',
      `const r=require('node:child_process').spawnSync(process.execPath,[${JSON.stringify(script)}],{cwd:${JSON.stringify(join(__dirname, '..'))}});` +
        `require('node:fs').writeFileSync(${JSON.stringify(stderr)},r.stderr);process.stdout.write(r.stdout)`,
    ]).toString();
    return { stdout, stderr: readFileSync(stderr, 'utf8').replaceAll(EOL, '\n') };
  };
  expect(run(false)).toEqual({ stdout: '', stderr: 'step [password]\nWarning: careful\nError: broken\n' });
  expect(run(true)).toEqual({ stdout: '', stderr: 'Error: broken\n' });
});
