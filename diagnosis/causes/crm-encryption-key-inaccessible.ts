import type { RouteEvidence } from '../../contracts/evidence';
import { cannotTell, claim, clear, defineRule, found } from '../define-rule';
import { exchangeRef, hostOf, stsHost } from '../facts/addresses';
import { errorTexts } from '../facts/error-codes';
import { eventFor } from '../facts/server-events';
import { refusedClaim, saidClaims, tokenRefusal } from '../facts/token-refusal';
import { excerpt, instant, withoutStop } from '../facts/wording';
import { crmAddress, probeAgain, readCrmLog, restartIis } from '../remedy-steps';

/** .NET's own words for a key that cannot be used: no right or no key, and a key of the newer kind (CNG) that WIF cannot use. */
const keyTexts = /Keyset does not exist|Invalid provider type specified|does not have a private key|key does not exist|CryptographicException/i;

/** CRM cannot use the private key of its encryption certificate: it opens no token and cannot sign its own metadata. */
export const crmEncryptionKeyInaccessible = defineRule({
  id: 'crm-encryption-key-inaccessible',
  title: 'CRM cannot use the private key of its encryption certificate',
  stage: 'token-post',
  rank: -1,
  liesWith: 'relying-party',
  ceiling: 'confirmed',
  needs: ['pages', 'exchanges', 'crmMetadata', 'wsdl', 'lastGood'],
  judge: (evidence) => {
    const refusal = tokenRefusal(evidence);
    if (refusal.state === 'cannot-tell') return cannotTell(refusal.why);
    if (refusal.state !== 'refused') return clear(refusal.why);
    const { code } = refusal;
    if (code && code.check !== 'decrypt') return clear(`CRM's answer carries ${code.code}: it had opened the token, so it can use its key.`);
    const { crmMetadata, lastGood } = evidence;
    const logged = eventFor(evidence, 'crm-encryption-key-inaccessible');
    if (logged && (crmMetadata === null || crmMetadata.ok))
      return found(
        'probable',
        [logged.said, refusedClaim(refusal)],
        [
          crmMetadata
            ? claim(
                "CRM serves its federation metadata, which it signs with the same key: rather one of several front ends, or another key of CRM's.",
                'metadata:crm',
              )
            : claim("CRM's metadata was not captured; an error there would settle it."),
        ],
      );
    if (crmMetadata?.ok) {
      return crmMetadata.signature.status === 'valid'
        ? clear('CRM serves its federation metadata, signed with the key in question.')
        : cannotTell(`CRM's metadata was read, but its signature is ${crmMetadata.signature.status}.`);
    }
    if (crmMetadata === null) return cannotTell("CRM's metadata was not captured.");
    const said = errorTexts(evidence).find(({ side, text }) => side === 'relying-party' && keyTexts.test(text));
    const words = said ? [claim(`CRM's answer says "${excerpt(said.text.slice(said.text.search(keyTexts)))}".`, said.ref)] : [];
    const refused = refusedClaim(refusal);
    if (crmMetadata.status === null || crmMetadata.status < 500) {
      const why = `CRM's metadata could not be read for another reason (${withoutStop(crmMetadata.why)})`;
      return words.length > 0
        ? found('probable', [...words, refused], [claim(`${why}; an error there would settle it.`, 'metadata:crm')])
        : cannotTell(`${why}.`);
    }
    const up = siteIsUp(evidence);
    const before = lastGood && lastGood.crmKeys.length > 0 ? lastGood : null;
    const because = [
      claim(
        `CRM answers HTTP ${crmMetadata.status} instead of its federation metadata, which it signs with the private key of its encryption ` +
          `certificate${up ? '; the site itself is up' : ''}.`,
        'metadata:crm',
        ...(up ?? []),
      ),
      ...(before ? [claim(`At the last good sign-in (${instant(before.savedAt)}) the metadata was served.`, 'last-good')] : []),
      ...words,
      ...saidClaims(code),
      refused,
    ];
    const against = [
      claim(
        words.length > 0
          ? 'Which of missing right, missing key and CNG key it is, is only probable from the words.'
          : 'Whether the right, the key or its kind (CNG) is at fault stands only on the server; ' +
              'an unreachable configuration database can break the metadata as well.',
      ),
    ];
    if (up && (before || words.length > 0)) return found('confirmed', because, against);
    return found(up ? 'probable' : 'suspected', because, [
      ...against,
      ...(before ? [] : [claim('No last good sign-in shows that this address served the metadata before.', 'metadata:crm')]),
    ]);
  },
  remedy: (base) => [
    {
      text:
        'On every CRM front-end server: which account runs the pool, and where is the key? ' +
        'A provider "Microsoft Software Key Storage Provider" means a CNG key, which CRM cannot use.',
      command: 'certutil -v -store My; Import-Module WebAdministration; (Get-Item IIS:\\AppPools\\CRMAppPool).processModel.userName',
    },
    {
      text:
        "Certificates (Local Computer), the certificate, All Tasks, Manage Private Keys: give the pool's account Read. " +
        'A wrong store or a lost link between certificate and key:',
      command: "certutil -repairstore My '<thumbprint of the CRM encryption certificate>'",
    },
    { text: 'A CNG key: issue the certificate anew with a CSP (CAPI) key, install it, give the right, and run the claims wizard again.' },
    restartIis,
    {
      text: 'The metadata must be served again.',
      command: `Invoke-WebRequest -UseBasicParsing '${crmAddress(base)}/FederationMetadata/2007-06/FederationMetadata.xml'`,
    },
  ],
  checkAfterwards: (base) => [probeAgain(base), readCrmLog],
});

/** References to what shows that CRM's web application answers other requests; null when nothing does. */
function siteIsUp(evidence: Pick<RouteEvidence, 'settings' | 'exchanges' | 'wsdl'>): readonly string[] | null {
  if (evidence.wsdl?.ok) return ['wsdl'];
  const redirect = evidence.exchanges.find(
    ({ url, status, location }) => hostOf(url) !== stsHost(evidence) && status === 302 && hostOf(location) === stsHost(evidence),
  );
  return redirect ? exchangeRef(redirect) : null;
}
