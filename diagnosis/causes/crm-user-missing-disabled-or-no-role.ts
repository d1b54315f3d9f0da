import { cannotTell, claim, clear, defineRule, found } from '../define-rule';
import { exchangeRef, hostOf, stsHost } from '../facts/addresses';
import { crmUserError } from '../facts/crm-user-error';
import { lastTokenPost } from '../facts/token-post';
import { tokenRefusal } from '../facts/token-refusal';
import { probeAgain } from '../remedy-steps';

/** CRM took the token and has no usable user for the identity in it: missing, disabled, without business unit or role. */
export const crmUserMissingDisabledOrNoRole = defineRule({
  id: 'crm-user-missing-disabled-or-no-role',
  title: 'Signed in, but CRM has no enabled user with a role for this account',
  stage: 'crm-page',
  rank: 2,
  liesWith: 'rights',
  ceiling: 'probable',
  needs: ['pages', 'exchanges'],
  judge: (evidence) => {
    if (evidence.journey.signedIn === 'yes') return clear('Sign-in works.');
    const refusal = tokenRefusal(evidence);
    if (refusal.state === 'refused') return clear(`${refusal.post.host} refused the token itself, before it looked for a user.`);
    if (refusal.state === 'not-reached') return clear(refusal.why);
    const error = crmUserError(evidence);
    if (refusal.state === 'cannot-tell' && error === null) return cannotTell(refusal.why);
    const post = lastTokenPost(evidence);
    const session = post?.answer.kind === 'accepted' || post?.answer.kind === 'accepted-cookie-blocked';
    const taken = claim(
      session
        ? `${post.host} took the token and set its session cookie; what failed is its own look-up of the user.`
        : `${post?.host ?? 'CRM'} looks a user up only when it has checked the token.`,
      ...exchangeRef(post?.exchange),
    );
    const which = claim(
      'Missing, disabled, without business unit or without role can look alike; another account over the same address would show that only this one fails.',
    );
    const other = evidence.siblings?.find(({ sameAccount, signedIn }) => sameAccount && signedIn === 'yes');
    const contrast = other ? [claim(`The ${other.route} route signed the same account in during this run, so CRM has a user for it.`)] : [];
    if (error) {
      const said = claim(`CRM's answer says ${error.byCode ? error.code : `"${error.said}"`}: ${error.meaning}.`, error.ref);
      return found(other ? 'suspected' : 'probable', [said, taken], [which, ...contrast]);
    }
    const forbidden = evidence.exchanges.find(({ seq, status, url }) => status === 403 && hostOf(url) !== stsHost(evidence) && seq > (post?.exchange.seq ?? 0));
    if (forbidden && !other)
      return found(
        'suspected',
        [claim(`${hostOf(forbidden.url)} answered HTTP 403 to a request with a session.`, ...exchangeRef(forbidden)), taken],
        [which, claim('No code of CRM was shown; a filter in front of CRM may answer 403 as well.')],
      );
    return clear('CRM took the token, and no error about its user was shown.');
  },
  remedy: ({ settings }) => [
    {
      text:
        `In CRM as an administrator (Settings, Security, Users, view "Disabled Users" too): look for the user of ${settings.account}. ` +
        `It must be enabled, belong to an enabled business unit and have a security role.`,
    },
    {
      text: 'On the CRM server: the same in the organization database, read only.',
      command:
        `Invoke-Sqlcmd -Database '<organization>_MSCRM' -Query "SELECT DomainName, IsDisabled, BusinessUnitIdName, ActiveDirectoryGuid FROM ` +
        `SystemUser WHERE DomainName = '${settings.account.replace(/'/g, "''")}'"`,
    },
    { text: 'User missing: add it, with DOMAIN\\user as in Active Directory, and give it a role.' },
    {
      text:
        'User there but not matched (renamed or re-created in Active Directory): open the record, set the user name to another value and back again, ' +
        'and save; CRM then reads the account anew.',
    },
  ],
  checkAfterwards: (base) => [probeAgain(base)],
});
