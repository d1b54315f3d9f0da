// The way in on a fresh machine: plain JavaScript, nothing but Node and npm. Installs dependencies when missing, then runs the named script.
const { spawnSync } = require('node:child_process');
const { existsSync, readFileSync } = require('node:fs');
const { join } = require('node:path');

const root = join(__dirname, '..', '..');
const [script, ...args] = process.argv.slice(2);
const [major, minor] = process.versions.node.split('.').map(Number);

if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`signin-probe needs Node.js 20.19 or newer; this is ${process.versions.node}. Install a current LTS version and run the command again.`);
  process.exit(3);
}

/** Versions are pinned: what package.json names must be there in just that version. npm writes node_modules/.package-lock.json last. */
function dependenciesMissing() {
  if (!existsSync(join(root, 'node_modules', '.package-lock.json'))) return true;
  const { dependencies, devDependencies } = readJson(join(root, 'package.json'));
  return Object.entries({ ...dependencies, ...devDependencies }).some(
    ([name, version]) => readJson(join(root, 'node_modules', name, 'package.json')).version !== version,
  );
}

function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return {};
  }
}

function run(command, commandArgs, options = {}) {
  const { status, error } = spawnSync(command, commandArgs, { cwd: root, stdio: 'inherit', ...options });
  if (error) console.error(`${command} could not be started: ${error.message}`);
  return status ?? 3;
}

if (dependenciesMissing()) {
  console.log('Installing dependencies (npm ci) …');
  // npm is a .cmd file on Windows, which only a shell can start.
  const status = run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], { shell: process.platform === 'win32' });
  if (status !== 0) {
    console.error('npm ci failed; see its message above. signin-probe needs its packages once, from the npm registry or a mirror of it.');
    process.exit(3);
  }
}
process.exit(run(process.execPath, ['-r', 'ts-node/register', join(root, 'scripts', 'start', script), ...args]));
