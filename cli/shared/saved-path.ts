import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { looksLikeHar } from '../../recordings/har-entries';
import { ProbeFault } from '../../contracts/probe-fault';

/** What `diagnose` judges, and the event logs beside it. */
export interface DiagnosePaths {
  readonly path: string;
  readonly eventLogs: readonly string[];
}

/**
 * An option that takes several files also takes the path behind them (`--event-log a b PATH`).
 * What was saved of a sign-in is told from an event log by what it is: a run folder, evidence.json, a HAR or an export of SAML-tracer.
 * @throws ProbeFault when there is no path, or more than one could be meant
 */
export async function diagnosePaths(path: string | undefined, eventLogs: readonly string[]): Promise<DiagnosePaths> {
  if (path !== undefined) return { path, eventLogs };
  if (eventLogs.length === 0) throw new ProbeFault("error: missing required argument 'path'\nExample: signin-probe diagnose output/<run-id>");
  const saved = await Promise.all(eventLogs.map(isSavedSignIn));
  const found = eventLogs.filter((_, index) => saved[index]);
  if (found.length === 1 && found[0] !== undefined) return { path: found[0], eventLogs: eventLogs.filter((each) => each !== found[0]) };
  const took = eventLogs.length < 2 ? eventLogs.join('') : `${eventLogs.slice(0, -1).join(', ')} and ${eventLogs.at(-1)}`;
  throw new ProbeFault(
    `error: missing required argument 'path': --event-log took ${took}, and ${found.length === 0 ? 'none' : 'more than one'} of them is a run ` +
      `folder, an evidence.json or a HAR.\nPut the path first: signin-probe diagnose PATH --event-log ${eventLogs.join(' ')}`,
  );
}

async function isSavedSignIn(path: string): Promise<boolean> {
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (isFolder)
    return stat(join(path, 'evidence.json')).then(
      (found) => found.isFile(),
      () => false,
    );
  const start = await beginningOf(path);
  if (/^\uFEFF?\s*\{\s*"schema"\s*:\s*\d+\s*,\s*"run"\s*:/.test(start)) return true;
  const known = looksLikeHar(start) ? /"(?:entries|creator|pages|version)"\s*:/ : /"requests"\s*:\s*\[|"request"\s*:\s*\{|"creator"\s*:\s*\{/;
  return /^\uFEFF?\s*[[{]/.test(start) && known.test(start);
}

/** The first characters of a file; empty where it cannot be read. */
async function beginningOf(path: string): Promise<string> {
  try {
    const file = await open(path);
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(1_000), 0, 1_000, 0);
      return buffer.toString('utf8', 0, bytesRead);
    } finally {
      await file.close();
    }
  } catch {
    return '';
  }
}
