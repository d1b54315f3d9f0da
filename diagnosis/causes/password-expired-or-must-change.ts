import { cannotTell, claim, clear, defineRule, found } from '../define-rule';
import { formSignIn } from '../facts/form-sign-in';
import { passwordExpiry } from '../facts/password-expiry';
import { windowsSignIn } from '../facts/windows-sign-in';
import { excerpt } from '../facts/wording';
import { probeAgain, releaseAccount } from '../remedy-steps';

/** The account's password has expired, or must be changed at the next logon. */
export const passwordExpiredOrMustChange = defineRule({
  id: 'password-expired-or-must-change',
  title: "The account's password has expired or must be changed",
  stage: 'credentials',
  rank: -1,
  liesWith: 'account',
  ceiling: 'confirmed',
  needs: ['pages', 'exchanges'],
  judge: (evidence) => {
    if (evidence.journey.signedIn === 'yes') return clear('Sign-in works.');
    const expiry = passwordExpiry(evidence);
    if (expiry?.shownBy === 'page')
      return found('confirmed', [
        claim(`After the credentials of ${evidence.settings.account} the STS showed its update-password page: "${excerpt(expiry.said)}".`, expiry.ref),
      ]);
    if (expiry?.shownBy === 'event')
      return found(
        'probable',
        [claim(`The server's event log says of the sign-in "${excerpt(expiry.said)}".`, expiry.ref)],
        [claim('The event was matched to this sign-in; the account in Active Directory tells for certain.', expiry.ref)],
      );
    if (expiry)
      return found(
        'probable',
        [claim(`After the credentials the STS said "${excerpt(expiry.said)}".`, expiry.ref)],
        [claim('The words alone say so; they can be customised, and the update-password page that would confirm it is off by default.')],
      );
    const elsewhere = evidence.siblings?.find(({ sameAccount, passwordExpired }) => sameAccount && passwordExpired);
    const windows = windowsSignIn(evidence);
    if (elsewhere && (windows.state === 'refused' || evidence.journey.withheld !== null))
      return found(
        'probable',
        [
          claim(`The ${elsewhere.route} route was told in this run that the password of ${evidence.settings.account} has expired.`),
          ...(windows.state === 'refused' ? [claim('Windows sign-in was refused here, as it is for every expired password.', ...windows.refs)] : []),
        ],
        [claim('A refused Windows sign-in does not give its reason; this is the other route speaking.')],
      );
    const form = formSignIn(evidence);
    if (evidence.journey.tokenPosts > 0 || form.state === 'accepted' || windows.state === 'accepted') return clear('The STS took the credentials as they are.');
    if (form.state === 'refused' || windows.state === 'refused')
      return cannotTell(
        'The STS refused the credentials without saying that the password has expired; its update-password page is off by default, so this proves nothing.',
      );
    return evidence.pages.length === 0 && evidence.exchanges.length === 0
      ? cannotTell('Nothing was seen of the sign-in.')
      : clear('No credentials were refused.');
  },
  remedy: ({ settings }) => [
    {
      text: `On a domain controller or with RSAT: look at the password of ${settings.account}.`,
      command:
        `Get-ADUser '${accountName(settings.account)}' -Properties PasswordExpired, PasswordLastSet, PasswordNeverExpires, ` +
        `'msDS-UserPasswordExpiryTimeComputed'`,
    },
    { text: 'Change the password by the approved way, and put the new one into the secret store the configuration points to.' },
    {
      text:
        'A probe needs an account of least privilege whose password does not expire by itself, changed on a schedule of its ' +
        'own (a fine-grained password policy).',
      command: `Get-ADUserResultantPasswordPolicy '${accountName(settings.account)}'`,
    },
    {
      text: 'For people outside: the update-password page of AD FS lets them change it themselves; see whether it is on.',
      command: "Get-AdfsEndpoint -AddressPath '/adfs/portal/updatepassword/' | Format-List Enabled, Proxy",
    },
    ...releaseAccount(settings),
  ],
  checkAfterwards: (base) => [probeAgain(base)],
});

/** CONTOSO\probe → probe, as the Active Directory commands want it. */
const accountName = (account: string): string => (account.split('\\').at(-1) ?? account).split('@')[0]?.replace(/'/g, "''") ?? account;
