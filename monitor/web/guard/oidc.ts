/** Sign-in at an OpenID provider: authorization code flow with PKCE, state and nonce; the role is read from a claim of the ID token. */
import * as openid from 'openid-client';
import type { WebRole } from '../../../contracts/web-config';
import type { OidcSettings } from './oidc-settings';

interface Pending {
  readonly verifier: string;
  readonly state: string;
  readonly nonce: string;
  readonly goTo: string;
  readonly until: number;
}

export type OidcOutcome =
  | { readonly ok: true; readonly user: string; readonly role: WebRole; readonly goTo: string }
  | { readonly ok: false; readonly status: 400 | 403 | 502; readonly why: string };

const pendingMs = 10 * 60_000;
const maxPending = 1000;
const loopback = /^http:\/\/(localhost|127(\.\d{1,3}){3}|\[::1\])(:|\/|$)/;

export class Oidc {
  #provider: Promise<openid.Configuration> | null = null;
  readonly #pending = new Map<string, Pending>();

  constructor(
    private readonly settings: OidcSettings,
    /** Where the provider sends people back to. */
    private readonly redirectUri: string,
    private readonly now: () => Date,
  ) {}

  /** The address at the provider to send the person to. `browser` = the value of a cookie only that browser has. */
  async begin(browser: string, goTo: string): Promise<string> {
    const provider = await this.#discovered();
    const at = this.now().getTime();
    for (const [key, { until }] of this.#pending) if (until < at) this.#pending.delete(key);
    const [oldest] = this.#pending.keys();
    if (this.#pending.size >= maxPending && oldest !== undefined) this.#pending.delete(oldest);
    const pending: Pending = {
      verifier: openid.randomPKCECodeVerifier(),
      state: openid.randomState(),
      nonce: openid.randomNonce(),
      goTo,
      until: at + pendingMs,
    };
    this.#pending.set(browser, pending);
    return openid.buildAuthorizationUrl(provider, {
      redirect_uri: this.redirectUri,
      scope: this.settings.scopes,
      code_challenge: await openid.calculatePKCECodeChallenge(pending.verifier),
      code_challenge_method: 'S256',
      state: pending.state,
      nonce: pending.nonce,
    }).href;
  }

  /** The provider has sent the person back with `query`. Each begun sign-in can be finished once. */
  async finish(browser: string | undefined, query: string): Promise<OidcOutcome> {
    const pending = browser === undefined ? undefined : this.#pending.get(browser);
    if (browser !== undefined) this.#pending.delete(browser);
    if (!pending || pending.until < this.now().getTime())
      return { ok: false, status: 400, why: 'This sign-in was not begun in this browser, or more than ten minutes ago. Begin again.' };
    let claims: openid.IDToken | undefined;
    try {
      const tokens = await openid.authorizationCodeGrant(await this.#discovered(), new URL(`${this.redirectUri}${query}`), {
        pkceCodeVerifier: pending.verifier,
        expectedState: pending.state,
        expectedNonce: pending.nonce,
        idTokenExpected: true,
      });
      claims = tokens.claims();
    } catch (error) {
      const refused = error instanceof openid.AuthorizationResponseError;
      return { ok: false, status: refused ? 403 : 502, why: refused ? `The OpenID provider refused the sign-in (${error.error}).` : faultText(error) };
    }
    const name = claims?.['preferred_username'] ?? claims?.['email'] ?? claims?.sub;
    const user = typeof name === 'string' ? name.slice(0, 128) : 'unknown';
    const role = roleOf(claims ?? {}, this.settings);
    if (role === null)
      return {
        ok: false,
        status: 403,
        why: `${user} has no role here: the claim “${this.settings.rolesClaim}” has none of the values of \`operators\` and \`viewers\`.`,
      };
    return { ok: true, user, role, goTo: pending.goTo };
  }

  /** Looked up at the first sign-in and kept; a failure is not kept. */
  #discovered(): Promise<openid.Configuration> {
    const { issuer, clientId, clientSecret } = this.settings;
    this.#provider ??= openid
      .discovery(new URL(issuer), clientId, undefined, clientSecret ? openid.ClientSecretBasic(clientSecret.use()) : openid.None(), {
        timeout: 10,
        // The ID token decides who may act, so its signature is checked although it comes from the provider itself.
        // Plain http is for a provider on this machine only; the configuration allows no other.
        execute: [openid.enableNonRepudiationChecks, ...(loopback.test(issuer) ? [openid.allowInsecureRequests] : [])],
      })
      .catch((error: unknown) => {
        this.#provider = null;
        throw error;
      });
    return this.#provider;
  }
}

/** One sentence without tokens and without what the provider wrote. */
export function faultText(error: unknown): string {
  const code = (error as { code?: unknown }).code;
  return `The OpenID provider could not be asked, or its answer cannot be used${typeof code === 'string' ? ` (${code})` : ''}. See the log of \`watch\`.`;
}

function roleOf(claims: Readonly<Record<string, unknown>>, { rolesClaim, operators, viewers }: OidcSettings): WebRole | null {
  // A claim may itself have dots in its name (https://contoso.com/roles), so the whole name goes first.
  const found = Object.hasOwn(claims, rolesClaim)
    ? claims[rolesClaim]
    : rolesClaim.split('.').reduce<unknown>((value, part) => (isObject(value) && Object.hasOwn(value, part) ? value[part] : undefined), claims);
  const values = Array.isArray(found) ? found : [found];
  if (values.some((value) => operators.includes(value as string))) return 'operator';
  return values.some((value) => viewers.includes(value as string)) ? 'viewer' : null;
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
