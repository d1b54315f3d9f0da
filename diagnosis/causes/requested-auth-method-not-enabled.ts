import { cannotTell, claim, clear, defineRule, found } from '../define-rule';
import { exchangeRef } from '../facts/addresses';
import { carrierOf } from '../facts/error-codes';
import { methodWords } from '../facts/failure-words';
import { stsError } from '../facts/sts-error';
import { textSaying } from '../facts/text-saying';
import { tokenPosts } from '../facts/token-post';
import { probeAgain, readAdfsLog } from '../remedy-steps';

/** CRM asks for a way of signing in (wauth) that AD FS does not offer here: typically forms inside the LAN, off by default on 2012 R2. */
export const requestedAuthMethodNotEnabled = defineRule({
  id: 'requested-auth-method-not-enabled',
  title: 'AD FS has not enabled the authentication method CRM asks for (wauth)',
  stage: 'sts-page',
  rank: 2,
  liesWith: 'method',
  ceiling: 'confirmed',
  inLab: { routes: ['ifd'] },
  needs: ['pages', 'exchanges', 'lastGood'],
  judge: (evidence) => {
    if (evidence.journey.signedIn === 'yes') return clear('Sign-in works.');
    const [post] = tokenPosts(evidence);
    if (post) return clear(`AD FS issued a token (posted to ${post.host}).`);
    const error = stsError(evidence);
    if (!error) return evidence.pages.length === 0 ? cannotTell('No page was seen.') : clear('The STS showed no error page.');
    const { page, shown, code, relyingParty, request } = error;
    const wauth = request?.wsfed?.wauth ?? null;
    const asked = wauth === null ? [] : [claim(`The request asks for ${methodName(wauth)} (wauth ${wauth}).`, ...exchangeRef(request))];
    const others = (evidence.siblings ?? [])
      .filter(({ signedIn, method }) => signedIn === 'yes' && method !== null)
      .map(({ route, method }) =>
        claim(`The ${route} route, which asks for ${method === 'windows' ? 'Windows sign-in' : 'the form'}, signed in during this run.`),
      );
    const offered = evidence.pages.some(({ kind }) => kind === 'sts-home-realm') || error.afterCredentials;
    if (offered && textSaying(evidence, 'sts', methodWords))
      return clear('A sign-in had taken place when the method was refused: it was offered (claims-provider-method-refused).');
    if (code?.code === 'MSIS7102') return found('confirmed', [shown, claim(`${carrierOf(code)} carries ${code.code}.`, code.ref), ...asked, ...others], []);
    if (code) return clear(`${carrierOf(code)} carries ${code.code}, which is not about the method.`);
    if (evidence.pages.some(({ kind }) => kind === 'sts-forms' || kind === 'sts-windows-challenge') || error.afterCredentials)
      return clear('AD FS offered a sign-in before its error page: the method is enabled.');
    if (!error.complete) return clear('The request that reached the STS was not complete: the request is at fault.');
    if (wauth === null) return clear('The request leaves the method to AD FS (no wauth).');
    if (relyingParty.state === 'blank') return clear('The page leaves the relying party blank: AD FS failed before it came to the method (inferred).');
    const log = claim('The page does not show the code; MSIS7102 in event 364 under its Activity ID settles it.', `page:${page.n}`);
    if (relyingParty.state === 'named')
      return found(
        'probable',
        [
          shown,
          ...asked,
          claim(
            `The page names the relying party "${relyingParty.name}", and came before any sign-in was offered: ` +
              `the trust was found, the method was not accepted.`,
            `page:${page.n}`,
          ),
          ...others,
        ],
        [log],
      );
    return found(
      'suspected',
      [shown, ...asked, ...others],
      [
        log,
        claim(
          'The page does not say whether AD FS found the trust: a missing or disabled one (rp-identifier-missing, rp-trust-disabled) fits as well.',
          `page:${page.n}`,
        ),
      ],
    );
  },
  remedy: () => [
    {
      text:
        'On the AD FS server: which methods are enabled, inside and outside? ' +
        'CRM needs WindowsAuthentication for internal claims and FormsAuthentication for IFD.',
      command: 'Get-AdfsGlobalAuthenticationPolicy | Format-List PrimaryIntranetAuthenticationProvider, PrimaryExtranetAuthenticationProvider',
    },
    {
      text: 'Enable forms beside Windows for the intranet (keep what else is listed there).',
      command: "Set-AdfsGlobalAuthenticationPolicy -PrimaryIntranetAuthenticationProvider @('FormsAuthentication', 'WindowsAuthentication')",
    },
    {
      text: 'Enable forms for the extranet.',
      command: "Set-AdfsGlobalAuthenticationPolicy -PrimaryExtranetAuthenticationProvider @('FormsAuthentication')",
    },
    readAdfsLog,
  ],
  checkAfterwards: (base) => [probeAgain(base)],
});

function methodName(wauth: string): string {
  if (/authentication:windows$/i.test(wauth)) return 'Windows sign-in';
  return /password/i.test(wauth) ? 'a password in a form' : 'another method';
}
