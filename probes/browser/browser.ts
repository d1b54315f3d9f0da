/** Finding a browser that really starts, and starting it. Playwright is loaded here only, when a browser is needed: it is most of a plain start's time. */
import { existsSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
import type { Browser, LaunchOptions } from 'playwright';
import { browserEnvironment } from './browser-environment';
import { type BrowserName, browserNames } from '../../contracts/target';
import { browserOrder, locateBrowser } from './browser-candidates';
import { forbiddenByPolicy } from './browser-policies';
import { type BrowserProfile, freshProfile } from './browser-profile';
import { nearestMatch } from '../../config/nearest-match';
import { quietPagesFlags } from '../guard/no-side-doors';
import { scriptMemoryFlag } from './page-limits';

export interface BrowserChoice {
  /** One of the known names, or `configured` for a path. */
  readonly name: BrowserName | 'configured';
  /** null = Playwright's own. */
  readonly executablePath: string | null;
  readonly version: string;
}

type BrowserCandidate = Omit<BrowserChoice, 'version'>;

export interface PassedOver {
  readonly name: string;
  readonly why: string;
}

export type BrowserSearch =
  | { readonly ok: true; readonly choice: BrowserChoice; readonly passedOver: readonly PassedOver[]; readonly warnings: readonly string[] }
  | { readonly ok: false; readonly why: string; readonly passedOver: readonly PassedOver[] };

/** A browser that may be started, or why not. */
export type Candidate = BrowserCandidate | PassedOver;

/**
 * The browsers of the contract's order, and which of them are passed over. A configured one (a name or a path) is the only one: silently taking
 * another would make results incomparable.
 */
export function browserCandidates(
  configured: string | null,
): { readonly ok: true; readonly candidates: readonly Candidate[] } | { readonly ok: false; readonly why: string } {
  if (debugProtocolLog()) return { ok: false, why: debugRefusal };
  if (configured !== null) {
    const wanted = configuredCandidate(configured);
    if ('why' in wanted) return { ok: false, why: wanted.why };
    const forbidden = forbiddenByPolicy(wanted.name, wanted.path);
    if (forbidden !== null) return { ok: false, why: notStarted(configured, forbidden) };
    return { ok: true, candidates: [{ name: wanted.name, executablePath: wanted.path }] };
  }
  const candidates = browserOrder(process.platform).map((name): Candidate => {
    const located = locateBrowser(name);
    if ('why' in located) return { name, why: located.why };
    // A browser whose policies forbid it is not started: it would be waited for in vain.
    const why = forbiddenByPolicy(name, located.path);
    return why === null ? { name, executablePath: located.path } : { name, why };
  });
  return { ok: true, candidates };
}

/** The first candidate that passes a launch test, with why the ones before it were passed over. Never throws. */
export async function findBrowser({ configured }: { readonly configured: string | null }): Promise<BrowserSearch> {
  const search = browserCandidates(configured);
  const passedOver: PassedOver[] = [];
  if (!search.ok) return { ok: false, why: search.why, passedOver };
  for (const candidate of search.candidates) {
    if ('why' in candidate) {
      passedOver.push(candidate);
      continue;
    }
    const tested = await launchTest(candidate.executablePath);
    if (tested.ok) return { ok: true, choice: { ...candidate, version: tested.version }, passedOver, warnings: launchWarnings() };
    if (configured !== null) return { ok: false, why: notStarted(configured, tested.why), passedOver };
    passedOver.push({ name: candidate.name, why: tested.why });
  }
  return { ok: false, why: noBrowser(passedOver), passedOver };
}

/** For the operator, where the one browser that may be used does not start. */
export const notStarted = (configured: string, why: string): string =>
  `The configured browser "${configured}" does not start: ${why}. Correct \`browser\` or leave it out.`;

/** For the operator, where there is no browser to use. */
export const noBrowser = (passedOver: readonly PassedOver[]): string =>
  `No browser that starts was found (${passedOver.map(({ name, why }) => `${name}: ${why}`).join('; ')}). Install one: ${installAdvice()}.`;

/** One command a person can copy. */
export function installAdvice(): string {
  if (process.platform === 'win32') return 'Microsoft Edge, or run `npx playwright install --only-shell chromium`';
  return isRoot() && existsSync('/etc/debian_version')
    ? '`apt-get install --no-install-recommends chromium-headless-shell`'
    : '`npx playwright install --only-shell chromium`';
}

/** What the operator should know of how browsers are started here. */
export const launchWarnings = (): string[] =>
  isRoot() ? ['Running as root: the browser runs without its sandbox. Use an ordinary account for regular monitoring.'] : [];

function configuredCandidate(configured: string): { readonly name: BrowserChoice['name']; readonly path: string | null } | { readonly why: string } {
  if (isAbsolute(configured) || /[\\/]/.test(configured)) {
    const path = resolve(configured);
    return existsSync(path) ? { name: 'configured', path } : { why: `Expected a browser at ${path}, found no such file; correct \`browser\` or leave it out.` };
  }
  const name = browserNames.find((known) => known === configured.toLowerCase());
  if (!name) {
    const near = nearestMatch(configured, browserNames);
    return { why: `Expected the path of a browser or one of ${browserNames.join(', ')}; found "${configured}"${near ? `; did you mean "${near}"?` : '.'}` };
  }
  const located = locateBrowser(name);
  return 'why' in located
    ? { why: `The configured browser "${name}" is passed over: ${located.why}. Install it, or leave \`browser\` out.` }
    : { name, path: located.path };
}

export interface LaunchWishes {
  /** Base64 SHA-256 of public keys Node verified with the configured CA (captureTls, trustedSpki); nothing else may stand here. */
  readonly spkis: readonly string[];
  /** Host that may be given the logged-on Windows account's ticket; null = nobody: with a password, the browser must not sign in by itself. */
  readonly authServerAllowlist: string | null;
  /** Environment variables that hold secrets: the browser process need not have them. */
  readonly hideEnvironment?: readonly string[];
}

export type LaunchResult =
  /** `profile` is to be removed once the browser is closed; at the latest the end of the process does it. */
  { readonly ok: true; readonly browser: Browser; readonly profile: BrowserProfile } | { readonly ok: false; readonly why: string };

/**
 * Starts the browser with the few variables it needs (browser-environment.ts), Kerberos's own among them (KRB5CCNAME, KRB5_CONFIG …).
 * TLS errors are never ignored as such: the only exceptions are the keys in `spkis`, already verified.
 */
export async function launchBrowser(
  choice: Pick<BrowserChoice, 'executablePath'>,
  { spkis, authServerAllowlist, hideEnvironment = [] }: LaunchWishes,
): Promise<LaunchResult> {
  if (debugProtocolLog()) return { ok: false, why: debugRefusal };
  const args = [...quietFlags];
  if (spkis.length > 0) args.push(`--ignore-certificate-errors-spki-list=${spkis.join(',')}`);
  // Without the flag the system decides, and Windows' intranet zone allows the logged-on account; a policy outranks it, which the journey's end tells.
  args.push(`--auth-server-allowlist=${authServerAllowlist ?? nobody}`);
  const env = browserEnvironment(process.env, hideEnvironment);
  const options: LaunchOptions = { headless: true, chromiumSandbox: !isRoot(), args, env, timeout: launchTimeoutMs };
  if (choice.executablePath !== null) options.executablePath = choice.executablePath;
  const profile = await freshProfile().catch((error: NodeJS.ErrnoException) => error);
  if (profile instanceof Error) return { ok: false, why: `the temporary folder cannot be written (${profile.code ?? profile.message})` };
  try {
    const { chromium } = playwright();
    if (authServerAllowlist !== null) args.push(`--log-net-log=${profile.netLogFile}`);
    const context = await chromium.launchPersistentContext(profile.userDataDir, { ...options, artifactsDir: profile.artifactsDir });
    const browser = context.browser();
    if (browser) return { ok: true, browser, profile };
    await context.close();
    throw new Error('it gives no access to its contexts');
  } catch (error) {
    await profile.remove();
    return { ok: false, why: launchFailure(error instanceof Error ? error.message : String(error)) };
  }
}

/** With `require`: `import` would read its seven megabytes once more, for the names it exports. */
// eslint-disable-next-line @typescript-eslint/no-require-imports
const playwright = (): typeof import('playwright') => require('playwright') as typeof import('playwright');

/** A name no server can have (RFC 2606). */
const nobody = 'nobody.invalid';

const launchTimeoutMs = 20_000;

/** No traffic but the journey's, and none past the proxy: QUIC would go around it. */
const quietFlags = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--disable-quic',
  '--dns-prefetch-disable',
  ...quietPagesFlags,
  scriptMemoryFlag,
];

async function launchTest(
  executablePath: string | null,
): Promise<{ readonly ok: true; readonly version: string } | { readonly ok: false; readonly why: string }> {
  const launched = await launchBrowser({ executablePath }, { spkis: [], authServerAllowlist: null });
  if (!launched.ok) return launched;
  const version = launched.browser.version();
  await launched.browser.close();
  await launched.profile.remove();
  return { ok: true, version };
}

function launchFailure(message: string): string {
  if (/Executable doesn't exist/.test(message)) return 'not installed';
  const library = /error while loading shared libraries: ([^\s:]+)/.exec(message)?.[1];
  if (library) return `the system library ${library} is missing`;
  if (/no usable sandbox|sandbox_host|unprivileged_userns|zygote_host/i.test(message))
    return 'its sandbox cannot start on this system (user namespaces are switched off)';
  const line = message.split('\n').find((text) => text.trim() !== '') ?? 'no reason given';
  return line.replace(/^browserType\.launch\w*: /, '').replace(/[.\s]+$/, '');
}

function isRoot(): boolean {
  return process.platform !== 'win32' && process.getuid?.() === 0;
}

/** Playwright's protocol log prints everything typed, passwords included. */
function debugProtocolLog(): boolean {
  return (process.env.DEBUG ?? '').split(/[\s,]+/).some((part) => /^(pw:|\*)/.test(part));
}
const debugRefusal = 'The environment variable DEBUG makes Playwright print everything it types, the password included; unset it.';
