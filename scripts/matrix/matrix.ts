import { fork } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { faultIds } from '../../lab/faults';
import { maskingPairs } from '../../lab/masking-order';
import type { Cell } from './cell';
import { type FaultPair, pairLines, pairName, pairNamed, pairsMeetGoal } from './fault-pair';
import { holdsWithLess, meetsGoal, scoreOf } from './judge-cell';
import type { Pair } from './pair';
import { isMaskRight } from './pair';
import { headLines, lessLine, pairLine, renderMatrix } from './render';

/**
 * `npm run matrix [cause-id | cause-id+cause-id | pairs …]`: every fault × route × face of refusal in the lab, then faults two by two, and what was said about
 * it. Ends with 1 where something is wrong, or could not be measured.
 */
const startedAt = performance.now();
const wanted = process.argv.slice(2);
const isWanted = (...names: readonly string[]): boolean => wanted.length === 0 || names.some((name) => wanted.includes(name));
const unknown = wanted.filter((name) => name !== 'pairs' && !faultIds.some((id) => id === name) && !pairNamed(name));
if (unknown.length > 0) {
  console.error(`Expected cause ids, pairs of them (a+b, of lab/masking-order.ts) or "pairs"; found ${unknown.join(', ')}.`);
  process.exit(1);
}
const queue: string[] = [
  ...faultIds.filter((id) => isWanted(id)),
  ...maskingPairs.filter((faults) => isWanted('pairs') || wanted.some((name) => pairNamed(name) === faults)).map(pairName),
];
const cells: Cell[] = [];
const pairs: Pair[] = [];
const faultPairs: FaultPair[] = [];
let failed = false;

interface Message {
  readonly job?: string;
  readonly cells?: readonly Cell[];
  readonly pairs?: readonly Pair[];
  readonly together?: readonly FaultPair[];
  readonly error?: string;
}

function startWorker(): Promise<void> {
  return new Promise((resolve) => {
    const worker = fork(join(__dirname, 'worker.ts'), { execArgv: ['-r', 'ts-node/register'] });
    worker.on('message', (message) => {
      const { job, cells: measured, pairs: withKb, together, error } = message as Message;
      if (error) {
        failed = true;
        console.error(`${job}: ${error}`);
      }
      cells.push(...(measured ?? []));
      pairs.push(...(withKb ?? []));
      faultPairs.push(...(together ?? []));
      if (job)
        console.log(`${((performance.now() - startedAt) / 1000).toFixed(0).padStart(4)} s  ${job} (${cells.length} cells, ${faultPairs.length} of pairs)`);
      worker.send(queue.shift() ?? 'end');
    });
    worker.on('exit', (code) => {
      failed ||= code !== 0;
      resolve();
    });
  });
}

void Promise.all([startWorker(), startWorker()]).then(() => {
  const tookSeconds = (performance.now() - startedAt) / 1000;
  const sorted = [...cells].sort((a, b) => faultIds.indexOf(a.fault) - faultIds.indexOf(b.fault));
  mkdirSync('output', { recursive: true });
  writeFileSync(
    'output/matrix.json',
    `${JSON.stringify({ tookSeconds: Math.round(tookSeconds), score: scoreOf(sorted), cells: sorted, pairs, faultPairs }, null, 1)}\n`,
  );
  writeFileSync('output/matrix.html', renderMatrix(sorted, pairs, faultPairs, tookSeconds));
  console.log(
    `\n${[...headLines(sorted), lessLine(sorted), pairLine(pairs), ...pairLines(faultPairs)].join('\n')}\n` +
      `${sorted.length} cells in ${Math.round(tookSeconds)} s; output/matrix.html, output/matrix.json`,
  );
  const good = meetsGoal(scoreOf(sorted)) && sorted.every(holdsWithLess) && pairs.every(isMaskRight) && pairsMeetGoal(faultPairs);
  process.exit(!failed && good ? 0 : 1);
});
