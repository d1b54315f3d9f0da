import { readFile } from 'node:fs/promises';
import { inspectMessage } from '../federation/inspect-message';
import { ProbeFault } from '../probes/probe-fault';
import type { CommonOptions } from './common';

/** `signin-probe inspect FILE [--metadata FILE]`: what a captured message says and what its signature is worth. */
export async function command([file = '']: string[], options: CommonOptions): Promise<number> {
  const { exitCode, ...seen } = inspectMessage(await read(file), options.metadata ? { metadata: await read(options.metadata) } : {});
  process.stdout.write(`${JSON.stringify(seen, null, 2)}\n`);
  return exitCode;
}

async function read(file: string): Promise<Buffer> {
  return readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw new ProbeFault(`${file}: expected a file to read, found ${error.code === 'ENOENT' ? 'no such file' : (error.code ?? 'an unreadable one')}.`);
  });
}
