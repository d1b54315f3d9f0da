import type { LabAccount, RelyingPartyTrust } from '../adfs-types';
import { createAssertion } from './assertion';
import { encryptToken } from './encrypt-token';
import { createTokenResponse } from './token-response';

export interface TokenRequest {
  readonly trust: RelyingPartyTrust;
  /** The `wtrealm` of the request. */
  readonly realm: string;
  readonly issuer: string;
  readonly account: LabAccount;
  readonly authenticationMethod: string;
  /** ISO */
  readonly authenticatedAt: string;
  readonly now: Date;
  readonly signing: { readonly certPem: string; readonly keyPem: string };
}

/** Issues one `wresult` for a relying party, encrypted for its certificate unless the trust says otherwise. */
export function issueToken(request: TokenRequest): string {
  const { trust, now } = request;
  const audience = trust.issueAudienceOverride ?? request.realm;
  const expires = new Date(now.getTime() + trust.tokenLifetimeMinutes * 60_000);
  const assertion = createAssertion({
    issuer: request.issuer,
    audience,
    account: request.account,
    claims: trust.passthroughClaims,
    authenticationMethod: request.authenticationMethod,
    authenticatedAt: request.authenticatedAt,
    issuedAt: now,
    expiresAt: expires,
    signing: request.signing,
  });
  const encryptFor = trust.encryptClaims ? trust.encryptionCertificatePem : null;
  return createTokenResponse({ created: now, expires, appliesTo: audience, tokenXml: encryptFor ? encryptToken(assertion, encryptFor) : assertion });
}
