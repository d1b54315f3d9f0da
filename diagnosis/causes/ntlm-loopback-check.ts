import { cannotTell, claim, clear, defineRule, found } from '../define-rule';
import { ownAddress } from '../facts/own-address';
import { stsHost } from '../facts/addresses';
import { windowsSignIn } from '../facts/windows-sign-in';
import { listed } from '../facts/wording';
import { probeAgain, stsHostName } from '../remedy-steps';
import { withoutRefusal } from '../without-refusal';

/** The probe runs on the server itself, whose LSA refuses NTLM under any name but the machine's own. */
export const ntlmLoopbackCheck = defineRule({
  id: 'ntlm-loopback-check',
  title: 'Loopback check: the probe runs on the STS itself, which refuses Windows sign-in to itself',
  stage: 'credentials',
  rank: 5,
  liesWith: 'method',
  ceiling: 'probable',
  inLab: { routes: ['internal'] },
  needs: ['pages', 'exchanges', 'dns', 'ownAddresses', 'lastGood'],
  judge: (evidence) => {
    if (evidence.journey.signedIn === 'yes') return clear('Sign-in works.');
    const host = stsHost(evidence);
    const windows = windowsSignIn(evidence);
    if (windows.state !== 'refused') return withoutRefusal(windows, evidence);
    const own = ownAddress(evidence);
    if (own === null)
      return evidence.ownAddresses.length === 0 && !evidence.dns.some((entry) => entry.host === host && entry.addresses.length > 0)
        ? cannotTell("Neither the STS's address nor those of the probe's machine are in the evidence.")
        : clear(`${host} is another machine than the probe's.`);
    if (own.workedHere === true) return clear(`Windows sign-in to ${own.address}, this machine as well, worked at the last good sign-in.`);
    const other = evidence.siblings?.find(({ sameAccount, password }) => sameAccount && password !== 'not-tried');
    if (other?.password === 'refused' || other?.passwordExpired) return clear(`The ${other.route} route refused the same account: not the loopback check.`);
    return found(
      own.moved && other ? 'probable' : 'suspected',
      [
        claim(`${own.host} leads to ${own.address}, an address of the machine the probe runs on.`, `dns:${own.host}`),
        claim(`There Windows sign-in was refused: 401 (${listed(windows.offered)}) again after ${windows.sent}.`, ...windows.refs),
        ...(own.moved ? [claim(`At the last good sign-in the name led to ${listed(own.before)}.`, 'last-good')] : []),
        ...(other ? [claim(`The ${other.route} route accepted the same account and password in this run.`)] : []),
      ],
      [
        claim('A run from another machine settles it: Windows sign-in works there. This says nothing about people on other computers.'),
        claim('Only Windows has this check; and a missing SPN refuses Windows sign-in in the same way.'),
      ],
    );
  },
  remedy: (base) => [
    { text: 'Best: do not probe from the server; run the probe on another machine.' },
    {
      text: `Or allow this one name on that server (preferred to switching the check off).`,
      command:
        `New-ItemProperty -Path 'HKLM:\\SYSTEM\\CurrentControlSet\\Control\\Lsa\\MSV1_0' -Name BackConnectionHostNames -PropertyType ` +
        `MultiString -Value '${stsHostName(base)}'`,
    },
    { text: 'Then restart the server, or at least IIS.', command: 'iisreset' },
    {
      text: 'See the refusal in the Security log: event 4625 with status 0xC000006D.',
      command: "Get-WinEvent -FilterHashtable @{ LogName = 'Security'; Id = 4625; StartTime = (Get-Date).AddHours(-1) } | Format-List TimeCreated, Message",
    },
  ],
  checkAfterwards: (base) => [probeAgain(base)],
});
