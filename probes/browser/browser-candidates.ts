import { accessSync, constants, existsSync, realpathSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { BrowserName } from '../../contracts/target';

/** Contract, "Browser order": the headless shell costs a third of the full browser; on Windows Edge is always there. */
export function browserOrder(platform: NodeJS.Platform): readonly BrowserName[] {
  if (platform === 'win32') return ['edge', 'chrome', 'chromium', 'playwright'];
  if (platform === 'darwin') return ['chrome', 'edge', 'chromium', 'playwright'];
  return ['chromium-headless-shell', 'playwright', 'chrome', 'chromium'];
}

const linuxCommands: Readonly<Record<Exclude<BrowserName, 'playwright'>, readonly string[]>> = {
  'chromium-headless-shell': ['chromium-headless-shell', 'chrome-headless-shell'],
  chrome: ['google-chrome-stable', 'google-chrome'],
  chromium: ['chromium', 'chromium-browser'],
  edge: ['microsoft-edge-stable', 'microsoft-edge'],
};
const windowsPaths: Readonly<Partial<Record<BrowserName, string>>> = {
  edge: 'Microsoft\\Edge\\Application\\msedge.exe',
  chrome: 'Google\\Chrome\\Application\\chrome.exe',
  chromium: 'Chromium\\Application\\chrome.exe',
};
const macPaths: Readonly<Partial<Record<BrowserName, string>>> = {
  edge: '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  chrome: '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  chromium: '/Applications/Chromium.app/Contents/MacOS/Chromium',
};

/** Where a browser is on this machine, or why it is passed over. `playwright` has no path: Playwright knows where it put its own. */
export function locateBrowser(
  name: BrowserName,
  platform: NodeJS.Platform = process.platform,
  env: NodeJS.ProcessEnv = process.env,
): { readonly path: string | null } | { readonly why: string } {
  if (name === 'playwright') return { path: null };
  const found = platform === 'win32' ? windowsPath(name, env) : platform === 'darwin' ? existing(macPaths[name]) : onPath(linuxCommands[name], env);
  if (found === null) return { why: 'not installed' };
  if (platform === 'linux' && isSnap(found)) return { why: `${found} is a snap package, which cannot be driven from outside its own folders` };
  return { path: found };
}

function windowsPath(name: BrowserName, env: NodeJS.ProcessEnv): string | null {
  const tail = windowsPaths[name];
  const roots = [env.PROGRAMFILES, env['ProgramFiles(x86)'], env.LOCALAPPDATA];
  for (const root of tail ? roots : []) if (root && existsSync(`${root}\\${tail}`)) return `${root}\\${tail}`;
  return null;
}

function existing(path: string | undefined): string | null {
  return path !== undefined && existsSync(path) ? path : null;
}

function onPath(commands: readonly string[], env: NodeJS.ProcessEnv): string | null {
  for (const command of commands)
    for (const folder of (env.PATH ?? '').split(delimiter)) {
      const path = join(folder, command);
      try {
        if (folder === '') continue;
        accessSync(path, constants.X_OK);
        return path;
      } catch {
        // not here: the next folder
      }
    }
  return null;
}

function isSnap(path: string): boolean {
  try {
    return /^\/(var\/lib\/)?snap\/|\/usr\/bin\/snap$/.test(realpathSync(path));
  } catch {
    return false;
  }
}
