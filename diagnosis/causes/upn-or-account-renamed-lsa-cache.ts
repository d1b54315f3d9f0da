import { cannotTell, claim, clear, defineRule, found } from '../define-rule';
import { crmUserError } from '../facts/crm-user-error';
import { tokenRefusal } from '../facts/token-refusal';
import { instant } from '../facts/wording';
import { probeAgain } from '../remedy-steps';

/** AD FS hands out the old name of a renamed account from its LSA cache, and CRM looks for that one. */
export const upnOrAccountRenamedLsaCache = defineRule({
  id: 'upn-or-account-renamed-lsa-cache',
  title: 'The account was renamed, and AD FS may still send its old name',
  stage: 'crm-page',
  rank: 3,
  liesWith: 'rights',
  ceiling: 'suspected',
  inLab: { behind: 'crm-user-missing-disabled-or-no-role' },
  needs: ['pages', 'exchanges', 'lastGood'],
  judge: (evidence) => {
    if (evidence.journey.signedIn === 'yes') return clear('Sign-in works.');
    const refusal = tokenRefusal(evidence);
    if (refusal.state === 'refused') return clear(`${refusal.post.host} refused the token itself, before it looked for a user.`);
    if (refusal.state === 'not-reached') return clear(refusal.why);
    const error = crmUserError(evidence);
    if (error === null) return refusal.state === 'cannot-tell' ? cannotTell(refusal.why) : clear('CRM showed no error about its user.');
    if (error.code.toLowerCase() === '0x80042f09') return clear(`CRM found the user; what it lacks is a role (${error.code}).`);
    const { lastGood } = evidence;
    return found(
      'suspected',
      [
        claim(`CRM took the token and does not accept its user (${error.code}: ${error.meaning}).`, error.ref),
        ...(lastGood
          ? [claim(`The same account signed in on ${instant(lastGood.savedAt)}, so a user for its former name exists or existed.`, 'last-good')]
          : []),
      ],
      [
        ...(lastGood ? [] : [claim('Whether this account ever signed in is not known here; a rename matters only for one that did.')]),
        claim(
          'The name in the token is encrypted; only a rename in Active Directory since then makes this likely. ' +
            'A user disabled or removed in CRM looks the same.',
        ),
        claim('The "Account name" events and `Get-ADUser` (whenChanged, UserPrincipalName) beside the CRM record settle it.'),
      ],
    );
  },
  remedy: ({ settings }) => [
    {
      text: `See whether the account ${settings.account} was renamed: compare its UPN with the user record in CRM.`,
      command: `Get-ADUser '${(settings.account.split('\\').at(-1) ?? settings.account).replace(/'/g, "''")}' -Properties UserPrincipalName, whenChanged`,
    },
    {
      text: 'On every AD FS server: switch the LSA name cache off for the moment.',
      command: "New-ItemProperty -Path 'HKLM:\\SYSTEM\\CurrentControlSet\\Control\\Lsa' -Name LsaLookupCacheMaxSize -PropertyType DWord -Value 0",
    },
    {
      text: 'Restart that server, sign in once, then remove the value again (it costs speed) and restart once more.',
      command: "Remove-ItemProperty -Path 'HKLM:\\SYSTEM\\CurrentControlSet\\Control\\Lsa' -Name LsaLookupCacheMaxSize",
    },
    { text: 'In CRM: clean up an old disabled user of the former name that the identity may still be mapped to.' },
  ],
  checkAfterwards: (base) => [probeAgain(base)],
});
