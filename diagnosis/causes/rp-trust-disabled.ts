import { cannotTell, claim, clear, defineRule, found } from '../define-rule';
import { exchangeRef } from '../facts/addresses';
import { carrierOf } from '../facts/error-codes';
import { realm, realmHistory } from '../facts/realm';
import { stsError } from '../facts/sts-error';
import { tokenPosts } from '../facts/token-post';
import { instant } from '../facts/wording';
import { listTrusts, probeAgain, readAdfsLog, updateTrusts } from '../remedy-steps';

/** The trust for a realm that signed in before is disabled or gone. From outside it looks like one that was never made. */
export const rpTrustDisabled = defineRule({
  id: 'rp-trust-disabled',
  title: "CRM's relying-party trust in AD FS is disabled or was deleted",
  stage: 'sts-page',
  rank: 1.5,
  liesWith: 'relying-party',
  ceiling: 'suspected',
  needs: ['pages', 'exchanges', 'token', 'crmMetadata', 'lastGood'],
  judge: (evidence) => {
    if (evidence.journey.signedIn === 'yes') return clear('Sign-in works.');
    const [post] = tokenPosts(evidence);
    if (post) return clear(`AD FS issued a token for this realm (posted to ${post.host}).`);
    const error = stsError(evidence);
    if (!error) return evidence.pages.length === 0 ? cannotTell('No page was seen.') : clear('The STS showed no error page.');
    const { page, shown, code, relyingParty } = error;
    const missing = code !== null && ['MSIS7007', 'MSIS3020'].includes(code.code);
    if (code && !missing) return clear(`${carrierOf(code)} carries ${code.code}, which is not the code of an unusable trust.`);
    if (!missing && !error.complete) return clear('The request that reached the STS was not complete: the request is at fault, not the trust.');
    if (!missing && relyingParty.state === 'named') return clear(`The page names the relying party "${relyingParty.name}": AD FS did find the trust.`);
    if (!missing && error.afterCredentials) return clear('The page came after the credentials; a disabled trust is noticed before them.');
    const { wtrealm } = realm(evidence);
    const known = realmHistory(evidence);
    if (known === 'changed')
      return clear(`At the last good sign-in CRM asked for ${evidence.lastGood?.wtrealm} or published other scopes: AD FS rather does not know the new realm.`);
    const others = (evidence.siblings ?? []).filter(({ signedIn }) => signedIn === 'yes');
    const because = [
      shown,
      ...(code
        ? [claim(`${carrierOf(code)} carries ${code.code}.`, code.ref)]
        : [claim('It came before any credentials were asked for, and the request was complete.', ...exchangeRef(error.request))]),
      ...(relyingParty.state === 'blank'
        ? [claim('The page leaves the relying party blank: AD FS had found no usable trust (inferred).', `page:${page.n}`)]
        : []),
      ...(known === 'as-before' && evidence.lastGood
        ? [
            claim(
              `${wtrealm} signed in at ${instant(evidence.lastGood.savedAt)}, and CRM still asks for ` +
                `it${evidence.crmMetadata?.ok ? ' and publishes the same scopes' : ''}.`,
              'last-good',
              ...(evidence.crmMetadata?.ok ? ['metadata:crm'] : []),
            ),
          ]
        : []),
      ...others.map(({ route }) => claim(`The ${route} route signed in during this run, so AD FS itself works.`)),
    ];
    return found('suspected', because, [
      ...(known === 'unknown'
        ? [claim('No last good sign-in tells whether this realm ever worked; a trust that was never made (rp-identifier-missing) looks the same.')]
        : []),
      claim('Disabled and missing look alike from outside: only the list of trusts on AD FS, or event 364 under the Activity ID, tells.', `page:${page.n}`),
    ]);
  },
  remedy: () => [
    listTrusts,
    { text: 'It is there with Enabled False: enable it.', command: "Enable-AdfsRelyingPartyTrust -TargetName '<CRM trust>'" },
    {
      text: "It is gone: make it again from CRM's metadata, with the three claim rules (UPN, Primary SID, Windows account name to Name).",
      command:
        "Add-AdfsRelyingPartyTrust -Name '<CRM trust>' -MetadataUrl 'https://<CRM internal or auth host>/FederationMetadata/2007-06/FederationMetadata.xml'",
    },
    ...updateTrusts,
    readAdfsLog,
  ],
  checkAfterwards: (base) => [probeAgain(base)],
});
