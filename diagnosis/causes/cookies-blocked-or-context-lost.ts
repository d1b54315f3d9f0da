import { cannotTell, claim, clear, defineRule, found } from '../define-rule';
import { exchangeRef, hostOf, stsHost } from '../facts/addresses';
import { lostCookies, sentButNotRecognised, type LostCookie } from '../facts/cookies';
import { carrierOf, codeOn, errorTexts } from '../facts/error-codes';
import { crmAddress, crmHostName, probeAgain } from '../remedy-steps';

/** The servers set their session cookies, the browser refused or lost them. */
export const cookiesBlockedOrContextLost = defineRule({
  id: 'cookies-blocked-or-context-lost',
  title: 'Session cookies were refused by the browser or lost on the way',
  stage: 'crm-session',
  rank: 0,
  liesWith: 'network',
  ceiling: 'confirmed',
  needs: ['pages', 'exchanges'],
  judge: (evidence) => {
    if (evidence.journey.signedIn === 'yes') return clear('Sign-in works.');
    const lost = lostCookies(evidence);
    const host = stsHost(evidence);
    const page = evidence.pages.find(({ kind, texts }) => kind === 'sts-error' && texts['cookie'] !== undefined);
    const cookieLine = page?.texts['cookieLine'] ?? page?.texts['cookie'];
    const line = page && cookieLine && !/enabled/i.test(cookieLine) ? [claim(`The AD FS error page says "Cookie: ${cookieLine}".`, `page:${page.n}`)] : [];
    if (lost.length > 0)
      return found(
        'confirmed',
        [...lost.map((one) => describe(one)), ...line],
        [claim('A recording of the same sign-in at top level in a clean browser profile, with the cookies kept, would disprove it.')],
      );
    const code = codeOn('sts', errorTexts(evidence), 'MSIS7001');
    if (code)
      return found(
        'probable',
        [claim(`${carrierOf(code, 'The STS')} says ${code.code}: "${code.said}".`, code.ref), ...line],
        [claim('No cookie was seen to get lost; an old bookmark or a restored tab gives the same text.')],
      );
    const refused = sentButNotRecognised(evidence);
    if (refused)
      return clear(
        `${hostOf(refused.url)} got its session cookie back and still sent the browser to ${host} (exchange ${refused.seq}): not the browser's doing.`,
      );
    if (evidence.exchanges.every(({ cookiesSet }) => cookiesSet.length === 0))
      return cannotTell('No cookie was set in this run, or cookies were not recorded.');
    return clear('Every session cookie that was set was kept and sent.');
  },
  remedy: (base) => [
    { text: "Compare the cookie's Domain, Secure and SameSite with the address it was set on (see the claims above)." },
    {
      text: 'IFD: auth, organization and dev hosts must be below the external domain set in Deployment Manager; the session cookie belongs to that domain.',
      command: 'Add-PSSnapin Microsoft.Crm.PowerShell; Get-CrmSetting IfdSettings | Format-List',
    },
    { text: 'No underscore in any host name of the flow.', command: `Resolve-DnsName ${crmHostName(base)}` },
    { text: 'When CRM is shown inside a frame of another site: cookies need SameSite=None and Secure, or open CRM at top level.' },
    {
      text: 'Look for a proxy that removes or rewrites Set-Cookie: open the address with and without it.',
      command: `curl.exe -sS -D - -o NUL ${crmAddress(base)}/`,
    },
  ],
  checkAfterwards: (base) => [probeAgain(base)],
});

function describe({ cookie, setBy, how, next }: LostCookie) {
  const set =
    `${hostOf(setBy.url)} set ${cookie.name} (${cookie.bytes} bytes, Domain ${cookie.domain ?? 'not given'}, ` +
    `${cookie.flags.join(', ') || 'no flags'}; exchange ${setBy.seq})`;
  if (how === 'blocked') return claim(`${set}; the browser refused it: ${cookie.blocked.join(', ')}.`, ...exchangeRef(setBy));
  const at = next ? `${hostOf(next.url)} (exchange ${next.seq})` : 'the next request';
  const why = how === 'out-of-scope' ? 'the cookie is not valid there' : 'although it is valid there';
  return claim(`${set}; the next request to ${at} did not carry it, ${why}.`, ...exchangeRef(setBy), ...exchangeRef(next));
}
