import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Never changes: by it Windows knows that a newer version replaces this one. */
const upgradeCode = '6C1D0C0E-5C8C-4B64-9A0C-6B5B3C0D8A51';

/** A GUID that depends on its name only, so that a build gives the same twice. */
function guidOf(name: string): string {
  const hex = createHash('sha256').update(`signin-probe ${name}`).digest('hex').toUpperCase();
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-A${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
const idOf = (kind: string, path: string): string => `${kind}${createHash('sha256').update(path).digest('hex').slice(0, 24)}`;
const xml = (text: string): string => text.replace(/&/g, '&amp;').replace(/"/g, '&quot;').replace(/</g, '&lt;');

const madeThen = new Date('1980-01-01T00:00:00Z');

/** The folders and files below `folder` as WiX wants them, one component per file; their ids go to `ids`. */
function tree(folder: string, below: string, ids: string[]): string {
  return readdirSync(join(folder, below))
    .sort()
    .map((name) => {
      const path = below === '' ? name : `${below}/${name}`;
      if (statSync(join(folder, path)).isDirectory()) return `<Directory Id="${idOf('d', path)}" Name="${xml(name)}">${tree(folder, path, ids)}</Directory>`;
      utimesSync(join(folder, path), madeThen, madeThen); // the cabinet keeps it
      const id = idOf('c', path);
      ids.push(id);
      return `<Component Id="${id}" Guid="${guidOf(path)}"><File Id="${idOf('f', path)}" Source="${xml(path)}" Name="${xml(name)}" KeyPath="yes"/></Component>`;
    })
    .join('\n');
}

/** What WiX builds the MSI from: per machine, with PATH, a Start menu entry for the page of watch; uninstalling leaves data alone, which it never holds. */
function source(folder: string, version: string): string {
  const ids: string[] = [];
  const files = tree(folder, '', ids);
  return `<?xml version="1.0" encoding="utf-8"?>
<Wix xmlns="http://schemas.microsoft.com/wix/2006/wi">
<Product Id="${guidOf(`product ${version}`)}" Name="signin-probe" Language="1033" Version="${version}" Manufacturer="signin-probe" UpgradeCode="${upgradeCode}">
<Package InstallerVersion="500" Compressed="yes" InstallScope="perMachine" Id="${guidOf(`package ${version}`)}" Description="signin-probe"/>
<MajorUpgrade DowngradeErrorMessage="A newer version of signin-probe is installed."/>
<Media Id="1" Cabinet="files.cab" EmbedCab="yes"/>
<Directory Id="TARGETDIR" Name="SourceDir">
<Directory Id="ProgramFiles64Folder"><Directory Id="INSTALLDIR" Name="signin-probe">
${files}
<Component Id="PathEntry" Guid="${guidOf('path')}"><CreateFolder/></Component>
</Directory></Directory>
<Directory Id="ProgramMenuFolder"><Directory Id="MenuFolder" Name="signin-probe">
<Component Id="Menu" Guid="${guidOf('menu')}">
<Shortcut Id="Page" Name="signin-probe web page" Target="[SystemFolder]cmd.exe" Arguments="/d /c start http://127.0.0.1:26868/" WorkingDirectory="INSTALLDIR"/>
<RemoveFolder Id="RemoveMenu" On="uninstall"/>
<RegistryValue Root="HKLM" Key="Software\\signin-probe" Name="menu" Type="integer" Value="1" KeyPath="yes"/>
</Component></Directory></Directory>
</Directory>
<Feature Id="All" Level="1">${[...ids, 'PathEntry', 'Menu'].map((id) => `<ComponentRef Id="${id}"/>`).join('')}</Feature>
</Product>
</Wix>
`;
}

/** The MSI of a laid out package, built by wixl; why not, where it cannot be. */
export function buildMsi(
  folder: string,
  version: string,
  work: string,
): { readonly ok: true; readonly file: string } | { readonly ok: false; readonly why: string } {
  const [wxs, file] = [join(work, 'package.wxs'), join(work, 'package.msi')];
  writeFileSync(wxs, source(folder, version));
  const run = spawnSync('wixl', ['--arch', 'x64', '-o', file, wxs], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, SOURCE_DATE_EPOCH: '315532800', TZ: 'UTC' },
  });
  if (run.error) return { ok: false, why: 'wixl is not installed (Debian: apt-get install wixl).' };
  if (run.status !== 0) return { ok: false, why: `wixl ended with ${run.status ?? run.signal}: ${run.stderr.trim().slice(0, 400)}` };
  return addPathEntry(file, version, work);
}

/** wixl knows no environment variables: their table is put in afterwards. `=-*` = set at install, taken away at uninstall, for the whole machine. */
function addPathEntry(
  file: string,
  version: string,
  work: string,
): { readonly ok: true; readonly file: string } | { readonly ok: false; readonly why: string } {
  const table = join(work, 'Environment.idt');
  const row = ['Path', '=-*PATH', '[~];[INSTALLDIR]', 'PathEntry'];
  const lines = [['Environment', 'Name', 'Value', 'Component_'], ['s72', 'l255', 'L255', 's72'], ['Environment', 'Environment'], row];
  writeFileSync(table, lines.map((cells) => `${cells.join('\t')}\r\n`).join(''));
  const insert = 'INSERT INTO `InstallExecuteSequence` (`Action`, `Condition`, `Sequence`) VALUES';
  const queries = [`${insert} ('RemoveEnvironmentStrings', '', 3300)`, `${insert} ('WriteEnvironmentStrings', '', 5200)`];
  for (const args of [['-i', table], ...queries.map((query) => ['-q', query])]) {
    const run = spawnSync('msibuild', [file, ...args], { encoding: 'utf8' });
    if (run.status !== 0)
      return { ok: false, why: `msibuild (Debian: msitools) ended with ${run.status ?? run.error?.message}: ${run.stderr?.trim().slice(0, 400)}` };
  }
  const bytes = readFileSync(file);
  fixSummary(bytes, guidOf(`package ${version}`));
  writeFileSync(file, bytes);
  return { ok: true, file };
}

/** The format of the summary of a compound file, by which it is found (MS-OLEPS 2.21). */
const summaryFormat = Buffer.from('e0859ff2f94f6810ab9108002b27b3d9', 'hex');
/** Its properties: 9 = the package's GUID, 12 and 13 = when it was made and saved (MS-OLEPS 2.25.1). */
const [revision, madeAt, savedAt] = [9, 12, 13];
/** 1980-01-01, in steps of 100 ns since 1601. */
const stamp = 119_600_064_000_000_000n;

/** wixl puts a GUID of chance and the time of the build into the summary: both are replaced in place, so that a build gives the same twice. */
function fixSummary(bytes: Buffer, packageGuid: string): void {
  const found = bytes.indexOf(summaryFormat);
  if (found < 0) throw new Error('The MSI has no summary.');
  const section = found - 28 + bytes.readUInt32LE(found + 16);
  for (let n = 0; n < bytes.readUInt32LE(section + 4); n++) {
    const property = bytes.readUInt32LE(section + 8 + n * 8);
    const at = section + bytes.readUInt32LE(section + 12 + n * 8);
    if (property === revision) bytes.write(`{${packageGuid}}`, at + 8, 'latin1');
    if (property === madeAt || property === savedAt) bytes.writeBigUInt64LE(stamp, at + 4);
  }
}
