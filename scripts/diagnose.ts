import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { evidenceSchema } from '../contracts/evidence';
import { diagnose } from '../diagnosis/diagnose';
import { renderTerminal } from '../reports/terminal';
import { exitCodeFor } from '../runs/exit-code';
import { ProbeFault } from '../probes/probe-fault';
import type { CommonOptions } from './common';

/** `signin-probe diagnose PATH`: the rules again, offline, on saved evidence. */
export async function command([path = '']: string[], options: CommonOptions): Promise<number> {
  const report = diagnose(await readEvidence(path));
  process.stdout.write(options.json ? `${JSON.stringify(report)}\n` : renderTerminal(report, { color: process.stdout.isTTY === true, reportPath: undefined }));
  return exitCodeFor(report.verdict, 'at-risk');
}

async function readEvidence(path: string) {
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
  const file = isFolder ? join(path, 'evidence.json') : path;
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new ProbeFault(
      `${file}: expected a run folder or its evidence.json, found ${error.code === 'ENOENT' ? 'no such file' : (error.code ?? 'an unreadable file')}.`,
    );
  });
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (error) {
    throw new ProbeFault(`${file}: expected JSON, found something else (${error instanceof Error ? error.message : ''}).`);
  }
  const evidence = evidenceSchema.safeParse(data);
  if (evidence.success) return evidence.data;
  const issue = evidence.error.issues[0];
  throw new ProbeFault(`${file}: expected evidence of signin-probe (schema 1); at ${issue?.path.join('.') || 'the top'}: ${issue?.message}.`);
}
