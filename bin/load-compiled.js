// Loads the files of dist/cli, and keeps what V8 made of them: compiling them takes most of the time of a short command
// (https://nodejs.org/docs/latest-v20.x/api/vm.html#scriptcreatecacheddata). What is kept belongs to this code, this Node.js and this processor;
// V8 refuses what does not fit. A cache that cannot be read or written costs time, nothing else.
const { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } = require('node:fs');
const { createRequire } = require('node:module');
const { homedir } = require('node:os');
const { basename, dirname, join } = require('node:path');
const { constants, Script } = require('node:vm');

/** Each needs other functions; all others share what the first of them needed. */
const commands = ['run', 'check', 'diagnose', 'inspect', 'forecast', 'watch', 'agent'];
const command = commands.find((name) => name === process.argv[2]) ?? 'other';
/** Of the hash at the end of each file (scripts/packaging/build.js). */
const idLength = 16;
const parameters = '(function (exports, require, module, __filename, __dirname) {';

/** Where this user alone keeps such things; never beside the code. null: nowhere. */
function ownPlace() {
  if (process.platform === 'win32') return process.env.LOCALAPPDATA ? join(process.env.LOCALAPPDATA, 'signin-probe', 'cache') : null;
  const own = process.env.XDG_CACHE_HOME || (homedir() ? join(homedir(), '.cache') : null);
  return own ? join(own, 'signin-probe') : null;
}

/** Code is taken from nobody else: the folder and the file are this user's or root's, and no other may write to them. */
function trusted(path) {
  const { uid, mode } = statSync(path);
  return process.platform === 'win32' || ((uid === process.getuid() || uid === 0) && (mode & 0o022) === 0);
}

function kept(place, name) {
  try {
    const path = join(place, name);
    return trusted(place) && trusted(path) ? readFileSync(path) : undefined;
  } catch {
    return undefined; // not kept there
  }
}

function keep(place, name, data) {
  const family = name.split('-', 2).join('-');
  try {
    mkdirSync(place, { recursive: true, mode: 0o700 });
    if (!trusted(place)) return;
    const draft = join(place, `${name}.${process.pid}`);
    writeFileSync(draft, data, { flag: 'wx', mode: 0o600 });
    renameSync(draft, join(place, name));
    // What was kept for an earlier version of it.
    for (const other of readdirSync(place)) if (other.startsWith(`${family}-`) && other !== name) rmSync(join(place, other), { force: true });
  } catch {
    // read-only, or full
  }
}

function loadCompiled(file) {
  const source = readFileSync(file, 'latin1'); // the build writes ASCII
  const name = `${basename(file, '.js')}-${command}-${process.version}-${process.arch}-${source.slice(-idLength)}`;
  const place = ownPlace();
  const cachedData = place === null ? undefined : kept(place, name);
  const importModuleDynamically = constants.USE_MAIN_CONTEXT_DEFAULT_LOADER;
  const script = new Script(`${parameters}${source}\n})`, { filename: file, cachedData, importModuleDynamically });
  // At the end: then it holds the functions that were needed, too.
  if (!cachedData && place !== null) process.once('exit', () => keep(place, name, script.createCachedData()));
  const module = { exports: {} };
  const plain = createRequire(file);
  const load = (id) => (id === './playwright.js' ? (load.playwright ??= loadCompiled(join(dirname(file), 'playwright.js'))) : plain(id));
  load.resolve = plain.resolve;
  load.main = require.main;
  script.runInThisContext().call(module.exports, module.exports, load, module, file, dirname(file));
  return module.exports;
}
module.exports = { idLength, loadCompiled };
