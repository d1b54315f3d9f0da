import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'winston';
import type { Evidence } from '../contracts/evidence';
import { traceFile, type TraceRecordings } from '../probes/captures';
import type { Redactor } from '../probes/redaction';

/** Writes `trace.zip` into the run folder, or says in the log why not; the run's verdict and exit code do not depend on it. */
export async function writeTrace(folder: string, evidence: Evidence, recordings: TraceRecordings, redactor: Redactor, log: Logger): Promise<void> {
  try {
    const files = evidence.results.flatMap(({ screenshots }) => screenshots.map(({ file }) => file));
    const pictures = new Map(await Promise.all(files.map(async (file) => [file, await readFile(join(folder, file))] as const)));
    const trace = traceFile({ evidence, recordings, pictures, redactor });
    if (trace.ok) await writeFile(join(folder, 'trace.zip'), trace.bytes, { mode: 0o600 });
    else log.warn(`No trace.zip was written: ${trace.why}.`);
  } catch (error) {
    log.warn(`No trace.zip was written: ${error instanceof Error ? error.message : String(error)}.`);
  }
}
