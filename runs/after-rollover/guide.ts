import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { renderOutcome, renderRound, renderStanding, renderTicks, type RepairTextOptions } from '../../reports/repair-text';
import type { AfterRollover } from './after-rollover';

export interface GuideOptions {
  readonly input: NodeJS.ReadableStream;
  readonly say: (text: string) => void;
  readonly text: RepairTextOptions;
  /** Options of the command line to repeat in "go on later with". */
  readonly args: string;
}

const keys = 'Enter = done, probe again · s = skip this round · q = quit and keep the record';

/** At a terminal: round by round, waiting for the operator, until sign-in works or nothing is left to do. */
export async function guide(repair: AfterRollover, { input, say, text, args }: GuideOptions): Promise<void> {
  const record = join(repair.folder, 'repair.html');
  const stop = interruption(repair, say, record);
  try {
    const { resumed } = repair;
    if (resumed) say(`Going on with the repair begun ${resumed.startedAt}, in round ${resumed.round} (--new begins another).\n`);
    say('Looking where the rollover stands: signing in over every route …\n\n');
    await repair.look();
    say(`${renderStanding(repair.lastProbing, text)}\n`);
    while (repair.repair.state === 'open' && repair.repair.round !== null && !repair.refused) {
      const { round } = repair.repair;
      say(
        `${renderOutcome(repair.repair, text)}\n${renderRound(repair.repair, round, text)}\nDo these steps on the servers; nothing is run there from here.\n`,
      );
      const answer = await ask(input, say, `${keys} > `);
      if (answer === 'quit') {
        repair.note(`Stopped by the operator in round ${round}.`);
        break;
      }
      if (answer === 'skip') {
        repair.skip(round);
        continue;
      }
      say('\nSigning in again …\n\n');
      await repair.done(round);
      say(`${renderStanding(repair.lastProbing, text)}\n`);
      // A round that is to be done again is shown next with what could be seen of it.
      if (repair.repair.round !== round) say(`${renderTicks(repair.repair, round, text)}\n`);
    }
    say(`${renderOutcome(repair.repair, text)}\n`);
    if (repair.repair.state === 'open') say(`Go on later with: npx signin-probe after-rollover ${repair.repair.target}${args}\n`);
    if (repair.repair.state === 'healed') say(`Plan the next one: npx signin-probe forecast ${repair.repair.target}\n`);
    if (repair.repair.state !== 'healed' && repair.repair.state !== 'nothing-to-repair')
      say(`Report of the last look: ${join(repair.folder, repair.lastProbing.report)}\n`);
    say(`Record: ${record}\n`);
  } finally {
    stop();
  }
}

type Answer = 'done' | 'skip' | 'quit';

/** Asks until the answer is one of the three. The end of input is a quit. Lines, not keys: the terminal keeps its own mode, so there is nothing to restore. */
async function ask(input: NodeJS.ReadableStream, say: (text: string) => void, question: string): Promise<Answer> {
  for (;;) {
    say(question);
    const line = await readLine(input);
    if (line === null || /^q(uit)?$/i.test(line)) return 'quit';
    if (line === '') return 'done';
    if (/^s(kip)?$/i.test(line)) return 'skip';
    say(`Expected Enter, s or q, found "${line.replace(/[^\x20-\x7e]/g, '?')}". `);
  }
}

function readLine(input: NodeJS.ReadableStream): Promise<string | null> {
  return new Promise((resolve) => {
    const lines = createInterface({ input, terminal: false });
    lines.once('line', (line) => {
      resolve(line.trim());
      lines.close();
    });
    lines.once('close', () => resolve(null));
  });
}

/** Ctrl+C: the record on disk is whole already; it gets a note, and the program ends with a step open. Returns how to stop listening. */
function interruption(repair: AfterRollover, say: (text: string) => void, record: string): () => void {
  const interrupted = (): void => {
    repair.note('Interrupted by the operator (Ctrl+C).');
    say(`\nInterrupted. ${repair.repair.probings.length > 0 ? `Record: ${record}` : 'Nothing was recorded yet.'}\n`);
    process.exit(2);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, interrupted);
  return () => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, interrupted);
  };
}
