import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BrowserName } from '../../contracts/target';

/** Browsers that obey the machine's policies; the headless shell, and so Playwright's own, reads none. */
type Managed = 'edge' | 'chrome' | 'chromium';

interface Forbidding {
  readonly policy: string;
  /** As `reg query` and JSON write it, in small letters. */
  readonly forbidden: string;
  readonly ask: string;
}

/**
 * Mandatory policies under which a browser cannot be driven: it never answers, or ends at once (measured with Chromium 156 on Linux).
 * Edge calls the last one otherwise. Sources: https://chromeenterprise.google/policies/, https://learn.microsoft.com/deployedge/microsoft-edge-policies
 */
const forbidding: readonly Forbidding[] = [
  { policy: 'RemoteDebuggingAllowed', forbidden: 'false', ask: 'to allow remote debugging (true)' },
  { policy: 'DeveloperToolsAvailability', forbidden: '2', ask: 'to allow developer tools but for forced extensions (0)' },
  { policy: 'HeadlessMode', forbidden: '2', ask: 'to allow headless mode (1)' },
  { policy: 'HeadlessModeEnabled', forbidden: 'false', ask: 'to allow headless mode (true)' },
];

const linuxFolders: Readonly<Record<Managed, readonly string[]>> = {
  chromium: ['/etc/chromium/policies/managed', '/etc/chromium-browser/policies/managed'],
  chrome: ['/etc/opt/chrome/policies/managed'],
  edge: ['/etc/opt/edge/policies/managed'],
};
const windowsKeys: Readonly<Record<Managed, string>> = {
  edge: 'Software\\Policies\\Microsoft\\Edge',
  chrome: 'Software\\Policies\\Google\\Chrome',
  chromium: 'Software\\Policies\\Chromium',
};

export interface PolicySource {
  /** Each mandatory policy of a browser with its value and where it stands. */
  read(browser: Managed): readonly { readonly policy: string; readonly value: string; readonly where: string }[];
}

/** Why a browser cannot be driven on this machine, naming the policy and what to ask for; null where no policy says so. Never throws. */
export function forbiddenByPolicy(
  name: BrowserName | 'configured',
  path: string | null,
  source: PolicySource = process.platform === 'win32' ? registry : process.platform === 'linux' ? policyFolders(linuxFolders) : { read: () => [] },
): string | null {
  const browser = managedBrowser(name, path);
  if (browser === null) return null;
  for (const { policy, value, where } of source.read(browser)) {
    const found = forbidding.find((each) => each.policy === policy && each.forbidden === value.toLowerCase());
    if (found)
      return (
        `the policy ${policy} = ${value} (${where}) forbids that it is driven; ` +
        `ask the administrator ${found.ask} for the account of the probe, or use another browser`
      );
  }
  return null;
}

function managedBrowser(name: BrowserName | 'configured', path: string | null): Managed | null {
  if (name === 'edge' || name === 'chrome' || name === 'chromium') return name;
  const file = path?.toLowerCase().replaceAll('\\', '/') ?? '';
  if (name !== 'configured' || file.includes('headless')) return null;
  return /edge/.test(file) ? 'edge' : /google|chrome-stable/.test(file) ? 'chrome' : /chromium|chrome/.test(file) ? 'chromium' : null;
}

/** Files of policies, as Chromium on Linux reads them; one that is no JSON is passed over. */
export function policyFolders(folders: Readonly<Record<Managed, readonly string[]>>): PolicySource {
  return {
    read: (browser) =>
      folders[browser].flatMap((folder) =>
        filesOf(folder).flatMap((file) => Object.entries(jsonOf(file)).map(([policy, value]) => ({ policy, value: String(value), where: file }))),
      ),
  };
}

const filesOf = (folder: string): string[] => {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .map((name) => join(folder, name))
      .sort();
  } catch {
    return [];
  }
};

function jsonOf(file: string): Readonly<Record<string, unknown>> {
  try {
    const read: unknown = JSON.parse(readFileSync(file, 'utf8').replace(/^\uFEFF/, ''));
    return typeof read === 'object' && read !== null ? (read as Readonly<Record<string, unknown>>) : {};
  } catch {
    return {};
  }
}

const registry: PolicySource = {
  read: (browser) =>
    ['HKLM', 'HKCU'].flatMap((hive) => {
      const key = `${hive}\\${windowsKeys[browser]}`;
      return readRegistryValues(queryRegistry(key)).map(({ name, value }) => ({ policy: name, value: inPolicyWords(name, value), where: key }));
    }),
};

function queryRegistry(key: string): string {
  try {
    return execFileSync('reg', ['query', key], { encoding: 'latin1', timeout: 4_000, stdio: ['ignore', 'pipe', 'ignore'], windowsHide: true });
  } catch {
    return ''; // no such key: no policies
  }
}

/** What `reg query KEY` prints, in any language: lines of name, type and value; numbers as 0x…. */
export function readRegistryValues(text: string): { readonly name: string; readonly value: string }[] {
  return [...text.matchAll(/^ +(\S+) +REG_(\w+) +(.*?)\r?$/gm)].map(([, name = '', type, value = '']) => ({
    name,
    value: type === 'DWORD' ? String(Number.parseInt(value, 16)) : value,
  }));
}

/** In the registry true and false are 1 and 0. */
const inPolicyWords = (policy: string, value: string): string =>
  forbidding.some((each) => each.policy === policy && each.forbidden === 'false') ? (value === '0' ? 'false' : 'true') : value;
