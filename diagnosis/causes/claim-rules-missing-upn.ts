import { cannotTell, claim, clear, defineRule, found } from '../define-rule';
import { exchangeRef } from '../facts/addresses';
import { carrierOf, codeOn, errorTexts } from '../facts/error-codes';
import { lastTokenPost } from '../facts/token-post';
import { tokenRefusal } from '../facts/token-refusal';
import { instant } from '../facts/wording';
import { crmHostName, listTrusts, probeAgain } from '../remedy-steps';

/** 0x80040203 "Invalid Argument" right after a good token: CRM found no UPN in it (field guide §10). */
const invalidArgument = '0x80040203';

/** CRM took the token and found no user name in it: a claim rule of the trust is missing or mistyped, or the account has no UPN. */
export const claimRulesMissingUpn = defineRule({
  id: 'claim-rules-missing-upn',
  title: 'The token lacks the UPN claim CRM needs (claim rules of the trust)',
  stage: 'crm-page',
  rank: -1,
  liesWith: 'relying-party',
  ceiling: 'probable',
  needs: ['pages', 'exchanges', 'token', 'lastGood'],
  judge: (evidence) => {
    if (evidence.journey.signedIn === 'yes') return clear('Sign-in works.');
    const { token, lastGood } = evidence;
    const refusal = tokenRefusal(evidence);
    if (refusal.state === 'not-reached') return clear(refusal.why);
    const code = codeOn('relying-party', errorTexts(evidence), invalidArgument);
    if (!code) {
      if (refusal.state === 'accepted') return clear(`CRM's answer after the token does not carry ${invalidArgument}.`);
      return refusal.state === 'refused' ? clear('CRM refused the token itself; its claims were not looked at.') : cannotTell(refusal.why);
    }
    // A token-check code means that CRM never came as far as the claims.
    if (refusal.state === 'refused' && refusal.code) return clear(`CRM's answer carries ${refusal.code.code}: it refused the token itself.`);
    const names = token && !token.encrypted && token.unreadable === null ? token.claims : null;
    const hasUpn = names?.some((name) => /(^|\/)upn$/i.test(name)) ?? null;
    if (hasUpn === true) return clear('The token is readable and carries a UPN.');
    // By its session, not by this code.
    const accepted = refusal.state === 'accepted' && lastTokenPost(evidence)?.answer.kind.startsWith('accepted') === true;
    const because = [
      ...(accepted ? [claim(refusal.why, ...exchangeRef(lastTokenPost(evidence)?.exchange))] : []),
      claim(`${carrierOf(code, "CRM's next page")} carries ErrorCode ${code.code} (invalid argument), the sign of a sign-in without a UPN.`, code.ref),
      ...(hasUpn === false ? [claim(`The token is readable and carries ${names?.length ? names.join(', ') : 'no claim'}, no UPN.`, 'token')] : []),
      ...(lastGood ? [claim(`This route signed in at ${instant(lastGood.savedAt)}.`, 'last-good')] : []),
      ...(evidence.siblings ?? [])
        .filter(({ signedIn, sameAccount }) => signedIn === 'yes' && sameAccount)
        .map(({ route }) => claim(`The same account signed in over the ${route} route, so it has a UPN: the rules of this route's trust are at fault.`)),
    ];
    return found(accepted || hasUpn === false ? 'probable' : 'suspected', because, [
      ...(accepted || hasUpn === false ? [] : [claim('Whether CRM took the token before (its session cookie) was not seen.')]),
      claim(
        'Trust or account: a rule affects everybody of the trust, an empty UPN one account only; a second account tells. The claims are encrypted; ' +
          'events 299, 500 and 501 of the AD FS audit list them.',
      ),
    ]);
  },
  remedy: (base) => [
    listTrusts,
    {
      text:
        'On the AD FS server: read the rules of both CRM trusts. Each needs UPN (pass through), Primary SID (pass through) and ' +
        'Windows account name to Name (transform).',
      command:
        `Get-AdfsRelyingPartyTrust | Where-Object { $_.Identifier -match '${crmHostName(base).replace(/\./g, '\\.')}' } | ForEach-Object { ` +
        `$_.Name; $_.IssuanceTransformRules }`,
    },
    {
      text: 'And the rule that fetches the UPN, on the claims provider trust "Active Directory": LDAP attribute User-Principal-Name to UPN.',
      command: "(Get-AdfsClaimsProviderTrust -Name 'Active Directory').AcceptanceTransformRules",
    },
    { text: 'Add what is missing in the AD FS console (Edit Claim Issuance Policy); a mistyped claim type counts as missing.' },
    {
      text: 'Does the account have a UPN at all?',
      command: "Get-ADUser '<account>' -Properties UserPrincipalName | Format-List SamAccountName, UserPrincipalName",
    },
  ],
  checkAfterwards: (base) => [probeAgain(base)],
});
