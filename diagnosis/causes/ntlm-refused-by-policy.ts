import { cannotTell, claim, clear, defineRule, found } from '../define-rule';
import { ntlmBlockedWords } from '../facts/failure-words';
import { stsHost } from '../facts/addresses';
import { textSaying } from '../facts/text-saying';
import { windowsSignIn } from '../facts/windows-sign-in';
import { listed } from '../facts/wording';
import { probeAgain } from '../remedy-steps';

/** NTLM is forbidden in the domain or on the AD FS server; a browser without a Kerberos ticket has nothing else to offer. */
export const ntlmRefusedByPolicy = defineRule({
  id: 'ntlm-refused-by-policy',
  title: 'A policy forbids NTLM, and the browser had no Kerberos ticket for the STS',
  stage: 'credentials',
  rank: 1.5,
  liesWith: 'method',
  ceiling: 'confirmed',
  needs: ['pages', 'exchanges'],
  judge: (evidence) => {
    if (evidence.journey.signedIn === 'yes') return clear('Sign-in works.');
    const windows = windowsSignIn(evidence);
    if (windows.state === 'not-asked')
      return evidence.exchanges.length === 0 ? cannotTell('No exchange with the STS was seen.') : clear('The STS did not ask for Windows credentials.');
    if (windows.state !== 'refused')
      return windows.state === 'not-recorded'
        ? cannotTell('The recording does not show whether Windows credentials were sent.')
        : clear(windows.state === 'accepted' ? 'The STS accepted the Windows sign-in.' : 'The browser sent no Windows credentials.');
    if (/kerberos/i.test(windows.sent)) return clear('The browser sent a Kerberos ticket.');
    const refused = claim(`${stsHost(evidence)} answered 401 (${listed(windows.offered)}) again after ${windows.sent}.`, ...windows.refs);
    const said = textSaying(evidence, 'sts', ntlmBlockedWords);
    if (!said) return cannotTell('A refused answer does not say why; the log of the AD FS server does (NTLM/Operational, 4001 and 8001 to 8004).');
    return found(/ntlm/i.test(windows.sent) ? 'confirmed' : 'probable', [refused, said.claim], []);
  },
  remedy: () => [
    {
      text: 'On the AD FS server and on a domain controller: was NTLM blocked at that time?',
      command: "Get-WinEvent -LogName 'Microsoft-Windows-NTLM/Operational' -MaxEvents 20 | Format-List TimeCreated, Id, Message",
    },
    {
      text: 'Which policy is in force? RestrictReceivingNTLMTraffic 2 on AD FS, RestrictNTLMInDomain 7 on domain controllers forbid it.',
      command:
        "Get-ItemProperty 'HKLM:\\SYSTEM\\CurrentControlSet\\Control\\Lsa\\MSV1_0', " +
        "'HKLM:\\SYSTEM\\CurrentControlSet\\Services\\Netlogon\\Parameters' | Format-List *NTLM*",
    },
    {
      text:
        'Make Kerberos work for the federation name (SPN, A record, intranet zone) rather than allow NTLM again; ' +
        'or add the AD FS server to the exceptions of the policy.',
    },
  ],
  checkAfterwards: (base) => [probeAgain(base)],
});
