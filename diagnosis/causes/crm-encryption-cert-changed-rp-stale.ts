import { cannotTell, claim, clear, defineRule, found } from '../define-rule';
import { openBefore } from '../facts/earlier-checks';
import { encryptionMatch, sameSerial } from '../facts/encryption-certificate';
import { refusedClaim, saidClaims, tokenRefusal } from '../facts/token-refusal';
import { instant } from '../facts/wording';
import { listTrusts, probeAgain, restartIis, updateTrusts } from '../remedy-steps';

/** CRM has a new encryption certificate, AD FS still encrypts for the old one: CRM cannot open the token. */
export const crmEncryptionCertChangedRpStale = defineRule({
  id: 'crm-encryption-cert-changed-rp-stale',
  title: 'CRM has a new encryption certificate, AD FS still encrypts tokens for the old one',
  stage: 'token-post',
  rank: 0,
  liesWith: 'relying-party',
  ceiling: 'confirmed',
  needs: ['pages', 'exchanges', 'token', 'stsMetadata', 'crmMetadata', 'wsdl', 'clocks', 'lastGood'],
  judge: (evidence) => {
    const refusal = tokenRefusal(evidence);
    if (refusal.state === 'cannot-tell') return cannotTell(refusal.why);
    if (refusal.state !== 'refused') return clear(refusal.why);
    const { code } = refusal;
    if (code && code.check !== 'decrypt') return clear(`CRM's answer carries ${code.code}, a check made after decryption.`);
    const match = encryptionMatch(evidence);
    const refused = refusedClaim(refusal);
    const said = saidClaims(code);
    const then = evidence.lastGood?.tokenEncryptedFor;
    if (match.state === 'mismatch') {
      const published = match.published.map(({ serial, notBefore }) => `${serial} (valid since ${instant(notBefore)})`).join(', ');
      const before =
        then && sameSerial(then.serial, match.tokenFor.serial)
          ? [claim(`Serial ${then.serial} is the one AD FS used at the last good sign-in: it has not followed CRM's change.`, 'token', 'last-good')]
          : [];
      const refs = match.published.map(({ sha1 }) => `certificate:${sha1}`);
      const open = code ? [] : openBefore(evidence, 'encryption certificate');
      return found(
        open.length > 0 ? 'probable' : 'confirmed',
        [
          claim(
            `The token is encrypted for the certificate with serial ${match.tokenFor.serial} (issuer ${match.tokenFor.issuer}); CRM publishes ${published}.`,
            'token',
            'metadata:crm',
            ...refs,
          ),
          ...before,
          ...said,
          refused,
        ],
        [
          ...open,
          claim("Equal serials in a token after the trusts' update would show that this is cured; if CRM still refuses then, another cause is behind it."),
        ],
      );
    }
    if (match.state === 'match' && code) {
      return cannotTell(
        `CRM says ${code.code} although the token is encrypted for the certificate it publishes (serial ${match.tokenFor.serial}): ` +
          `its private key may be out of reach for the application pool.`,
      );
    }
    if (match.state === 'match') return clear(`The token is encrypted for the certificate CRM publishes (serial ${match.tokenFor.serial}).`);
    if (match.state === 'not-encrypted') return clear('The token is not encrypted.');
    if (code)
      return found(
        'probable',
        [...said, refused],
        [claim(`The serials could not be compared (${match.why}); a private key that CRM may not read gives the same text.`)],
      );
    return cannotTell(`The serials could not be compared: ${match.why}.`);
  },
  remedy: () => [
    listTrusts,
    ...updateTrusts,
    {
      text: 'On the AD FS server: the trusts must now show the new certificate.',
      command: 'Get-AdfsRelyingPartyTrust | Format-List Name, EncryptionCertificate, MonitoringEnabled, AutoUpdateEnabled',
    },
    {
      text: "If the update fails: AD FS must be able to read CRM's metadata without a certificate warning. Try it from the AD FS server.",
      command: "Invoke-WebRequest -UseBasicParsing 'https://<CRM internal or auth host>/FederationMetadata/2007-06/FederationMetadata.xml'",
    },
    restartIis,
  ],
  checkAfterwards: (base) => [probeAgain(base)],
});
