import { cannotTell, claim, clear, defineRule, found } from '../define-rule';
import { stsHost } from '../facts/addresses';
import { isElsewhere, ownAddress } from '../facts/own-address';
import { ownCertificate, tlsInterception } from '../facts/tls-interception';
import { windowsSignIn } from '../facts/windows-sign-in';
import { listed, withoutStop } from '../facts/wording';
import { probeAgain, resolveName, stsHostName } from '../remedy-steps';

/** How Kerberos libraries say that no account has the SPN (MIT, SSPI). */
const unknownService = /not found in Kerberos database|SEC_E_TARGET_UNKNOWN|SEC_E_WRONG_PRINCIPAL|S_PRINCIPAL_UNKNOWN/i;

/** Windows sign-in refused at the STS as a class: SPN missing, duplicated or on another account, or channel binding. */
export const wiaSpnMissingOrDuplicate = defineRule({
  id: 'wia-spn-missing-or-duplicate',
  title: 'Windows sign-in refused at the STS (SPN missing, duplicated or on another account)',
  stage: 'credentials',
  rank: 1,
  liesWith: 'method',
  ceiling: 'probable',
  inLab: { routes: ['internal'] },
  needs: ['pages', 'exchanges', 'tls', 'dns', 'ownAddresses', 'lastGood'],
  judge: (evidence) => {
    if (evidence.journey.signedIn === 'yes') return clear('Sign-in works.');
    const windows = windowsSignIn(evidence);
    if (windows.state === 'not-asked')
      return evidence.exchanges.length === 0 ? cannotTell('No exchange with the STS was seen.') : clear('The STS did not ask for Windows credentials.');
    if (windows.state === 'accepted') return clear('The STS accepted the Windows sign-in.');
    const noTicket = evidence.pages.findLast(({ kind }) => kind === 'sts-windows-challenge')?.texts['ticketFailure'];
    if (windows.state === 'not-answered' && noTicket !== undefined && unknownService.test(noTicket))
      return found(
        'probable',
        [claim(`The domain issues no ticket for ${stsHost(evidence)}: "${noTicket}".`, ...windows.refs)],
        [claim('setspn -Q for the name settles it; a client of another domain without a trust is told the same.')],
      );
    if (windows.state === 'not-answered' && evidence.journey.withheld !== null)
      return cannotTell(`The STS asked for Windows credentials; they were ${withoutStop(evidence.journey.withheld)}.`);
    if (windows.state === 'not-answered')
      return clear('The browser sent no Windows credentials at all; that is a matter of browser zone or ticket, not of the SPN.');
    const host = stsHost(evidence);
    if (windows.state === 'not-recorded')
      return found(
        'suspected',
        [claim(`The last answer of ${host} to the Windows sign-in was 401 (${listed(windows.offered)}).`, ...windows.refs)],
        [
          claim(
            'This recording cannot show whether the browser sent Windows credentials: ' +
              'a box that was closed, a wrong password or a missing ticket looks the same.',
            ...windows.refs,
          ),
          claim('setspn on the domain, and a Kerberos trace (KRB5KDC_ERR_S_PRINCIPAL_UNKNOWN, KRB_AP_ERR_MODIFIED) settle it.'),
        ],
      );
    if (windows.offered.length > 0 && !windows.offered.some((scheme) => /negotiate|kerberos/i.test(scheme)) && !/negotiate|kerberos/i.test(windows.sent))
      return clear(`${host} offers ${listed(windows.offered)} only, which needs no service principal name.`);
    const refused = claim(`${host} answered 401 (${listed(windows.offered)}) again after ${windows.sent} for ${evidence.settings.account}.`, ...windows.refs);
    const interception = tlsInterception(evidence);
    const intercepted = interception ? [interception.claim, claim('A device that re-encrypts TLS breaks channel binding in the same way.')] : [];
    const own = ownAddress(evidence);
    const onItself =
      own && own.workedHere !== true
        ? [claim(`${own.host} leads to ${own.address}, the probe's own machine: the loopback check of Windows refuses in the same way.`, `dns:${own.host}`)]
        : [];
    const settle = claim('setspn on the domain, and a Kerberos trace (KRB5KDC_ERR_S_PRINCIPAL_UNKNOWN, KRB_AP_ERR_MODIFIED) settle it.');
    const other = evidence.siblings?.find(({ password, sameAccount }) => sameAccount && password !== 'not-tried');
    if (other?.passwordExpired) return clear(`The ${other.route} route was told that the password has expired; Windows sign-in refuses that as well.`);
    if (other?.password === 'accepted')
      return found(
        intercepted.length + onItself.length > 0 || !ownCertificate(evidence) || !isElsewhere(evidence) ? 'suspected' : 'probable',
        [refused, claim(`The ${other.route} route (${other.method ?? 'unknown method'}) accepted the same account and password in this run.`)],
        [...intercepted, ...onItself, settle],
      );
    if (other) return clear(`The ${other.route} route refused the same password as well: the password or the account, not Windows sign-in.`);
    const ticket = evidence.settings.windowsCurrent
      ? []
      : [claim('A wrong password and a locked account look the same here; the same account over a route with the sign-in form would part them.')];
    return found('suspected', [refused], [...ticket, ...intercepted, ...onItself, settle]);
  },
  remedy: (base) => [
    {
      text: 'Find out which account the AD FS service runs as (on the AD FS server).',
      command: 'Get-CimInstance Win32_Service -Filter "Name=\'adfssrv\'" | Format-List StartName',
    },
    { text: 'See who holds the SPN of the federation name: it must be that account, and only that one.', command: `setspn -Q host/${stsHostName(base)}` },
    { text: 'Look for duplicates in the forest.', command: 'setspn -X -F' },
    { text: 'If it is missing: set it (setspn -S checks for duplicates first).', command: `setspn -S host/${stsHostName(base)} '<AD FS service account>'` },
    { text: 'If it is on a wrong account: take it away there.', command: `setspn -D host/${stsHostName(base)} '<wrong account>'` },
    { text: 'The federation name must be an A record, not a CNAME.', command: resolveName(stsHostName(base)) },
    {
      text: 'If the SPN is right: see whether something re-encrypts TLS on the way (channel binding).',
      command: 'Get-AdfsProperties | Format-List ExtendedProtectionTokenCheck',
    },
  ],
  checkAfterwards: (base) => [{ text: 'On a client: drop old tickets first.', command: 'klist purge' }, probeAgain(base)],
});
