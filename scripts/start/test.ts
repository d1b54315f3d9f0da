import { spawnSync } from 'node:child_process';
import { ProbeFault } from '../../contracts/probe-fault';
import { missingPrograms } from '../../probes/testing/kerberos/programs';
import { ensureBrowser } from './ensure-browser';

/** `npm test`: what `npm start` sets up, then everything `npm run check` checks. Servers are not installed unasked: .ci/run does it for the Kerberos tests. */
ensureBrowser((text) => console.log(text)).then(
  () => {
    const missing = missingPrograms();
    if (missing) console.log(`Kerberos tests are skipped: ${missing}`);
    process.exit(spawnSync('npm', ['run', '--silent', 'check'], { stdio: 'inherit', shell: process.platform === 'win32' }).status ?? 3);
  },
  (error: unknown) => {
    console.error(error instanceof ProbeFault ? error.message : error);
    process.exit(3);
  },
);
