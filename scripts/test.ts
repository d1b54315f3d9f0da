import { spawnSync } from 'node:child_process';
import { ProbeFault } from '../probes/probe-fault';
import { ensureBrowser } from './ensure-browser';

/** `npm test`: what `npm start` sets up, then everything `npm run check` checks. */
ensureBrowser((text) => console.log(text)).then(
  () => process.exit(spawnSync('npm', ['run', '--silent', 'check'], { stdio: 'inherit', shell: process.platform === 'win32' }).status ?? 3),
  (error: unknown) => {
    console.error(error instanceof ProbeFault ? error.message : error);
    process.exit(3);
  },
);
