import { defineCommand } from '../shared/define-command';
import { readFile, stat } from 'node:fs/promises';
import { inspectMessage, maxInspectedBytes } from '../../federation/inspect-message';
import { ProbeFault } from '../../contracts/probe-fault';
import { safeJson } from '../../reports/safe-json';
import type { CommonOptions } from '../shared/common';

/** `signin-probe inspect FILE [--metadata FILE]`: what a captured message says and what its signature is worth. */
export const command = defineCommand({
  name: 'inspect',
  group: 'Judge and forecast',
  place: 2,
  args: '<file>',
  description: 'decode a wresult, form body, assertion or federation metadata and judge its signature',
  example: 'signin-probe inspect wresult.txt --metadata FederationMetadata.xml',
  options: (command) => command.option('--metadata <file>', 'federation metadata whose signing keys the signature is judged against'),
  run,
});

async function run([file = '']: string[], options: CommonOptions): Promise<number> {
  const message = await read(file);
  const { json, exitCode } = inspectMessage(message, options.metadata ? { metadata: await read(options.metadata) } : {});
  process.stdout.write(`${safeJson(json, 2)}\n`);
  return exitCode;
}

/** The file, or as much of it as shows that it is too large: memory stays constant whatever is given. */
async function read(file: string): Promise<Buffer> {
  try {
    const { size } = await stat(file);
    return size > maxInspectedBytes ? Buffer.alloc(maxInspectedBytes + 1) : await readFile(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new ProbeFault(`${file}: expected a file to read, found ${code === 'ENOENT' ? 'no such file' : (code ?? 'an unreadable one')}.`);
  }
}
