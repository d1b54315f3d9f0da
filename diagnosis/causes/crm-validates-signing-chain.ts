import type { LastGood } from '../../contracts/evidence';
import { cannotTell, claim, clear, defineRule, found } from '../define-rule';
import { farmDisagreement } from '../facts/farm-nodes';
import { signersDiffer } from '../facts/signer-samples';
import { repairOnRecord } from '../facts/repair-on-record';
import { rolloverTwins } from '../facts/rollover-twins';
import { primaryChange, signerThen, stsCertificates, traceOfRollover } from '../facts/sts-certificates';
import { refusedClaim, saidClaims, tokenRefusal } from '../facts/token-refusal';
import { listed, shortThumbprint } from '../facts/wording';
import { probeAgain, readCrmLog, restartIis } from '../remedy-steps';

/** A certificate of an authority signed at the last good sign-in, so a chain may well be validated. */
function knownFromAuthority(lastGood: LastGood | null): boolean {
  const then = lastGood ? signerThen(lastGood) : null;
  return lastGood?.stsKeys.some(({ certificate }) => certificate.sha1 === then && !certificate.selfSigned) ?? false;
}

/** CRM was told to validate the signing certificate's chain, and does not trust the new one: the repair of KB 2686840 does not help. */
export const crmValidatesSigningChain = defineRule({
  id: 'crm-validates-signing-chain',
  title: 'CRM validates the chain of the AD FS signing certificate and does not trust the new one',
  stage: 'token-post',
  rank: 4.5,
  liesWith: 'relying-party',
  inLab: { behind: 'adfs-signing-cert-rolled', toldByText: true },
  ceiling: 'confirmed',
  needs: ['pages', 'exchanges', 'token', 'stsMetadata', 'crmMetadata', 'wsdl', 'clocks', 'lastGood', 'repairOnRecord', 'nodes', 'stsSamples'],
  judge: (evidence) => {
    const refusal = tokenRefusal(evidence);
    if (refusal.state === 'cannot-tell') return cannotTell(refusal.why);
    if (refusal.state !== 'refused') return clear(refusal.why);
    const { code } = refusal;
    const refused = refusedClaim(refusal);
    const change = primaryChange(evidence);
    const reading = stsCertificates(evidence.stsMetadata);
    const signer = reading.known
      ? [
          claim(
            `AD FS signs with ${shortThumbprint(reading.primary.sha1)}, ` +
              (reading.primary.selfSigned ? 'which is self-signed and trusted only where it was installed' : `issued by ${reading.primary.issuer}`) +
              `${change.state === 'changed' ? `; at the last good sign-in it was ${shortThumbprint(change.then)}` : ''}.`,
            `certificate:${reading.primary.sha1}`,
            'metadata:sts',
          ),
        ]
      : [];
    if (code?.check === 'certificate')
      return found(
        'confirmed',
        [...saidClaims(code), ...signer, refused],
        [claim('Whether trust or revocation is at fault stands in the CAPI2 log of the CRM server.')],
      );
    if (code) return clear(`CRM's answer carries ${code.code}, not a failed validation of the certificate.`);
    const disagreement = farmDisagreement(evidence) ?? signersDiffer(evidence);
    if (disagreement) return cannotTell(disagreement);
    if (change.state === 'unchanged')
      return cannotTell(
        `The primary signing certificate is still ${shortThumbprint(change.now)}. A changed setting, a lost root or a revocation list out of reach ` +
          `needs no new one; ID4257 or ID4070 in event 3005 on the CRM server would show it.`,
      );
    if (change.state === 'unknown' && !(reading.known && traceOfRollover(reading, evidence.startedAt)))
      return cannotTell(`CRM gave no reason, ${change.why}, and the AD FS metadata shows no trace of a rollover.`);
    const twins = rolloverTwins(evidence);
    const open = twins.filter(({ state }) => state !== 'refuted');
    if (open.length > 0) return cannotTell(`CRM gave no reason, and twins are not excluded: ${listed(open.map(({ name }) => name))}.`);
    const repaired = repairOnRecord(evidence);
    // AD FS's own certificates are self-signed, and by default CRM validates none: without more, this would stand beside every rollover.
    if (!repaired && reading.known && reading.primary.selfSigned && !knownFromAuthority(evidence.lastGood))
      return cannotTell(
        `CRM gave no reason. By default it validates no chain, and ${shortThumbprint(reading.primary.sha1)} is self-signed, as AD FS makes them: ` +
          `nothing speaks for it but the refusal. ID4257 or ID4070 in event 3005 on the CRM server, ` +
          `or a refusal that outlives KB 2686840's repair, would.`,
      );
    if (repaired)
      return found(
        'suspected',
        [...signer, claim(`${repaired.said}, and CRM still refuses.`, 'repair-on-record'), refused],
        [
          claim(
            'Or a step of the repair did not take, for example because claims were not disabled and IIS not reset before the wizard ran. ' +
              'Event 3005 on the CRM server settles it: ID4257 or ID4070 is this cause, ID4175 means the repair.',
          ),
        ],
      );
    return found(
      'suspected',
      [...signer, refused],
      [
        claim(
          'By default CRM validates no chain; a certificate CRM does not know (adfs-signing-cert-rolled) is far more common and looks the same. ' +
            "This remains when the refusal outlives KB 2686840's repair; ID4257 or ID4070 in event 3005 on the CRM server settles it.",
        ),
      ],
    );
  },
  remedy: () => [
    {
      text: 'On every CRM server: is validation on? No value, or None, means no.',
      command: "Get-ItemProperty 'HKLM:\\SOFTWARE\\Microsoft\\MSCRM' -Name TrustedIssuerCertificateValidation -ErrorAction SilentlyContinue",
    },
    {
      text: 'On the AD FS server: export the signing certificate in use (without its key).',
      command:
        '$signing = (Get-AdfsCertificate -CertificateType Token-Signing | Where-Object IsPrimary).Certificate; ' +
        "[IO.File]::WriteAllBytes('adfs-signing.cer', $signing.Export('Cert'))",
    },
    {
      text: 'On every CRM server: trust a self-signed one (PeerTrust reads Trusted People, ChainTrust the trusted roots).',
      command:
        'Import-Certificate -FilePath adfs-signing.cer -CertStoreLocation Cert:\\LocalMachine\\Root; ' +
        'Import-Certificate -FilePath adfs-signing.cer -CertStoreLocation Cert:\\LocalMachine\\TrustedPeople',
    },
    { text: 'One from an authority: CRL and OCSP addresses must be reachable from the CRM servers.', command: 'certutil -verify -urlfetch adfs-signing.cer' },
    { text: 'Or, where policy allows, return the value to None.' },
    restartIis,
  ],
  checkAfterwards: (base) => [probeAgain(base), readCrmLog],
});
