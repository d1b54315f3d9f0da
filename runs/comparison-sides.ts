import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Baseline } from '../contracts/baseline';
import { evidenceSchema } from '../contracts/evidence';
import { reportSchema } from '../contracts/report';
import { baselineOf } from '../diagnosis/compare/baseline-of';
import { comparableRun } from '../diagnosis/compare/comparable-run';
import { diagnose } from '../diagnosis/diagnose';
import { ProbeFault } from '../contracts/probe-fault';
import { baselineFile, exists, parseBaseline, readBaselineFile, suggestion } from './baselines';

const expected = 'expected the name of a baseline, a run folder, or the file of a report, evidence or baseline';

/**
 * One side of a comparison: the name of a baseline in `outFolder`, a run folder (or its id there), or a report.json, evidence.json or baseline file.
 * A name goes before a path. Throws ProbeFault for anything else.
 */
export async function readSide(given: string, outFolder: string): Promise<Baseline> {
  if (basename(given) === given && (await exists(baselineFile(outFolder, given)))) return readBaselineFile(baselineFile(outFolder, given));
  const [path] = (await Promise.all([given, join(outFolder, given)].map(async (each) => ((await exists(each)) ? [each] : [])))).flat();
  if (path === undefined) throw new ProbeFault(`${given}: ${expected}, found none of these. ${await suggestion(outFolder, given)}`);
  const file = (await stat(path)).isDirectory() ? join(path, 'evidence.json') : path;
  const data = await readJson(file);
  if (typeof data === 'object' && data !== null && 'kind' in data) return parseBaseline(data, file);
  return fromRun(data, file);
}

async function readJson(file: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new ProbeFault(`${file}: ${expected}, found ${code === 'ENOENT' ? 'no such file' : `a file that cannot be read (${code})`}.`);
  }
  try {
    return JSON.parse(text.replace(/^\uFEFF/, '')) as unknown;
  } catch {
    throw new ProbeFault(`${file}: ${expected}, found a file that is no JSON.`);
  }
}

/** A report's evidence lies beside it in the run folder, and says more; without it the report alone has to do. */
async function fromRun(data: unknown, file: string): Promise<Baseline> {
  const evidence = evidenceSchema.safeParse(data);
  if (evidence.success) return side(diagnose(evidence.data), evidence.data);
  const report = reportSchema.safeParse(data);
  if (!report.success) {
    const issue = ('results' in Object(data) && JSON.stringify(data).includes('"verdict"') ? report : evidence).error?.issues[0];
    throw new ProbeFault(`${file}: ${expected} (schema 1); at ${issue?.path.join('.') || 'the top'}: ${issue?.message}.`);
  }
  const beside = join(dirname(file), 'evidence.json');
  const own = (await exists(beside)) ? evidenceSchema.safeParse(await readJson(beside)) : null;
  return side(report.data, own?.success && own.data.run.id === report.data.run.id ? own.data : null);
}

const side = (report: Parameters<typeof comparableRun>[0], evidence: Parameters<typeof comparableRun>[1]): Baseline =>
  baselineOf([comparableRun(report, evidence)], { name: null, savedAt: report.run.finishedAt });
