import { cannotTell, claim, clear, defineRule, found } from '../define-rule';
import { serverNow } from '../facts/clocks';
import { encryptionCertificates } from '../facts/encryption-certificate';
import { carrierOf } from '../facts/error-codes';
import { stsCertificates } from '../facts/sts-certificates';
import { eventFor } from '../facts/server-events';
import { stsError } from '../facts/sts-error';
import { tokenPosts } from '../facts/token-post';
import { instant } from '../facts/wording';
import { listTrusts, probeAgain, readAdfsLog } from '../remedy-steps';

/** AD FS knows who it is and may not give a token: the rules of the trust (or its access control policy) deny the account, the place or the device. */
export const adfsIssuanceAuthorizationDenied = defineRule({
  id: 'adfs-issuance-authorization-denied',
  title: 'AD FS denies the account a token for CRM (issuance authorization or access control policy)',
  stage: 'token-issue',
  rank: 1,
  liesWith: 'rights',
  ceiling: 'probable',
  needs: ['pages', 'exchanges', 'stsMetadata', 'crmMetadata', 'clocks', 'lastGood'],
  judge: (evidence) => {
    if (evidence.journey.signedIn === 'yes') return clear('Sign-in works.');
    const [post] = tokenPosts(evidence);
    if (post) return clear(`AD FS issued a token (posted to ${post.host}).`);
    const error = stsError(evidence);
    if (!error) return evidence.pages.length === 0 ? cannotTell('No page was seen.') : clear('The STS showed no error page.');
    const { page, shown, code, relyingParty } = error;
    const logged = eventFor(evidence, 'adfs-issuance-authorization-denied');
    const denied = code?.code === 'MSIS5007' || logged !== null;
    if (code && !denied) return clear(`${carrierOf(code)} carries ${code.code}, which is not a denial.`);
    if (!error.afterCredentials) return clear('The error page came before any credentials: nobody was there to be denied.');
    if (!denied && relyingParty.state === 'blank')
      return clear('The page leaves the relying party blank: AD FS found no trust whose rules could deny (inferred).');
    const now = serverNow(evidence, 'sts');
    const ended = (notAfter: string): boolean => new Date(notAfter) <= now;
    const signing = stsCertificates(evidence.stsMetadata);
    const encryption = evidence.crmMetadata ? encryptionCertificates(evidence.crmMetadata) : [];
    if (!denied && signing.known && ended(signing.primary.notAfter))
      return cannotTell('The signing certificate of AD FS has ended, which stops every token; test again after its renewal.');
    if (!denied && encryption.length > 0 && encryption.every(({ notAfter }) => ended(notAfter)))
      return cannotTell("CRM's encryption certificate has ended, which stops its tokens; test again after its renewal.");
    const sibling = evidence.siblings?.find(({ signedIn, sameAccount }) => signedIn === 'yes' && sameAccount);
    const certificates = signing.known && encryption.length > 0 ? [claim('Both certificates a token needs are valid.', 'metadata:sts', 'metadata:crm')] : [];
    return found(
      denied || sibling ? 'probable' : 'suspected',
      [
        shown,
        claim('It came after AD FS had taken the credentials, and no token was issued.', `page:${page.n}`),
        ...(code ? [claim(`${carrierOf(code)} carries ${code.code}.`, code.ref)] : []),
        ...(logged ? [logged.said] : []),
        ...(relyingParty.state === 'named' ? [claim(`It names the relying party "${relyingParty.name}": the trust was found.`, `page:${page.n}`)] : []),
        ...certificates,
        ...(sibling ? [claim(`The same account got its token over the ${sibling.route} route during this run.`)] : []),
        ...(evidence.lastGood
          ? [claim(`This route signed in at ${instant(evidence.lastGood.savedAt)}: a rule, a group or the place changed since.`, 'last-good')]
          : []),
      ],
      [
        ...(sibling || denied
          ? []
          : [
              claim(
                'One account over one path is no contrast: if others fail as well, it is rather no denial. ' +
                  'A second account, or the same one from another place, tells.',
              ),
            ]),
        claim(
          'The text can be customised and says nothing; an encryption certificate that AD FS cannot check gives the same page. ' +
            "Event 325 (denied) or 317 (certificate) in AD FS's log settles it.",
          `page:${page.n}`,
        ),
      ],
    );
  },
  remedy: () => [
    readAdfsLog,
    listTrusts,
    {
      text: 'On the AD FS server: policy and rules of the CRM trusts. No permit rule means nobody; a deny rule wins over all others.',
      command: "Get-AdfsRelyingPartyTrust -Name '<CRM trust>' | Format-List Name, AccessControlPolicyName, IssuanceAuthorizationRules",
    },
    {
      text: 'AD FS 2016 and later: set the intended policy.',
      command: "Set-AdfsRelyingPartyTrust -TargetName '<CRM trust>' -AccessControlPolicyName 'Permit everyone'",
    },
    {
      text: 'Before: set the intended rules.',
      command:
        `Set-AdfsRelyingPartyTrust -TargetName '<CRM trust>' -IssuanceAuthorizationRules '=> issue(Type ` +
        `= "http://schemas.microsoft.com/authorization/claims/permit", Value = "true");'`,
    },
    { text: 'Or put the account into the group the rule permits.' },
  ],
  checkAfterwards: (base) => [probeAgain(base)],
});
