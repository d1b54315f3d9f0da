import { join } from 'node:path';
import { ProbeFault } from '../../contracts/probe-fault';
import { renderOutcome, renderRound, renderStanding, renderTicks, type RepairTextOptions } from '../../reports/repair-text';
import type { AfterRollover } from './after-rollover';
import { rounds } from './checklist';

export interface OneRoundOptions {
  /** The round the operator says is done; null = only look, and print the whole checklist. */
  readonly step: number | null;
  readonly say: (text: string) => void;
  readonly text: RepairTextOptions;
  /** Options of the command line to repeat in "go on with". */
  readonly args: string;
}

/** Without a terminal: one look, the state, and how to go on. The first look of a record never counts a step as done. */
export async function oneRound(repair: AfterRollover, { step, say, text, args }: OneRoundOptions): Promise<void> {
  if (step !== null && !rounds.some(({ n }) => n === step)) throw new ProbeFault(`--step: expected a round, 1 to ${rounds.length}, found ${step}.`);
  const counts = step !== null && repair.repair.state === 'open';
  if (counts) await repair.done(step);
  else await repair.look();
  const now = repair.repair;
  const last = repair.lastProbing;
  say(`${renderStanding(last, text)}\n`);
  // A round that is to be done again is shown below with what could be seen of it.
  if (counts && now.round !== step) say(`${renderTicks(now, step, text)}\n`);
  say(`${renderOutcome(now, text)}\n`);
  if (now.state === 'open' && now.round !== null) {
    if (step !== null && !counts) say(`This was the first look: round ${step} was not counted as done.\n\n`);
    const { round } = now;
    const shown = now.rounds.filter(({ n }) => (step === null ? n >= round : n === round));
    for (const { n } of shown) say(`${renderRound(now, n, text)}\n`);
    say(`Do round ${now.round} on the servers, then: npx signin-probe after-rollover ${now.target} --step ${now.round}${args}\n`);
  }
  if (now.state !== 'healed' && now.state !== 'nothing-to-repair') say(`Report of this look: ${join(repair.folder, last.report)}\n`);
  say(`Record: ${join(repair.folder, 'repair.html')}\n`);
}
