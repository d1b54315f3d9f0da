import { resolve } from 'node:path';
import type { WebConfig } from '../../../contracts/web-config';
import { ProbeFault } from '../../../contracts/probe-fault';
import { resolveSecret, type Secret } from '../../../probes/secrets';

type OidcConfig = NonNullable<NonNullable<WebConfig['signIn']>['oidc']>;

export interface OidcSettings {
  readonly issuer: string;
  readonly clientId: string;
  /** null = a public client: PKCE alone. */
  readonly clientSecret: Secret | null;
  readonly scopes: string;
  readonly rolesClaim: string;
  readonly operators: readonly string[];
  readonly viewers: readonly string[];
}

/** Fills in the defaults and gets the client's secret; ProbeFault when it cannot be had. */
export async function readOidcSettings(config: OidcConfig, folder: string): Promise<OidcSettings> {
  return {
    issuer: config.issuer,
    clientId: config.clientId,
    clientSecret: config.clientSecret === undefined ? null : await secretOf(config.clientSecret, folder),
    scopes: config.scopes ?? 'openid profile',
    rolesClaim: config.rolesClaim ?? 'roles',
    operators: config.operators,
    viewers: config.viewers ?? [],
  };
}

async function secretOf(reference: string, folder: string): Promise<Secret> {
  const absolute = reference.startsWith('file:') ? `file:${resolve(folder, reference.slice('file:'.length))}` : reference;
  const secret = await resolveSecret(absolute, { interactive: false });
  if (!secret.ok) throw new ProbeFault(`web: signIn: oidc: clientSecret: ${secret.why}`);
  return secret.value;
}
