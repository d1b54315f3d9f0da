import type { EventEmitter } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { evidenceSchema } from '../contracts/evidence';
import { type Lab, startLab } from '../lab/start-lab';
import { type BrowserLender, BrowserPool, type Loan } from '../probes/browser/browser-pool';
import { runOnLab } from './testing/run-lab';

let lab: Lab;
test.beforeAll(async () => {
  lab = await startLab();
});
test.afterAll(() => lab?.close());

/** A pool that notes whom it lent what. */
class NotedPool implements BrowserLender {
  readonly pool = new BrowserPool();
  readonly lent: { readonly browser: Loan['browser']; again: boolean | null }[] = [];
  /** Who listened to the browser when it was lent: each would keep a whole sign-in in memory. */
  readonly listeners: number[] = [];

  async lend(...asked: Parameters<BrowserLender['lend']>): ReturnType<BrowserLender['lend']> {
    const result = await this.pool.lend(...asked);
    if (!result.ok) return result;
    const note = { browser: result.loan.browser, again: null as boolean | null };
    this.lent.push(note);
    this.listeners.push((note.browser as unknown as EventEmitter).listenerCount('disconnected'));
    return { ok: true, loan: { ...result.loan, end: (again) => result.loan.end((note.again = again)) } };
  }
}

test('runs of one account share a browser and nothing else: each sign-in gives its password anew, over forms and over Windows', async ({}, info) => {
  const noted = new NotedPool();
  const shapes: string[][] = [];
  for (const label of ['first', 'second', 'third']) {
    const before = lab.adfs.counters.passwordSubmissions;
    const { report, folder } = await runOnLab(lab, info.outputPath('out'), label, noted);
    expect(report.verdict, label).toBe('healthy');
    expect(lab.adfs.counters.passwordSubmissions - before, label).toBe(1); // forms; Windows shows in the exchanges below
    expect(report.results.map(({ method }) => method).sort()).toEqual(['forms', 'windows']);
    const evidence = evidenceSchema.parse(JSON.parse(await readFile(join(folder, 'evidence.json'), 'utf8')));
    shapes.push(evidence.results.flatMap(({ exchanges }) => exchanges.map(({ step, status }) => `${step} ${status}`)));
  }
  await noted.pool.close();
  expect(shapes[1]).toEqual(shapes[0]);
  expect(shapes[2]).toEqual(shapes[0]);
  expect(noted.lent).toHaveLength(6);
  expect(new Set(noted.listeners).size, noted.listeners.join(', ')).toBe(1);
  expect(new Set(noted.lent.map(({ browser }) => browser)).size).toBe(1);
});

test('a sign-in that fails takes its browser along: what confirms it, and what comes after, begins with a new one', async ({}, info) => {
  const noted = new NotedPool();
  await lab.setFaults(['adfs-service-down']);
  expect((await runOnLab(lab, info.outputPath('out'), 'broken', noted)).report.verdict).toBe('broken');
  await lab.setFaults([]);
  expect((await runOnLab(lab, info.outputPath('out'), 'healthy', noted)).report.verdict).toBe('healthy');
  await noted.pool.close();
  expect(noted.lent.map(({ again }) => again)).toEqual([false, false, true, true]);
  expect(new Set(noted.lent.map(({ browser }) => browser)).size).toBe(3);
});
