/** `web:` of the configuration, checked: what may listen where, and who gets in. Whatever would be open to others refuses to start. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { createSecureContext } from 'node:tls';
import type { WebConfig, WebRole } from '../../contracts/web-config';
import { ProbeFault } from '../../contracts/probe-fault';
import { type OidcSettings, readOidcSettings } from './guard/oidc-settings';
import { refuseSharedFile } from './guard/private-file';
import type { SessionLimits } from './guard/sessions';
import { readUsers } from './guard/users-file';

type WebAccess =
  /** Loopback without sign-in: what a visitor may do who has not given the operator key. */
  | { readonly kind: 'local'; readonly role: WebRole }
  | { readonly kind: 'sign-in'; readonly usersFile: string | null; readonly oidc: OidcSettings | null; readonly limits: SessionLimits };

export interface WebSettings {
  readonly listen: { readonly host: string; readonly port: number };
  /** PEM, for `fastify({ https })`; null = plain http. */
  readonly tls: { readonly cert: Buffer; readonly key: Buffer } | null;
  readonly behindProxy: boolean;
  /** Origin people use; null = the loopback address itself. */
  readonly baseUrl: string | null;
  readonly loopback: boolean;
  readonly access: WebAccess;
}

const defaultListen = '127.0.0.1:26868';
const minuteMs = 60_000;

/**
 * Reads the files the configuration names. `folder` is the configuration's. Throws one ProbeFault, with every problem in it, when the page would be
 * open to others without TLS or without sign-in, or when a file does not fit.
 */
export async function readWebSettings(config: WebConfig = {}, folder: string): Promise<WebSettings> {
  const listenText = config.listen ?? defaultListen;
  const split = listenText.lastIndexOf(':');
  const [host, port] = [listenText.slice(0, split).replace(/^\[|\]$/g, ''), Number(listenText.slice(split + 1))];
  const loopback = host === 'localhost' || host === '::1' || host.startsWith('127.');
  const behindProxy = config.behindProxy ?? false;
  const baseUrl = config.baseUrl === undefined ? null : new URL(config.baseUrl).origin;
  const problems = placeProblems(config, { listenText, port, loopback, behindProxy, baseUrl });
  if (problems.length > 0) throw new ProbeFault(problems.map((text) => `web: ${text}`).join('\n'));
  return {
    listen: { host, port },
    tls: config.tls ? readTls(config.tls, folder) : null,
    behindProxy,
    baseUrl,
    loopback,
    access: await readAccess(config, folder),
  };
}

interface Place {
  readonly listenText: string;
  readonly port: number;
  readonly loopback: boolean;
  readonly behindProxy: boolean;
  readonly baseUrl: string | null;
}

function placeProblems(config: WebConfig, { listenText, port, loopback, behindProxy, baseUrl }: Place): string[] {
  const others = !loopback || behindProxy;
  const found = behindProxy ? 'found `behindProxy: true`' : `found \`listen: ${listenText}\`, which other machines can reach`;
  const problems: (string | false)[] = [
    port > 65_535 && `expected a port up to 65535, found ${port}; correct \`listen\`.`,
    !loopback &&
      !behindProxy &&
      !config.tls &&
      `${found}: add \`tls: { cert: …, key: … }\`, or \`behindProxy: true\` with a reverse proxy that speaks TLS in front.`,
    others && !config.signIn && `${found}: add \`signIn\` with \`passwords\` or \`oidc\`, so that not everybody may look and act.`,
    others && baseUrl === null && `${found}: add \`baseUrl\`, the address people type, such as https://signin-probe.contoso.com.`,
    (behindProxy || config.tls !== undefined) &&
      baseUrl?.startsWith('http:') === true &&
      `expected a \`baseUrl\` with https, found ${baseUrl}; browsers speak TLS with ${behindProxy ? 'the proxy' : 'this page'}.`,
    !behindProxy &&
      !config.tls &&
      baseUrl?.startsWith('https:') === true &&
      `found \`baseUrl: ${baseUrl}\` without \`tls\` or \`behindProxy: true\`; say who speaks TLS.`,
    config.signIn?.oidc !== undefined && baseUrl === null && 'found `oidc` without `baseUrl`; the OpenID provider sends people back to that address.',
    config.local !== undefined && config.signIn !== undefined && 'found both `local` and `signIn`; with `signIn` everybody signs in, so remove `local`.',
  ];
  return problems.filter((problem) => problem !== false);
}

function readTls(files: { readonly cert: string; readonly key: string }, folder: string): { cert: Buffer; key: Buffer } {
  refuseSharedFile(resolve(folder, files.key), 'web: tls: key');
  const [cert, key] = [readFile(resolve(folder, files.cert), 'web: tls: cert'), readFile(resolve(folder, files.key), 'web: tls: key')];
  try {
    createSecureContext({ cert, key });
  } catch (error) {
    throw new ProbeFault(
      `web: tls: expected a certificate (PEM, with its chain) and its private key without a password; found ${files.cert} and ${files.key}, ` +
        `which do not fit together (${(error as NodeJS.ErrnoException).code ?? 'unreadable'}). Export both again.`,
    );
  }
  return { cert, key };
}

function readFile(path: string, where: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new ProbeFault(
      `${where}: expected a file that can be read, found ${path} (${(error as NodeJS.ErrnoException).code ?? 'unreadable'}); correct the path or its rights.`,
    );
  }
}

async function readAccess({ signIn, local }: WebConfig, folder: string): Promise<WebAccess> {
  if (!signIn) return { kind: 'local', role: local ?? 'viewer' };
  const usersFile = signIn.passwords === undefined ? null : resolve(folder, signIn.passwords);
  if (usersFile !== null && readUsers(usersFile).length === 0)
    throw new ProbeFault(`web: signIn: passwords: found no user in ${usersFile}; make one: signin-probe web user NAME --role operator`);
  return {
    kind: 'sign-in',
    usersFile,
    oidc: signIn.oidc ? await readOidcSettings(signIn.oidc, folder) : null,
    limits: {
      idleMs: (signIn.idleMinutes ?? 60) * minuteMs,
      maxMs: { operator: (signIn.maxHours ?? 12) * 60 * minuteMs, viewer: (signIn.viewerMaxHours ?? signIn.maxHours ?? 12) * 60 * minuteMs },
    },
  };
}
