import { cannotTell, claim, clear, defineRule, found } from '../define-rule';
import { exchangeRef, hostOf, stsHost } from '../facts/addresses';
import { parentDomainCookie } from '../facts/parent-domain-cookie';
import { isSessionCookie, tokenPosts } from '../facts/token-post';
import { crmHostName, probeAgain, stsHostName } from '../remedy-steps';

/** CRM's session cookie, set for a domain AD FS shares, hides AD FS's own cookie of the same name. */
export const msisauthCookieCollision = defineRule({
  id: 'msisauth-cookie-collision',
  title: "CRM's session cookie MSISAuth reaches AD FS and hides its own",
  stage: 'crm-session',
  rank: 1,
  liesWith: 'network',
  ceiling: 'confirmed',
  // The internal address keeps its cookie to itself, and Windows sign-in would not ask a person again.
  inLab: { routes: ['ifd'] },
  needs: ['pages', 'exchanges'],
  judge: (evidence) => {
    if (evidence.journey.signedIn === 'yes') return clear('Sign-in works.');
    const host = stsHost(evidence);
    const accepted = tokenPosts(evidence).some(({ answer }) => answer.kind === 'accepted');
    if (!accepted) return clear('CRM set no session cookie, so that AD FS could not get one.');
    const collision = parentDomainCookie(evidence);
    if (!collision) {
      const wide = evidence.exchanges.flatMap(({ cookiesSet }) => cookiesSet).some((cookie) => isSessionCookie(cookie) && cookie.domain !== null);
      return evidence.exchanges.some(({ cookiesSent }) => cookiesSent.length > 0)
        ? clear(wide ? `No request to ${host} carried a session cookie of CRM after it was set.` : 'CRM set its session cookie for its own host only.')
        : cannotTell('Cookies were not recorded.');
    }
    const { cookie, setBy, reentry, ownCookieSent, fresh, formAgain } = collision;
    if (!formAgain) return clear(`${host} got CRM's cookie (exchange ${reentry.seq}) and recognised the browser all the same.`);
    if (fresh) return clear('CRM asked for fresh credentials (wfresh=0), so AD FS was right to ask again.');
    const set = claim(
      `${hostOf(setBy.url)} set ${cookie.name} (${cookie.bytes} bytes) for the domain ${cookie.domain}, to which ${host} belongs.`,
      ...exchangeRef(setBy),
    );
    const sent = claim(
      ownCookieSent
        ? `The next request to ${host} carried two cookies named MSISAuth, its own and CRM's.`
        : `The next request to ${host} carried a cookie named MSISAuth.`,
      ...exchangeRef(reentry),
    );
    const form = claim(
      `${host} asked for the credentials again (${formAgain.kind === 'sts-forms' ? 'its form' : 'a Windows challenge'}), ` +
        `although it had signed this browser in moments before.`,
      `page:${formAgain.n}`,
    );
    return found(
      ownCookieSent ? 'probable' : 'suspected',
      [set, sent, form],
      [
        claim(
          "Not tried in this run: taking CRM's cookie away and asking AD FS again. If the form stays away then, this is confirmed; " +
            'if it comes, it is something else.',
        ),
        claim('AD FS that restarted, or a node that cannot read the cookie of another, forgets the browser in the same way.'),
        claim('Why CRM sent the browser back to AD FS is a question of its own: an ended session, a second application, or a session it cannot read.'),
      ],
    );
  },
  remedy: (base) => [
    {
      text:
        `Give AD FS (${stsHostName(base)}) and CRM (${crmHostName(base)}) different parent domains, or AD FS a sub-domain that CRM's external domain ` +
        `does not cover. Which domain does CRM use?`,
      command: 'Add-PSSnapin Microsoft.Crm.PowerShell; Get-CrmSetting IfdSettings | Format-List ExternalDomain, *RootDomain*',
    },
    {
      text: 'On the AD FS server: is it seen there? With debug tracing on, AD FS writes "Ignore corrupted SSO cookie".',
      command: "wevtutil sl 'AD FS Tracing/Debug' /e:true",
    },
    { text: 'Until then, for a user: close the browser or delete the cookies of the parent domain.' },
    {
      text: 'Lengthening the token lifetime of the CRM trusts makes returns to AD FS rarer; it cures nothing.',
      command: "Set-AdfsRelyingPartyTrust -TargetName '<CRM IFD trust>' -TokenLifetime 480",
    },
  ],
  checkAfterwards: (base) => [probeAgain(base)],
});
