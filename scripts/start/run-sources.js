// Lets Node load the TypeScript sources of a checkout. What was translated once is kept under node_modules/.cache, by what it was made of: a start takes a
// second instead of six. A cache that cannot be read or written costs time, nothing else.
const { createHash, randomBytes } = require('node:crypto');
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');

const root = join(__dirname, '..', '..');
const folder = join(root, 'node_modules', '.cache', 'signin-probe');
const settings = readFileSync(join(root, 'tsconfig.json'), 'utf8');
const made = `${settings}\n${readFileSync(join(root, 'node_modules', 'typescript', 'package.json'), 'utf8')}`;

let translate = null;
function translated(path, source) {
  translate ??= require('ts-node').create({ cwd: root, project: join(root, 'tsconfig.json'), transpileOnly: true });
  return translate.compile(source, path);
}

function codeOf(path) {
  const source = readFileSync(path, 'utf8');
  const kept = join(folder, `${createHash('sha256').update(`${made}\n${path}\n${source}`).digest('hex')}.js`);
  try {
    return readFileSync(kept, 'utf8');
  } catch {
    // not translated yet
  }
  const code = translated(path, source);
  try {
    mkdirSync(folder, { recursive: true });
    const draft = `${kept}.${randomBytes(8).toString('hex')}`;
    writeFileSync(draft, code, { flag: 'wx' });
    renameSync(draft, kept);
  } catch {
    // read-only, or full
  }
  return code;
}

require.extensions['.ts'] = (module, path) => module._compile(codeOf(path), path);
if (process.argv.includes('--verbose')) process.setSourceMapsEnabled(true); // stacks with the sources' lines
