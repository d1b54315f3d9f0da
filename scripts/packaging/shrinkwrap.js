const { copyFileSync, rmSync } = require('node:fs');
const { join } = require('node:path');

/**
 * Around `npm pack`: npm-shrinkwrap.json in the package, so that `npm ci` where it is unpacked installs the versions it was tested with.
 * Outside of packing there is none: beside it npm would ignore package-lock.json.
 */
const root = join(__dirname, '..', '..');
const file = join(root, 'npm-shrinkwrap.json');
if (process.argv[2] === 'write') copyFileSync(join(root, 'package-lock.json'), file);
else rmSync(file, { force: true });
