import { cannotTell, claim, clear, defineRule, found } from '../define-rule';
import { stsSays } from '../facts/sts-words';
import { excerpt } from '../facts/wording';
import { listTrusts, probeAgain } from '../remedy-steps';

/** AD FS wants a second factor, which an unattended probe cannot give. */
export const mfaRequiredForProbe = defineRule({
  id: 'mfa-required-for-probe',
  title: 'The STS demands additional authentication (a second factor)',
  stage: 'token-issue',
  rank: 0,
  liesWith: 'rights',
  ceiling: 'confirmed',
  needs: ['pages'],
  judge: (evidence) => {
    const { pages, journey } = evidence;
    if (journey.signedIn === 'yes') return clear('Sign-in works.');
    if (pages.some(({ action }) => action === 'kept its one-time code back'))
      return cannotTell('The STS asked for a one-time code, and the probe kept it back: each is given once, or it could not be noted first.');
    const page = pages.find(({ kind }) => kind === 'sts-mfa');
    if (page) {
      const unusable = page.texts['errorMessage'] ?? page.texts['errorText'] ?? null;
      const words = page.texts['message'] ?? page.texts['mfaGreetingDescription'] ?? page.title;
      const code = pages.find(({ action }) => action === 'typed a one-time code');
      return found(
        'confirmed',
        [
          claim(
            `The STS showed its page for additional authentication (recognised by ${page.recognisedBy ?? 'its structure'}: "${excerpt(words)}").`,
            `page:${page.n}`,
          ),
          ...(unusable ? [claim(`It says that the second factor cannot be used by this account: "${excerpt(unusable)}".`, `page:${page.n}`)] : []),
          ...(code ? [claim('The probe typed the one-time code of account.totp, and the STS asked again: the code was not taken.', `page:${code.n}`)] : []),
        ],
        [
          ...(code
            ? [claim('Check account.totp (the secret of the authenticator as it is registered now) and the clock of the probe machine: a code lives 30 s.')]
            : []),
          ...(unusable ? [claim('Register a second factor for this account, or exempt it from the rule; whether other accounts have one was not seen.')] : []),
          claim('People who carry their second factor can still sign in; this stops the probe, and tells nothing about CRM.'),
        ],
      );
    }
    const words = journey.tokenPosts === 0 && stsSays(evidence, 'second-factor');
    if (words)
      return found(
        'probable',
        [claim(`After the credentials the STS showed a page without a field, and it says "${excerpt(words.text)}".`, words.ref)],
        [claim('The words alone say so. People who carry their second factor can still sign in; this stops the probe, and tells nothing about CRM.')],
      );
    if (journey.tokenPosts > 0) return clear('The STS issued a token without it.');
    return pages.length === 0 ? cannotTell('No page was seen.') : clear('No page asked for a second factor.');
  },
  remedy: ({ settings }) => [
    { text: `Exempt the probe account ${settings.account} on the CRM trusts only, by a group or a network rule. Leave the rule for people as it is.` },
    listTrusts,
    {
      text: 'On the AD FS server: read the additional-authentication rules of the CRM trusts (and the access control policy on AD FS 2016 and later).',
      command: "Get-AdfsRelyingPartyTrust -Name '<CRM trust>' | Format-List Name, AccessControlPolicyName, AdditionalAuthenticationRules",
    },
    { text: 'And the rules for all trusts.', command: 'Get-AdfsAdditionalAuthenticationRule | Format-List' },
  ],
  checkAfterwards: (base) => [probeAgain(base)],
});
