import { X509Certificate } from 'node:crypto';
import type { LabAccount } from './adfs-types';
import { authenticatedValue, readCookies, readSignOutValue, setCookie, signOutValue } from './cookies';
import { httpSysPage } from './http-sys';
import { judgeLoop } from './loop-detection';
import { workingPage } from './pages/working-page';
import { showSecondFactor } from './second-factor';
import { refuse, reply } from './service';
import type { SsoSession } from './sso-session';
import { issueToken } from './token/issue-token';
import type { SignInRequest } from './sign-in-request';

export const windowsMethod = 'urn:federation:authentication:windows';
const protectedTransport = 'urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport';
export const passwordMethods: readonly string[] = ['urn:oasis:names:tc:SAML:1.0:am:password', protectedTransport];

/** The URI that the token names: the requested one for passwords, so that CRM finds what it asked for (field guide section 3.2). */
const authenticationMethod = (session: SsoSession, wauth: string | null): string => {
  if (session.method === 'windows') return windowsMethod;
  return wauth && passwordMethods.includes(wauth) ? wauth : protectedTransport;
};

/** Texts as public reports have them, shortened. */
const directoryText =
  'Microsoft.IdentityServer.RequestFailedException: MSIS7012: An error occurred while processing the request. Contact your administrator for details. ---> ' +
  'Microsoft.IdentityServer.ClaimsPolicy.Language.PolicyEvaluationException: POLICY0018: ' +
  "Query ';userPrincipalName;{0}' to attribute store 'Active Directory' failed: 'The LDAP server is unavailable.'.";
const providerCertificateText =
  'Microsoft.IdentityServer.Web.RequestFailedException: MSIS7012: An error occurred while processing the request. ' +
  '---> System.IdentityModel.Tokens.SecurityTokenException: ' +
  'ID4175: The issuer of the security token was not recognized by the IssuerNameRegistry. ' +
  'at Microsoft.IdentityServer.Service.Tokens.MSISSamlSecurityTokenHandler.ValidateToken';
const providerMethodText =
  'Microsoft.IdentityServer.Service.Policy.PolicyServer.Engine.InvalidAuthenticationTypePolicyException: MSIS7102: ' +
  'Requested Authentication Method is not supported on the STS.';

/** What stops the token pipeline for an account whose credentials are good: authorization rules, then the two certificates a token needs. */
function whyNoToken({ call, trust }: SignInRequest, now: Date): { code: string; text: string } | null {
  const { signingPrimary } = call.service.adfs.certificates;
  const { directoryDown, refusesProvider } = call.service.adfs.settings;
  if (directoryDown) return { code: 'MSIS7012', text: directoryText };
  if (refusesProvider)
    return refusesProvider === 'certificate' ? { code: 'ID4175', text: providerCertificateText } : { code: 'MSIS7102', text: providerMethodText };
  if (trust.permitsIssuance === false)
    return {
      code: 'MSIS5007',
      text: `MSIS5007: The caller authorization failed for caller identity for relying party trust ${trust.identifiers[0] ?? trust.name}.`,
    };
  const encryption = trust.encryptClaims && trust.encryptionCertificatePem ? new X509Certificate(trust.encryptionCertificatePem) : null;
  if (encryption && new Date(encryption.validTo) < now)
    return {
      code: 'event-317',
      text:
        `An error occurred during an attempt to build the certificate chain for the relying party trust '${trust.name}' certificate identified by ` +
        `thumbprint '${encryption.fingerprint.replaceAll(':', '')}'.`,
    };
  if (signingPrimary.notAfter < now)
    return { code: 'event-385', text: `AD FS detected that the token-signing certificate '${signingPrimary.sha1}' has expired; no token was issued.` };
  return null;
}

/** Ends a sign-in whose primary credentials are good: additional factor, loop check, then the auto-POST page with its cookies. */
export function issueSignIn(signIn: SignInRequest, session: SsoSession, account: LabAccount): void {
  const { call, trust, realm } = signIn;
  const { service, query } = call;
  const { adfs } = service;
  const now = adfs.clock.now();
  const { congestion } = adfs.settings;
  if (congestion) {
    setTimeout(() => reply(call, httpSysPage(503)), congestion.waitMs);
    return;
  }
  const ssoCookie = setCookie('MSISAuth', service.sso.seal({ ...session, requestId: null }));

  if (adfs.settings.requireMfa && !session.secondFactor && showSecondFactor(signIn, session, [ssoCookie])) return;

  const cookies = readCookies(call.request.headers.cookie);
  const valueOf = (name: string): string | null => cookies.find((cookie) => cookie.name === name)?.value ?? null;
  const loop = judgeLoop(adfs.settings.loopDetection, valueOf('MSISLoopDetectionCookie'), now);
  if (loop.kind === 'loop') {
    refuse(call, {
      code: 'MSIS7042',
      text:
        `MSIS7042: The same client browser session has made '${loop.requests}' requests in the last '${loop.seconds}' seconds. ` +
        `Contact your administrator for details.`,
      relyingParty: trust.name,
    });
    return;
  }

  const refusal = whyNoToken(signIn, now);
  if (refusal) {
    refuse(call, { ...refusal, relyingParty: trust.name });
    return;
  }

  const wresult = issueToken({
    trust,
    realm,
    issuer: adfs.entityId,
    account,
    authenticationMethod: authenticationMethod(session, signIn.wauth),
    authenticatedAt: session.authenticatedAt,
    now,
    signing: adfs.certificates.signingPrimary,
  });
  adfs.counters.tokensIssued += 1;
  const visited = new Set([adfs.entityId, ...readSignOutValue(valueOf('MSISSignOut') ?? ''), realm]);
  reply(call, {
    status: 200,
    body: workingPage(trust.wsFedEndpoint, wresult, query.get('wctx')),
    cookies: [
      ssoCookie,
      setCookie('MSISAuthenticated', authenticatedValue(now)),
      setCookie('MSISLoopDetectionCookie', loop.cookie),
      setCookie('MSISSignOut', signOutValue([...visited])),
    ],
  });
}
