import { defineCommand } from '../shared/define-command';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { looksLikeHar, maxHarBytes } from '../../recordings/har-entries';
import { withServerEvents } from '../../recordings/match-events';
import { maxEventLogBytes, readEventLog } from '../../recordings/read-event-log';
import { readHar } from '../../recordings/read-har';
import { type Evidence, evidenceSchema } from '../../contracts/evidence';
import type { Report } from '../../contracts/report';
import { diagnose } from '../../diagnosis/diagnose';
import { ProbeFault } from '../../contracts/probe-fault';
import { createRedactor, type Redactor } from '../../probes/redaction';
import { renderTerminal } from '../../reports/terminal';
import { exitCodeFor } from '../../runs/exit-code';
import { toolVersion } from '../../runs/tool-version';
import { safeJson } from '../../reports/safe-json';
import type { CommonOptions } from '../shared/common';
import { diagnosePaths } from '../shared/saved-path';

/** `signin-probe diagnose PATH [--event-log FILE…]`: the rules again, offline, on saved evidence or a HAR from a browser's developer tools. */
export const command = defineCommand({
  name: 'diagnose',
  group: 'Judge and forecast',
  place: 1,
  // Required all the same: --event-log may have taken it (cli/shared/saved-path.ts).
  args: '[path]',
  description: 'judge what was saved, offline: a run folder, its evidence.json, or a HAR from any browser’s developer tools',
  example: 'signin-probe diagnose colleague.har --event-log crm-application.xml',
  options: (command) =>
    command
      .usage('[options] <path>')
      .option('--event-log <file...>', 'event logs of the AD FS or CRM servers, exported or pasted (XML, text, CSV, JSON), or a folder of them')
      .option('--json', 'print report.json on standard output, and nothing else there'),
  run,
});

async function run([given]: string[], options: CommonOptions): Promise<number> {
  const { path, eventLogs: logs } = await diagnosePaths(given, options.eventLog ?? []);
  const redactor = createRedactor();
  const saved = await readEvidence(path, redactor);
  let evidence = saved;
  for (const file of await filesOf(logs)) evidence = await withEventLog(evidence, file, redactor);
  const report = diagnose(evidence);
  process.stdout.write(
    options.json ? `${safeJson(report)}\n` : `${renderTerminal(report, { color: process.stdout.isTTY, reportPath: undefined })}${notes(report)}`,
  );
  return exitCodeFor(report.verdict, 'at-risk');
}

/** A run folder, its evidence.json, or a HAR: told apart by what is in it, not by its name. */
async function readEvidence(path: string, redactor: Redactor): Promise<Evidence> {
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
  const file = isFolder ? join(path, 'evidence.json') : path;
  const bytes = await read(file, 'a run folder, its evidence.json or a HAR', maxHarBytes);
  const text = bytes.toString('utf8', 0, 1000);
  const data = looksLikeHar(text) || text.includes('\0') ? null : parsed(bytes, file);
  if (data === null || (typeof data === 'object' && !('schema' in data))) {
    const har = readHar(bytes, { redactor, tool: toolVersion });
    if (!har.ok) throw new ProbeFault(`${file}: ${har.why}`);
    return evidenceSchema.parse(har.evidence);
  }
  const evidence = evidenceSchema.safeParse(data);
  if (evidence.success) return evidence.data;
  const issue = evidence.error.issues[0];
  throw new ProbeFault(`${file}: expected evidence of signin-probe (schema 1) or a HAR; at ${issue?.path.join('.') || 'the top'}: ${issue?.message}.`);
}

/** Each file; of a folder its files, in order of their names. */
async function filesOf(paths: readonly string[]): Promise<readonly string[]> {
  const files = paths.map(async (path) => {
    const isFolder = await stat(path).then(
      (found) => found.isDirectory(),
      () => false,
    );
    if (!isFolder) return [path];
    const entries = await readdir(path, { withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).map(({ name }) => join(path, name)).sort(); // prettier-ignore
  });
  return (await Promise.all(files)).flat();
}

async function withEventLog(evidence: Evidence, file: string, redactor: Redactor): Promise<Evidence> {
  const log = readEventLog(await read(file, 'an exported Windows event log', maxEventLogBytes));
  if (!log.ok) throw new ProbeFault(`${file}: ${log.why}`);
  return { ...evidence, results: evidence.results.map((result) => withServerEvents(result, log, redactor)) };
}

/** The file, or a clear word why not. What is too large is not loaded: the reader says so. */
async function read(file: string, expected: string, mostBytes: number): Promise<Buffer> {
  try {
    const { size } = await stat(file);
    if (size > mostBytes) throw new ProbeFault(`${file}: expected ${expected} of at most ${mostBytes / 1048576} MB, found ${Math.round(size / 1048576)} MB.`);
    return await readFile(file);
  } catch (error) {
    if (error instanceof ProbeFault) throw error;
    const { code } = error as NodeJS.ErrnoException;
    throw new ProbeFault(`${file}: expected ${expected}, found ${code === 'ENOENT' ? 'no such file' : (code ?? 'an unreadable file')}.`);
  }
}

function parsed(bytes: Buffer, file: string): unknown {
  try {
    return JSON.parse(bytes.toString('utf8').replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new ProbeFault(`${file}: expected JSON, found something else (${error instanceof Error ? error.message.slice(0, 200) : ''}).`);
  }
}

/** What the evidence lacks, where the report itself does not list it (it does for what is unexplained). */
function notes({ results }: Report): string {
  const lines = results
    .filter(({ causes, verdict }) => causes.length > 0 || verdict === 'healthy' || verdict === 'at-risk')
    .flatMap(({ target, route, captureErrors }) =>
      captureErrors.map(({ capture, why }) => `  - ${results.length > 1 ? `${target} ${route}, ` : ''}${capture}: ${why}`),
    );
  return lines.length > 0 ? `\nNot known here\n${lines.join('\n')}\n` : '';
}
