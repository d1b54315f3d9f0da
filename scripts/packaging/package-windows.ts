/**
 * `npm run package:windows`: what people without npm get, in output/packages: a zip for Windows with its Node.js, an MSI,
 * a zip for Linux, SHA256SUMS.
 * Built on Linux from the npm registry alone, offline the second time (from npm's cache), byte for byte the same twice.
 */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Zippable, zipSync } from 'fflate';
import { nodeExe, nodeForWindows, sha256 } from './node-for-windows';
import { buildMsi } from './windows-msi';

const root = resolve(__dirname, '../..');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };

/** Every file's time in the archives: nothing depends on when they were made. */
const stamp = new Date(1980, 0, 1);

const npm = (args: readonly string[], cwd: string): string =>
  execFileSync('npm', [...args, '--prefer-offline', '--no-audit', '--no-fund', '--silent'], { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });

/** `npm pack` in a copy of the sources, unpacked: the package as every user of npm gets it. */
function unpackProgram(work: string): string {
  const sources = join(work, 'sources');
  const left = new Set(['node_modules', 'output', 'dist', '.git', 'test-results', '.signin-probe']);
  mkdirSync(sources);
  for (const name of readdirSync(root).filter((each) => !left.has(each))) cpSync(join(root, name), join(sources, name), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(sources, 'node_modules'), 'junction');
  npm(['pack', '--pack-destination', work], sources);
  const packed = readdirSync(work).find((name) => name.endsWith('.tgz')) ?? '';
  execFileSync('tar', ['-xzf', join(work, packed), '-C', work]);
  return join(work, 'package');
}

/** The program with its production packages for a system, as npm-shrinkwrap.json pins them. */
function installProgram(program: string, to: string, os: 'win32' | 'linux'): void {
  mkdirSync(to, { recursive: true });
  cpSync(program, to, { recursive: true });
  npm(['ci', '--omit=dev', '--ignore-scripts', `--os=${os}`, '--cpu=x64', ...(os === 'linux' ? ['--libc=glibc'] : [])], to);
  // Made by npm for itself, with paths and an order of its own.
  rmSync(join(to, 'node_modules', '.package-lock.json'), { force: true });
  rmSync(join(to, 'node_modules', '.bin'), { recursive: true, force: true });
}

/** Licences and the software bill of materials, beside what both systems have. */
function addPapers(folder: string, withNode: boolean): void {
  mkdirSync(join(folder, 'licences'), { recursive: true });
  cpSync(join(root, 'LICENSE'), join(folder, 'licences', 'signin-probe.txt'));
  cpSync(join(root, 'docs', 'licences.md'), join(folder, 'licences', 'packages.md'));
  if (withNode)
    writeFileSync(
      join(folder, 'licences', 'node.txt'),
      `Node.js ${nodeForWindows.version} (node.exe) is under the MIT licence and those of what it is built with:\r\n` +
        `https://github.com/nodejs/node/blob/v${nodeForWindows.version}/LICENSE\r\n`,
    );
  const sbom = JSON.parse(npm(['sbom', '--sbom-format', 'cyclonedx', '--omit', 'dev', '--package-lock-only'], root)) as Record<string, unknown> & {
    metadata?: { timestamp?: string };
    components?: unknown[];
  };
  // What differs from one build to the next.
  delete sbom['serialNumber'];
  delete sbom.metadata?.timestamp;
  if (withNode)
    sbom.components?.push({ type: 'application', name: 'node', version: nodeForWindows.version, hashes: [{ alg: 'SHA-256', content: nodeForWindows.sha256 }] });
  writeFileSync(join(folder, 'sbom.json'), `${JSON.stringify(sbom, null, 1)}\n`);
  mkdirSync(join(folder, 'example'));
  cpSync(join(root, 'examples', 'signin-probe.yaml'), join(folder, 'example', 'signin-probe.yaml'));
}

/** A zip of a folder in order of names, with one time for all; what `executable` names may be run. */
function zipFolder(folder: string, name: string, executable: readonly string[]): Buffer {
  const tree: Zippable = {};
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((path) => path.split('\\').join('/'));
  for (const path of paths.sort()) {
    const file = join(folder, path);
    if (!statSync(file).isFile()) continue;
    const mode = executable.includes(path) ? 0o100755 : 0o100644;
    tree[`${name}/${path}`] = [readFileSync(file), { mtime: stamp, level: 9, os: 3, attrs: mode * 0x10000 }];
  }
  return Buffer.from(zipSync(tree));
}

const launcher = `#!/bin/sh
# Node.js 20.19 or newer must be on the PATH; nothing is written here.
exec node "$(dirname "$(readlink -f "$0")")/program/bin/signin-probe.js" "$@"
`;

/** The folders of both packages, made anew below `work`. */
export function layOut(work: string): { readonly windows: string; readonly linux: string } {
  const program = unpackProgram(work);
  const windows = join(work, `signin-probe-${version}-win-x64`);
  cpSync(join(root, 'windows'), windows, { recursive: true });
  installProgram(program, join(windows, 'program'), 'win32');
  writeFileSync(join(windows, 'node.exe'), readFileSync(nodeExe()));
  addPapers(windows, true);
  const linux = join(work, `signin-probe-${version}-linux-x64`);
  installProgram(program, join(linux, 'program'), 'linux');
  writeFileSync(join(linux, 'signin-probe'), launcher);
  chmodSync(join(linux, 'signin-probe'), 0o755);
  cpSync(join(root, 'examples', 'container', 'Containerfile'), join(linux, 'Containerfile'));
  addPapers(linux, false);
  return { windows, linux };
}

function main(): void {
  const out = join(root, 'output', 'packages');
  mkdirSync(out, { recursive: true });
  const work = mkdtempSync(join(tmpdir(), 'signin-probe-package-'));
  try {
    const { windows, linux } = layOut(work);
    const made: string[] = [];
    const put = (name: string, bytes: Buffer): void => {
      writeFileSync(join(work, name), bytes);
      renameSync(join(work, name), join(out, name));
      made.push(name);
    };
    const base = `signin-probe-${version}`;
    put(`${base}-win-x64.zip`, zipFolder(windows, `${base}-win-x64`, []));
    put(`${base}-linux-x64.zip`, zipFolder(linux, `${base}-linux-x64`, ['signin-probe']));
    const msi = buildMsi(windows, version, work);
    if (msi.ok) put(`${base}-win-x64.msi`, readFileSync(msi.file));
    else console.log(`No MSI: ${msi.why}`);
    writeFileSync(
      join(out, 'SHA256SUMS'),
      made
        .sort()
        .map((name) => `${sha256(readFileSync(join(out, name)))}  ${name}\n`)
        .join(''),
    );
    for (const name of made) console.log(`${join('output', 'packages', name)}  ${(statSync(join(out, name)).size / 1_048_576).toFixed(1)} MB`);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

if (require.main === module && existsSync(join(root, 'windows'))) main();
