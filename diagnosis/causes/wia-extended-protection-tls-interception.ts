import { cannotTell, claim, clear, defineRule, found } from '../define-rule';
import { stsHost } from '../facts/addresses';
import { tlsInterception } from '../facts/tls-interception';
import { windowsSignIn } from '../facts/windows-sign-in';
import { listed } from '../facts/wording';
import { probeAgain, stsHostName } from '../remedy-steps';
import { withoutRefusal } from '../without-refusal';

/** Windows sign-in is bound to the TLS channel; a device that re-encrypts makes it another one, and AD FS refuses. */
export const wiaExtendedProtectionTlsInterception = defineRule({
  id: 'wia-extended-protection-tls-interception',
  title: 'TLS to the STS is re-encrypted on the way, and extended protection refuses Windows sign-in',
  stage: 'credentials',
  rank: 3,
  liesWith: 'method',
  ceiling: 'probable',
  inLab: { routes: ['internal'] },
  needs: ['pages', 'exchanges', 'tls', 'lastGood'],
  judge: (evidence) => {
    if (evidence.journey.signedIn === 'yes') return clear('Sign-in works.');
    const windows = windowsSignIn(evidence);
    if (windows.state !== 'refused') return withoutRefusal(windows, evidence);
    const other = evidence.siblings?.find(({ sameAccount, password }) => sameAccount && password !== 'not-tried');
    if (other?.password === 'refused' || other?.passwordExpired) return clear(`The ${other.route} route refused the same account: not the channel.`);
    const host = stsHost(evidence);
    const interception = tlsInterception(evidence);
    if (interception === null) {
      if (!evidence.tls.some((facts) => facts.host === host && facts.chain.length > 0)) return cannotTell(`The TLS certificate of ${host} was not read.`);
      return evidence.lastGood?.tls.some((entry) => entry.host === host)
        ? clear(`The TLS certificate of ${host} is the one of the last good sign-in.`)
        : cannotTell(
            `Whether ${host} shows its own TLS certificate is not known: there is no earlier one to compare with, and its issuer's name says nothing.`,
          );
    }
    const refused = claim(`${host} answered 401 (${listed(windows.offered)}) again after ${windows.sent} for ${evidence.settings.account}.`, ...windows.refs);
    const works = other ? [claim(`The ${other.route} route accepted the same account and password in this run; a form is not bound to the channel.`)] : [];
    return found(
      interception.kind === 'other-issuer' && other ? 'probable' : 'suspected',
      [interception.claim, refused, ...works],
      [
        claim(
          'A direct connection to an AD FS node, past the device, would settle it: its certificate must be the other one, and Windows sign-in must work there.',
        ),
        ...(interception.kind === 'other-certificate'
          ? [claim('A renewal by the same authority changes the certificate as well and breaks nothing.', `tls:${host}`)]
          : []),
        claim('A missing SPN refuses Windows sign-in in the same way.'),
      ],
    );
  },
  remedy: (base) => [
    {
      text: `Compare the certificate AD FS itself has for ${stsHostName(base)} with the one clients see.`,
      command: 'Get-AdfsSslCertificate | Format-List HostName, PortNumber, CertificateHash',
    },
    { text: `Exempt ${stsHostName(base)} from TLS inspection; let load balancers pass TLS through, or put the same certificate on both.` },
    { text: 'Read what AD FS demands.', command: 'Get-AdfsProperties | Format-List ExtendedProtectionTokenCheck' },
    {
      text: 'Only as a decision of the owner, since it gives up protection against relayed sign-ins: switch the check off and restart the service.',
      command: 'Set-AdfsProperties -ExtendedProtectionTokenCheck None; Restart-Service adfssrv',
    },
  ],
  checkAfterwards: (base) => [probeAgain(base)],
});
