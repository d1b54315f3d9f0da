import { fork } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CauseId, causeIds } from '../../contracts/causes';
import type { Cell } from './cell';
import { meetsGoal, scoreOf } from './judge-cell';
import type { Pair } from './pair';
import { isMaskRight } from './pair';
import { headLines, pairLine, renderMatrix } from './render';

/** `npm run matrix [cause-id …]`: every fault × route × face of refusal in the lab, and what was said about it. */
const startedAt = performance.now();
const wanted = process.argv.slice(2);
const queue: CauseId[] = causeIds.filter((id) => wanted.length === 0 || wanted.includes(id));
const cells: Cell[] = [];
const pairs: Pair[] = [];
let failed = false;

interface Message {
  readonly fault?: CauseId;
  readonly cells?: readonly Cell[];
  readonly pairs?: readonly Pair[];
  readonly error?: string;
}

function startWorker(): Promise<void> {
  return new Promise((resolve) => {
    const worker = fork(join(__dirname, 'worker.ts'), { execArgv: ['-r', 'ts-node/register'] });
    worker.on('message', (message) => {
      const { fault, cells: measured, pairs: together, error } = message as Message;
      if (error) {
        failed = true;
        console.error(`${fault}: ${error}`);
      }
      cells.push(...(measured ?? []));
      pairs.push(...(together ?? []));
      if (fault) console.log(`${((performance.now() - startedAt) / 1000).toFixed(0).padStart(4)} s  ${fault} (${cells.length} cells)`);
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
  const sorted = [...cells].sort((a, b) => causeIds.indexOf(a.fault) - causeIds.indexOf(b.fault));
  mkdirSync('output', { recursive: true });
  writeFileSync('output/matrix.json', `${JSON.stringify({ tookSeconds: Math.round(tookSeconds), score: scoreOf(sorted), cells: sorted, pairs }, null, 1)}\n`);
  writeFileSync('output/matrix.html', renderMatrix(sorted, pairs, tookSeconds));
  console.log(
    `\n${[...headLines(sorted), pairLine(pairs)].join('\n')}\n${sorted.length} cells in ${Math.round(tookSeconds)} s; output/matrix.html, output/matrix.json`,
  );
  process.exit(!failed && meetsGoal(scoreOf(sorted)) && pairs.every(isMaskRight) ? 0 : 2);
});
