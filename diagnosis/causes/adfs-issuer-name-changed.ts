import { cannotTell, claim, clear, defineRule, found } from '../define-rule';
import { exchangeRef, hostAnswered, hostOf, redirectTarget, stsHost } from '../facts/addresses';
import { openBefore } from '../facts/earlier-checks';
import { entityIdUnchanged, issuerNames } from '../facts/issuer-names';
import { refusedClaim, saidClaims, tokenRefusal } from '../facts/token-refusal';
import { listTrusts, probeAgain, reconfigureClaims, stsHostName } from '../remedy-steps';

/** CRM expects tokens from an issuer of another name than AD FS now has: renamed service, or a new farm. */
export const adfsIssuerNameChanged = defineRule({
  id: 'adfs-issuer-name-changed',
  title: 'AD FS has another issuer name than the one CRM trusts (renamed, or a new farm)',
  stage: 'token-post',
  rank: 3,
  liesWith: 'sts',
  ceiling: 'confirmed',
  needs: ['pages', 'exchanges', 'token', 'stsMetadata', 'crmMetadata', 'wsdl', 'clocks', 'lastGood'],
  judge: (evidence) => {
    if (evidence.journey.signedIn === 'yes') return clear('Sign-in works.');
    const names = issuerNames(evidence);
    if (names.state === 'same') return clear(`CRM's WSDL and AD FS's metadata name the same issuer, ${names.sts}.`);
    const refusal = tokenRefusal(evidence);
    if (names.state === 'unknown') {
      if (refusal.state === 'not-reached' || refusal.state === 'accepted') return clear(refusal.why);
      return entityIdUnchanged(evidence) === true
        ? clear("The STS's name is the one of the last good sign-in.")
        : cannotTell(`The names could not be compared: ${names.why}.`);
    }
    if (refusal.state === 'accepted') return clear(refusal.why);
    const changed =
      evidence.lastGood?.stsEntityId && entityIdUnchanged(evidence) === false
        ? [claim(`At the last good sign-in the STS called itself ${evidence.lastGood.stsEntityId}.`, 'last-good')]
        : [];
    const compared = claim(`CRM trusts the issuer ${names.crm}; the STS's metadata says ${names.sts}.`, 'wsdl', 'metadata:sts');
    if (refusal.state === 'refused') {
      const { code } = refusal;
      const refused = refusedClaim(refusal);
      if (code && code.code !== 'ID4175')
        return found(
          'suspected',
          [compared, ...changed],
          [claim(`This refusal was for another reason (${code.code}), checked before the issuer; the name will matter once that is repaired.`, code.ref)],
        );
      const said = saidClaims(code);
      const scheme = names.state === 'scheme-differs';
      const open = code ? [] : openBefore(evidence, 'issuer name');
      return found(
        scheme ? 'suspected' : open.length > 0 ? 'probable' : 'confirmed',
        [compared, ...changed, ...said, refused],
        [...open, ...(scheme ? [claim('The names differ in http/https only; clients swap the two, so this may mean nothing.', 'wsdl')] : [])],
      );
    }
    const old = evidence.exchanges.find(
      (exchange) => exchange.wsfed === null && /[?&]wa=wsignin1\.0/.test(exchange.location ?? '') && hostOf(redirectTarget(exchange)) !== stsHost(evidence),
    );
    const target = old ? hostOf(redirectTarget(old)) : null;
    if (old && target !== null && names.state === 'different')
      // A name that does not answer is a fault of its own, met first.
      return found(hostAnswered(evidence, target) ? 'confirmed' : 'probable', [
        compared,
        ...changed,
        claim(`CRM sends the browser to ${hostOf(redirectTarget(old))}, not to ${stsHost(evidence)}.`, ...exchangeRef(old)),
      ]);
    if (names.state === 'scheme-differs') return clear(`The names differ in http/https only (${names.crm}), and the sign-in ended earlier.`);
    return found('suspected', [compared, ...changed], [claim(`${refusal.why} The differing name is real, but it is not what stopped this run.`)]);
  },
  remedy: (base) => [
    { text: 'On the AD FS server: read the identifier and name it has now.', command: 'Get-AdfsProperties | Format-List Identifier, HostName, DisplayName' },
    { text: `On the CRM server: make CRM read the new metadata. The address must be that of ${stsHostName(base)}.` },
    ...reconfigureClaims(base),
    listTrusts,
    {
      text:
        'A new farm needs both CRM trusts with their three claim rules (UPN, Primary SID, Windows account name to Name), the SPN for its name, ' +
        'its TLS certificate and its DNS record.',
      command: `setspn -Q host/${stsHostName(base)}`,
    },
  ],
  checkAfterwards: (base) => [probeAgain(base)],
});
