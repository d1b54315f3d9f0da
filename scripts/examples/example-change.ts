import { rm } from 'node:fs/promises';
import { type Lab, startLab } from '../../lab/start-lab';
import { kbRepairOrder } from '../../lab/repair';
import { main } from '../../cli/main';
import { ensureBrowser } from '../start/ensure-browser';

/** `npm run example:change`: a rollover as a planned change on the embedded lab, once repaired for both routes, once with the IFD route forgotten. */
/** Kept afterwards: runs, baselines and comparisons are there to be looked at. */
const out = 'output/example-change';
const startedAt = performance.now();
const say = (text: string): void => console.log(`${((performance.now() - startedAt) / 1000).toFixed(1).padStart(6)} s  ${text}`);

/** A command as one types it; its output is the command's own. */
async function type(lab: Lab, line: string): Promise<number> {
  console.log(`\n$ signin-probe ${line}`);
  process.exitCode = 0;
  await main([...line.split(' '), '--config', lab.config, '--out', out, '--quiet']);
  console.log(`[exit ${process.exitCode}]\n`);
  return Number(process.exitCode);
}

/** The change, with the given steps of the KB; true when it ended with the exit code that is due. */
async function play(lab: Lab, name: string, steps: readonly string[], due: 0 | 2): Promise<boolean> {
  if ((await type(lab, `change start ${name} --expect signing-certificate,decrypting-certificate`)) !== 0) return false;
  await lab.rollover('generate');
  await lab.rollover('promote');
  say('AD FS made new token-signing and token-decrypting certificates and promoted them');
  for (const step of steps) say(`${step}: ${(await lab.repair(step)).did}`);
  return (await type(lab, `change finish ${name}`)) === due;
}

async function example(): Promise<boolean> {
  await ensureBrowser(say);
  const lab = await startLab({ face: 'errorhandler' });
  await rm(out, { recursive: true, force: true }); // of an earlier example
  try {
    say('1. A rollover with the whole repair of KB 2686840: only what was announced may have changed');
    const repaired = await play(lab, 'rollover', kbRepairOrder, 0);
    await lab.setFaults([]);
    say('2. The same, but nobody configured IFD again after claims had been disabled');
    const forgotten = await play(
      lab,
      'rollover-again',
      kbRepairOrder.filter((step) => step !== 'configure IFD'),
      2,
    );
    say(
      repaired && forgotten
        ? 'Done, both as expected.'
        : `NOT AS EXPECTED: ${repaired ? '' : 'the repaired rollover; '}${forgotten ? '' : 'the forgotten IFD'}`,
    );
    return repaired && forgotten;
  } finally {
    await lab.close();
  }
}

example().then(
  (good) => process.exit(good ? 0 : 2),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(3);
  },
);
