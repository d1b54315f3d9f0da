import { cannotTell, claim, clear, defineRule, found } from '../define-rule';
import { encryptionTypeWords } from '../facts/failure-words';
import { stsHost } from '../facts/addresses';
import { textSaying } from '../facts/text-saying';
import { windowsSignIn } from '../facts/windows-sign-in';
import { probeAgain, stsHostName } from '../remedy-steps';

/** The domain gives no ticket for the STS, as the service account has no key of a type that is still allowed: mostly RC4 only. */
export const kerberosEncryptionTypeRefused = defineRule({
  id: 'kerberos-encryption-type-refused',
  title: 'The domain issues no ticket for the STS: its service account has no key of an allowed encryption type (RC4 only)',
  stage: 'credentials',
  rank: 0.5,
  liesWith: 'method',
  liesWithLoggedOn: 'account',
  ceiling: 'confirmed',
  needs: ['pages', 'exchanges'],
  judge: (evidence) => {
    if (evidence.journey.signedIn === 'yes') return clear('Sign-in works.');
    const windows = windowsSignIn(evidence);
    if (windows.state === 'not-asked')
      return evidence.exchanges.length === 0 ? cannotTell('No exchange with the STS was seen.') : clear('The STS did not ask for Windows credentials.');
    if (windows.state === 'accepted') return clear('The STS accepted the Windows sign-in.');
    const said = textSaying(evidence, 'sts', encryptionTypeWords);
    if (!said) return clear('Nothing seen speaks of an encryption type.');
    return found(
      'confirmed',
      [claim(`${stsHost(evidence)} asked for Windows credentials, and no Kerberos ticket was to be had for it.`, ...windows.refs), said.claim],
      [claim('A client that allows AES only, where the domain still allows RC4, is told the same: compare with another client.')],
    );
  },
  remedy: (base) => [
    { text: 'Which account holds the SPN of the federation name?', command: `setspn -Q host/${stsHostName(base)}` },
    {
      text: 'Which types does that account allow? 24 is AES only, 4 is RC4 only, empty is the domain default.',
      command: "Get-ADUser '<AD FS service account>' -Properties msDS-SupportedEncryptionTypes, PasswordLastSet | Format-List",
    },
    {
      text: 'Allow AES. A password older than the domain functional level 2008 has no AES key: reset it (a group managed account renews its own).',
      command: "Set-ADUser '<AD FS service account>' -KerberosEncryptionType AES128, AES256",
    },
    {
      text: 'On the domain controller: events 14, 16, 26 and 27 of the KDC name account and types.',
      command:
        "Get-WinEvent -FilterHashtable @{ LogName = 'System'; ProviderName = 'Microsoft-Windows-Kerberos-Key-Distribution-Center' } -MaxEvents 20 | " +
        'Format-List TimeCreated, Id, Message',
    },
  ],
  checkAfterwards: (base) => [{ text: 'On a client: drop old tickets first.', command: 'klist purge' }, probeAgain(base)],
});
