// Loads the files of dist/cli, and keeps what V8 made of them: compiling them takes most of the time of a short command
// (https://nodejs.org/docs/latest-v20.x/api/vm.html#scriptcreatecacheddata). What is kept belongs to this code, this Node.js and this processor; V8 refuses
// what
// does not fit. A cache that cannot be read or written costs time, nothing else.
const { chmodSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } = require('node:fs');
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

/** Beside the code, for all who may run it; else where this user alone keeps things. null: nowhere. */
function placesOf(file) {
  const own = process.platform === 'win32' ? process.env.LOCALAPPDATA : process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  return [join(dirname(file), 'cache'), ...(own ? [join(own, 'signin-probe')] : [])];
}

/** Code is taken from nobody else: the folder and the file are this user's or root's, and no other may write to them. */
function trusted(path) {
  const { uid, mode } = statSync(path);
  return process.platform === 'win32' || ((uid === process.getuid() || uid === 0) && (mode & 0o022) === 0);
}

function kept(places, name) {
  for (const place of places)
    try {
      const path = join(place, name);
      if (trusted(place) && trusted(path)) return readFileSync(path);
    } catch {
      // not kept there
    }
  return undefined;
}

function keep(places, name, data) {
  const family = name.split('-', 2).join('-');
  for (const place of places)
    try {
      if (mkdirSync(place, { recursive: true })) chmodSync(place, 0o755);
      const draft = join(place, `${name}.${process.pid}`);
      writeFileSync(draft, data, { flag: 'wx' });
      chmodSync(draft, 0o644);
      renameSync(draft, join(place, name));
      // What was kept for an earlier version of it.
      for (const other of readdirSync(place)) if (other.startsWith(`${family}-`) && other !== name) rmSync(join(place, other), { force: true });
      return;
    } catch {
      // read-only, or full
    }
}

function loadCompiled(file) {
  const source = readFileSync(file, 'latin1'); // the build writes ASCII
  const name = `${basename(file, '.js')}-${command}-${process.version}-${process.arch}-${source.slice(-idLength)}`;
  const places = placesOf(file);
  const cachedData = kept(places, name);
  const importModuleDynamically = constants.USE_MAIN_CONTEXT_DEFAULT_LOADER;
  const script = new Script(`${parameters}${source}\n})`, { filename: file, cachedData, importModuleDynamically });
  // At the end: then it holds the functions that were needed, too.
  if (!cachedData) process.once('exit', () => keep(places, name, script.createCachedData()));
  const module = { exports: {} };
  const plain = createRequire(file);
  const load = (id) => (id === './playwright.js' ? (load.playwright ??= loadCompiled(join(dirname(file), 'playwright.js'))) : plain(id));
  load.resolve = plain.resolve;
  load.main = require.main;
  script.runInThisContext().call(module.exports, module.exports, load, module, file, dirname(file));
  return module.exports;
}
module.exports = { idLength, loadCompiled };
