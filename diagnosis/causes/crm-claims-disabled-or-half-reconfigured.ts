import type { Exchange, RouteEvidence } from '../../contracts/evidence';
import { cannotTell, claim, clear, defineRule, found } from '../define-rule';
import { exchangeRef, hostOf, redirectTarget, stsHost } from '../facts/addresses';
import { instant } from '../facts/wording';
import { configureClaims, configureIfd, crmAddress, probeAgain, readClaimsSettings, restartAdfs, restartIis, updateTrusts } from '../remedy-steps';

/** CRM does not send the browser to AD FS any more: claims (or IFD alone) are off. */
export const crmClaimsDisabledOrHalfReconfigured = defineRule({
  id: 'crm-claims-disabled-or-half-reconfigured',
  title: 'Claims or IFD is switched off in CRM (often a half-finished repair)',
  stage: 'crm-redirect',
  rank: 1,
  liesWith: 'relying-party',
  ceiling: 'confirmed',
  needs: ['pages', 'exchanges', 'crmMetadata', 'wsdl', 'lastGood'],
  judge: (evidence) => {
    if (evidence.journey.signedIn === 'yes') return clear('Sign-in works.');
    const { wsdl, lastGood, crmMetadata } = evidence;
    const toSts = firstRedirect(evidence);
    const unpublished =
      crmMetadata && !crmMetadata.ok && crmMetadata.status === 404 ? [claim("CRM's federation metadata is not served (HTTP 404).", 'metadata:crm')] : [];
    if (toSts) {
      const asksWindows = evidence.route === 'ifd' && /authentication:windows$/i.test(toSts.wauth);
      if (!asksWindows || lastGood?.method !== 'forms' || unpublished.length === 0) return clear(`CRM sends the browser to ${stsHost(evidence)}.`);
      return found(
        'probable',
        [
          claim(
            'CRM sends the IFD address to the STS with a request for Windows authentication, as it does for internal claims.',
            ...exchangeRef(toSts.exchange),
          ),
          claim(`At the last good sign-in (${instant(lastGood.savedAt)}) it asked for the form.`, 'last-good'),
          ...unpublished,
        ],
        [claim('Claims are on; only the step "Configure Internet-Facing Deployment" seems to be missing. Get-CrmSetting IfdSettings settles it.')],
      );
    }
    const challenge = evidence.exchanges.find(({ url, status, challenges }) => status === 401 && challenges.length > 0 && hostOf(url) !== stsHost(evidence));
    const page = evidence.pages.find(({ kind }) => kind === 'crm-challenge');
    const federation = wsdl?.ok && wsdl.authentication !== null ? /^federation$/i.test(wsdl.authentication) : null;
    const asked =
      challenge || page
        ? [
            claim(
              `${hostOf(challenge?.url ?? page?.url ?? null)} itself asks for credentials (HTTP 401, ` +
                `${challenge?.challenges.join(', ') ?? page?.texts['challenges'] ?? 'Windows'}) instead of sending the browser to the STS.`,
              ...exchangeRef(challenge),
              ...(page ? [`page:${page.n}`] : []),
            ),
          ]
        : [];
    const policy = wsdl?.ok && federation === false ? [claim(`CRM's WSDL says authentication "${wsdl.authentication}", not "Federation".`, 'wsdl')] : [];
    if (asked.length === 0 && policy.length === 0)
      return evidence.exchanges.some(({ status }) => status !== null)
        ? clear('CRM does not ask for Windows credentials itself.')
        : cannotTell('CRM gave no answer.');
    const before = lastGood?.wtrealm
      ? [claim(`At the last good sign-in (${instant(lastGood.savedAt)}) it redirected to the STS for ${lastGood.wtrealm}.`, 'last-good')]
      : [];
    const because = [...asked, ...policy, ...unpublished, ...before];
    const half = claim('That this is a half-done repair of KB 2686840 is an inference; Deployment Manager shows the state.');
    if (asked.length > 0 && policy.length > 0) return found('confirmed', because, [half]);
    if (federation === true)
      return found('suspected', because, [claim(`CRM's WSDL still says "Federation": rather another web site or an API path answered.`, 'wsdl'), half]);
    return found('suspected', because, [
      ...(wsdl?.ok && wsdl.authentication !== null
        ? []
        : [claim(`CRM's WSDL ${wsdl ? 'could not be read' : 'was not captured'}; "Federation" in it would speak against this.`, ...(wsdl ? ['wsdl'] : []))]),
      half,
    ]);
  },
  remedy: (base) => [
    {
      text: 'On the CRM server: read what is on. Enabled must be True for claims, and for IFD where it is used.',
      command: readClaimsSettings,
    },
    {
      text: 'Check that the web addresses are bound to HTTPS (Deployment Manager, Properties, Web Address).',
      command: 'Get-CrmSetting WebAddressSettings | Format-List',
    },
    {
      text: 'Configure Claims-Based Authentication with the same values as before (Deployment Manager, or here).',
      command: configureClaims(base),
    },
    {
      text: 'Configure Internet-Facing Deployment (leave out where there is none).',
      command: configureIfd,
    },
    restartIis,
    ...updateTrusts,
    restartAdfs,
  ],
  checkAfterwards: (base) => [
    { text: 'CRM must redirect to AD FS again (HTTP 302 with wa=wsignin1.0).', command: `curl.exe -sS -D - -o NUL ${crmAddress(base)}/` },
    probeAgain(base),
  ],
});

/** CRM's redirect to the STS, with the method it asks for. */
function firstRedirect(evidence: Pick<RouteEvidence, 'settings' | 'exchanges'>): { readonly exchange: Exchange; readonly wauth: string } | null {
  const exchange = evidence.exchanges.find((each) => hostOf(each.url) !== stsHost(evidence) && /[?&]wa=wsignin1\.0/i.test(redirectTarget(each) ?? ''));
  if (!exchange) return null;
  return { exchange, wauth: new URL(redirectTarget(exchange) ?? exchange.url).searchParams.get('wauth') ?? '' };
}
