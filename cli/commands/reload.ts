import { defineCommand } from '../shared/define-command';
import { dirname, resolve } from 'node:path';
import { askControl, runningWatches } from '../../monitor/control/control';
import { ProbeFault } from '../../contracts/probe-fault';
import type { CommonOptions } from '../shared/common';

/** `signin-probe reload`: the running watch reads its configuration again; no slot is lost. */
export const command = defineCommand({
  name: 'reload',
  group: 'Monitor',
  place: 3,
  args: '',
  description: 'make the running watch read its configuration again; no slot is lost',
  example: 'signin-probe reload',
  run,
});

async function run(_: string[], options: CommonOptions): Promise<number> {
  const watches = await runningWatches(dirname(resolve(options.config)));
  if (watches.length === 0)
    throw new ProbeFault(`No watch with the configuration ${resolve(options.config)} is running on this machine. Start one: signin-probe watch.`);
  for (const watch of watches) {
    const answer = await askControl(watch, 'POST', '/reload').catch((error: Error) => {
      throw new ProbeFault(`The watch (process ${watch.pid}) keeps its configuration: ${error.message}`);
    });
    process.stdout.write(`${(answer as { text: string }).text}\n`);
  }
  return 0;
}
