import { cannotTell, claim, clear, defineRule, found } from '../define-rule';
import { exchangeRef } from '../facts/addresses';
import { carrierOf } from '../facts/error-codes';
import { realm, realmHistory } from '../facts/realm';
import { stsError } from '../facts/sts-error';
import { tokenPosts } from '../facts/token-post';
import { crmHostName, listTrusts, probeAgain, readAdfsLog, updateTrusts } from '../remedy-steps';

/** AD FS knows no usable relying-party trust for the realm CRM asks for. */
export const rpIdentifierMissing = defineRule({
  id: 'rp-identifier-missing',
  title: 'AD FS has no usable relying-party trust for the realm CRM asks for',
  stage: 'sts-page',
  rank: 1,
  liesWith: 'relying-party',
  ceiling: 'confirmed',
  needs: ['pages', 'exchanges', 'token', 'crmMetadata', 'lastGood'],
  judge: (evidence) => {
    if (evidence.journey.signedIn === 'yes') return clear('Sign-in works.');
    const posts = tokenPosts(evidence);
    if (posts.length > 0) return clear(`AD FS issued a token for this realm (posted to ${posts[0]?.host}).`);
    const error = stsError(evidence);
    if (!error) return evidence.pages.length === 0 ? cannotTell('No page was seen.') : clear('The STS showed no error page.');
    const { page, shown, code, relyingParty } = error;
    const { wtrealm, scopes } = realm(evidence);
    const support = [
      ...(wtrealm && scopes.includes(wtrealm) ? [claim(`${wtrealm} is among the scopes CRM publishes, so CRM does answer for it.`, 'metadata:crm')] : []),
      ...(evidence.siblings ?? [])
        .filter(({ signedIn }) => signedIn === 'yes')
        .map(({ route }) => claim(`The ${route} route, another realm on the same AD FS, signed in during this run.`)),
    ];
    const known = realmHistory(evidence);
    const worked =
      known === 'as-before'
        ? [claim(`The same realm signed in at the last good run: the trust was rather disabled or deleted than never made (rp-trust-disabled).`, 'last-good')]
        : [];
    const before =
      known === 'changed' ? [claim(`At the last good sign-in CRM asked for ${evidence.lastGood?.wtrealm}, or published other scopes.`, 'last-good')] : [];
    if (code && ['MSIS7007', 'MSIS3020'].includes(code.code))
      return found(
        'confirmed',
        [shown, claim(`${carrierOf(code)} carries ${code.code}.`, code.ref), ...support, ...before],
        [...worked, claim('Missing, disabled and not permitted look alike from outside; the list of trusts on AD FS settles it.')],
      );
    if (code) return clear(`${carrierOf(code)} carries ${code.code}, which is not the code of a missing trust.`);
    if (!error.complete)
      return clear('The request that reached the STS was not complete (no wa=wsignin1.0 with wtrealm): the request is at fault, not the trust.');
    if (relyingParty.state === 'named') return clear(`The page names the relying party "${relyingParty.name}": AD FS did find the trust.`);
    const blank =
      relyingParty.state === 'blank' ? [claim('The page leaves the relying party blank: AD FS had found no usable trust (inferred).', `page:${page.n}`)] : [];
    if (error.afterCredentials)
      return found(
        'suspected',
        [shown, ...blank, ...support],
        [
          ...worked,
          claim(
            'The page came after the credentials: a rule that denies this account or an unusable encryption certificate fits as well. Event 364 settles it.',
            `page:${page.n}`,
          ),
        ],
      );
    if (known === 'as-before')
      return cannotTell(
        `AD FS knows no usable trust for ${wtrealm}, but the same realm signed in at the last good run: rather disabled or deleted than missing.`,
      );
    return found(
      page.kind === 'sts-error' && known === 'changed' ? 'probable' : 'suspected',
      [
        shown,
        claim('It came before any credentials were asked for, and the request was complete.', ...exchangeRef(error.request)),
        ...blank,
        ...before,
        ...support,
      ],
      [
        ...(known === 'unknown'
          ? [claim('No last good sign-in tells whether this realm ever worked; a disabled trust (rp-trust-disabled) looks the same.')]
          : []),
        claim(
          'AD FS 2012 R2 and later hide the code. A disabled trust (rp-trust-disabled), a malformed request (MSIS7065) and a method AD FS does not ' +
            'offer (wauth, MSIS7102) give the same page; only event 364 under its Activity ID can part them.',
          `page:${page.n}`,
        ),
      ],
    );
  },
  remedy: (base) => [
    readAdfsLog,
    listTrusts,
    {
      text: 'On the AD FS server: is there a trust with the identifier CRM asks for? Port and trailing slash count.',
      command:
        `Get-AdfsRelyingPartyTrust | Where-Object { $_.Identifier -match '${crmHostName(base).replace(/\./g, '\\.')}' } | ` +
        `Format-List Name, Enabled, Identifier`,
    },
    { text: 'It is there but disabled: enable it.', command: "Enable-AdfsRelyingPartyTrust -TargetName '<CRM trust>'" },
    { text: "It is missing after a new organization or a changed host: update the trusts from CRM's metadata." },
    ...updateTrusts,
    { text: 'The internal trust needs the internal address, the IFD trust auth., dev. and every organization. No identifier may be in both.' },
  ],
  checkAfterwards: (base) => [probeAgain(base)],
});
