import { cannotTell, claim, clear, defineRule, found } from '../define-rule';
import { excerpt } from '../facts/wording';
import { listTrusts, probeAgain } from '../remedy-steps';

/** AD FS knows several claims providers and asks the user to choose one. */
export const hrdPageShown = defineRule({
  id: 'hrd-page-shown',
  title: 'The STS asks for the home realm (which organisation) before the sign-in',
  stage: 'sts-page',
  rank: 4,
  liesWith: 'method',
  ceiling: 'confirmed',
  needs: ['pages', 'lastGood'],
  judge: ({ pages, journey, lastGood }) => {
    if (journey.signedIn === 'yes') return clear('Sign-in works.');
    if (pages.length === 0) return cannotTell('No page was seen.');
    const at = pages.findLastIndex(({ kind }) => kind === 'sts-home-realm');
    const page = pages[at];
    if (!page) return clear('No page asked for the home realm.');
    if (at < pages.length - 1 || journey.tokenPosts > 0)
      return clear(`The home realm was asked for (page ${page.n}) and chosen; the sign-in ended at a later page.`);
    const before = lastGood?.method ? { windows: 'Windows sign-in', forms: 'the sign-in form' }[lastGood.method] : null;
    // A later page may be missing from the evidence; the journey itself says where it ended.
    const ended = journey.failedAt === 'sts-page' && journey.credentialSubmissions === 0;
    return found(
      ended ? 'confirmed' : 'probable',
      [
        claim(
          `The sign-in stopped at the STS's page for home realm discovery (recognised by ${page.recognisedBy ?? 'its structure'}: ` +
            `"${excerpt(page.texts['openingMessage'] ?? page.title)}"); no credentials were asked for.`,
          `page:${page.n}`,
        ),
        ...(before ? [claim(`At the last good sign-in the STS went on to ${before} at once.`, 'last-good')] : []),
      ],
      [claim('People can choose and go on, and a browser that chose once may not be asked again; this tells nothing about CRM.')],
    );
  },
  remedy: ({ route }) => [
    {
      text: 'On the AD FS server: see which claims providers exist; with one more than Active Directory the page appears.',
      command: 'Get-AdfsClaimsProviderTrust | Format-Table Name, Enabled, Identifier -AutoSize',
    },
    listTrusts,
    ...(route === 'internal'
      ? [
          {
            text: 'Internal network: let browsers inside go to Active Directory without being asked.',
            command: 'Set-AdfsProperties -IntranetUseLocalClaimsProvider $true',
          },
        ]
      : []),
    {
      text: 'CRM trusts: when all CRM users are in Active Directory, offer nothing else to them.',
      command: "Set-AdfsRelyingPartyTrust -TargetName '<CRM trust>' -ClaimsProviderName @('Active Directory')",
    },
  ],
  checkAfterwards: (base) => [probeAgain(base)],
});
