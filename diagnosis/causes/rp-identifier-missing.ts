import { cannotTell, claim, clear, defineRule, found } from '../define-rule';
import { exchangeRef, hostOf, stsHost } from '../facts/addresses';
import { codeOn, errorTexts } from '../facts/error-codes';
import { realm } from '../facts/realm';
import { tokenPosts } from '../facts/token-post';
import { excerpt } from '../facts/wording';
import { crmHostName, listTrusts, probeAgain, readAdfsLog, updateTrusts } from '../remedy-steps';

/** Codes of the same page that mean something else (causes.md, code dictionary). */
const otherCodes = ['MSIS7065', 'MSIS7012', 'MSIS3127', 'MSIS7042', 'MSIS7001', 'MSIS7102'];

/** AD FS knows no usable relying-party trust for the realm CRM asks for. */
export const rpIdentifierMissing = defineRule({
  id: 'rp-identifier-missing',
  title: 'AD FS has no usable relying-party trust for the realm CRM asks for',
  ceiling: 'confirmed',
  needs: ['pages', 'exchanges', 'token', 'crmMetadata', 'lastGood'],
  judge: (evidence) => {
    if (evidence.journey.signedIn === 'yes') return clear('Sign-in works.');
    const posts = tokenPosts(evidence);
    if (posts.length > 0) return clear(`AD FS issued a token for this realm (posted to ${posts[0]?.host}).`);
    const host = stsHost(evidence);
    const page = evidence.pages.find(
      ({ kind, url, status }) => hostOf(url) === host && (kind === 'sts-error' || (kind === 'http-error' && status !== null && status < 500)),
    );
    if (!page) return evidence.pages.length === 0 ? cannotTell('No page was seen.') : clear('The STS showed no error page.');
    const { wtrealm, scopes } = realm(evidence);
    const texts = errorTexts(evidence);
    const code = codeOn('sts', texts, 'MSIS7007', 'MSIS3020');
    const shown = claim(
      `${host} answered the request for ${wtrealm ?? 'an unknown realm'} with an error page: "${excerpt(code?.said ?? page.texts['errorText'] ?? page.texts['message'] ?? page.title)}".`,
      `page:${page.n}`,
      ...(page.exchange ? [`exchange:${page.exchange}`] : []),
    );
    const support = [
      ...(wtrealm && scopes.includes(wtrealm) ? [claim(`${wtrealm} is among the scopes CRM publishes, so CRM does answer for it.`, 'metadata:crm')] : []),
      ...(evidence.siblings ?? [])
        .filter(({ signedIn }) => signedIn === 'yes')
        .map(({ route }) => claim(`The ${route} route, another realm on the same AD FS, signed in during this run.`)),
    ];
    const worked =
      wtrealm !== null && evidence.lastGood?.wtrealm === wtrealm
        ? [claim(`The same realm signed in at the last good run: the trust was rather disabled or deleted than never made (rp-trust-disabled).`, 'last-good')]
        : [];
    if (code)
      return found(
        'confirmed',
        [shown, claim(`The page carries ${code.code}.`, code.ref), ...support],
        [...worked, claim('Missing, disabled and not permitted look alike from outside; the list of trusts on AD FS settles it.')],
      );
    const other = codeOn('sts', texts, ...otherCodes);
    if (other) return clear(`The page carries ${other.code}, which is not the code of a missing trust.`);
    const asked = evidence.exchanges.find(({ url, wsfed }) => hostOf(url) === host && wsfed?.wa === 'wsignin1.0' && wsfed.wtrealm !== undefined);
    if (!asked) return clear('The request that reached the STS was not complete (no wa=wsignin1.0 with wtrealm): the request is at fault, not the trust.');
    if (evidence.journey.credentialSubmissions > 0)
      return found(
        'suspected',
        [shown, ...support],
        [
          ...worked,
          claim(
            'The page came after the credentials: a rule that denies this account or an unusable encryption certificate fits as well. Event 364 settles it.',
            `page:${page.n}`,
          ),
        ],
      );
    return found(
      page.kind === 'sts-error' ? 'probable' : 'suspected',
      [shown, claim('It came before any credentials were asked for, and the request was complete.', ...exchangeRef(asked)), ...support],
      [
        ...worked,
        claim(
          'AD FS 2012 R2 and later hide the code. A disabled trust (rp-trust-disabled), a malformed request (MSIS7065) and a method AD FS does not offer (wauth, MSIS7102) give the same page; only event 364 under its Activity ID can part them.',
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
      command: `Get-AdfsRelyingPartyTrust | Where-Object { $_.Identifier -match '${crmHostName(base).replace(/\./g, '\\.')}' } | Format-List Name, Enabled, Identifier`,
    },
    { text: 'It is there but disabled: enable it.', command: "Enable-AdfsRelyingPartyTrust -TargetName '<CRM trust>'" },
    { text: "It is missing after a new organization or a changed host: update the trusts from CRM's metadata." },
    ...updateTrusts,
    { text: 'The internal trust needs the internal address, the IFD trust auth., dev. and every organization. No identifier may be in both.' },
  ],
  checkAfterwards: (base) => [probeAgain(base)],
});
