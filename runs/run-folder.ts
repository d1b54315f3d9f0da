import { lstat, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type Evidence, evidenceSchema } from '../contracts/evidence';
import { type Report, reportSchema } from '../contracts/report';
import { renderHar } from '../reports/har';
import { renderHtml } from '../reports/html';
import { renderJunit } from '../reports/junit';
import { renderMarkdown } from '../reports/markdown';
import { move } from '../system/move';
import { isRunning } from '../system/is-running';
import { makeFolder } from '../system/make-folder';
import { ProbeFault } from '../contracts/probe-fault';
import type { KnownSecret } from '../probes/redaction';
import { scanFault, scanForSecrets } from './secret-scan';

/** `output/<run-id>/`, written under another name and renamed when complete: whoever finds it finds all of it. */
export class RunFolder {
  private constructor(
    private readonly parent: string,
    private readonly id: string,
    /** Where files go until the folder is finished. */
    readonly path: string,
  ) {}

  static async create(outFolder: string, id: string): Promise<RunFolder> {
    const parent = resolve(outFolder);
    try {
      await removeLeftovers(parent);
      const path = await makeFolder(parent, `.unfinished-${id}-${process.pid}`);
      await makeFolder(path, 'screens');
      return new RunFolder(parent, id, path);
    } catch (error) {
      throw new ProbeFault(
        `The output folder ${parent} cannot be written (${(error as NodeJS.ErrnoException).code ?? String(error)}). Name another with --out DIR.`,
      );
    }
  }

  /** Writes evidence and every report, after checking both against their schemas: a report that breaks the contract is the probe's own fault. */
  async write(evidence: Evidence, report: Report): Promise<void> {
    const checked = evidenceSchema.safeParse(evidence);
    const judged = reportSchema.safeParse(report);
    const problem = checked.error ?? judged.error;
    if (problem)
      throw new ProbeFault(
        `The report does not fit its schema (${problem.issues[0]?.path.join('.')}: ${problem.issues[0]?.message}). ` +
          `This is a fault of signin-probe; please report it.`,
      );
    const put = (name: string, text: string): Promise<void> => writeFile(join(this.path, name), text, { mode: 0o600 });
    const screens = await this.screens(report);
    await Promise.all([
      put('evidence.json', `${JSON.stringify(evidence, null, 1)}\n`),
      put('report.json', `${JSON.stringify(report, null, 1)}\n`),
      put('report.html', renderHtml(report, screens)),
      put('report.md', renderMarkdown(report)),
      put('junit.xml', renderJunit(report)),
      put('exchange.har', renderHar(report)),
    ]);
  }

  /**
   * Looks through every file for the run's secrets, then gives the folder its name. Returns its path. A file that holds a secret is deleted, what is left
   * gets its name all the same, and a ProbeFault says which file it was.
   */
  async finish(known: readonly KnownSecret[] = []): Promise<string> {
    const path = join(this.parent, this.id);
    const scan = await scanForSecrets(this.path, known);
    await move(this.path, path);
    if (scan.hits.length > 0) throw new ProbeFault(`${scanFault(scan)} What is left: ${path}`);
    return path;
  }

  /** An error of the disk as one clear message; any other error as it is. */
  fault(error: unknown): unknown {
    // A picture's error comes through Playwright, which keeps the text alone.
    const code = error instanceof Error ? /^(?:.*: )?(ENOSPC|EDQUOT|EROFS|EIO)\b/.exec(error.message)?.[1] : undefined;
    const what = code === undefined ? null : (diskFaults[code] ?? null);
    if (what === null) return error;
    return new ProbeFault(
      `The run could not be written to ${this.parent}: ${what} (${code}). Nothing of it was kept. Make room, or name another folder with --out DIR.`,
    );
  }

  async discard(): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
  }

  private async screens(report: Report): Promise<Record<string, string>> {
    const files = report.results.flatMap(({ screenshots }) => screenshots.map(({ file }) => file));
    const pictures = await Promise.all(
      files.map(async (file) => [file, `data:image/png;base64,${(await readFile(join(this.path, file))).toString('base64')}`] as const),
    );
    return Object.fromEntries(pictures);
  }
}

const diskFaults: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota of the disk is used up',
  EROFS: 'the disk is read-only',
  EIO: 'the disk does not work',
};

/** Folders of this user's runs that were killed: nobody else can finish them. What somebody else made may be a trap for who deletes it. */
async function removeLeftovers(parent: string): Promise<void> {
  const names = await readdir(parent).catch((): string[] => []);
  for (const name of names) {
    const pid = /^\.unfinished-.+-(\d+)$/.exec(name)?.[1];
    if (!pid || isRunning(Number(pid))) continue;
    const made = await lstat(join(parent, name)).catch(() => null);
    if (made?.isDirectory() && (!process.getuid || made.uid === process.getuid())) await rm(join(parent, name), { recursive: true, force: true });
  }
}
