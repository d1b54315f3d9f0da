import type { CertificateFacts, Metadata } from '../../contracts/evidence';
import { cannotTell, claim, clear, defineRule, found } from '../define-rule';
import { primaryChange, stsCertificates } from '../facts/sts-certificates';
import { instant, shortThumbprint, withoutStop } from '../facts/wording';
import { probeAgain } from '../remedy-steps';

const dayMs = 86_400_000;
/** Partners read new metadata within a day or by hand within weeks; older news is none. */
const recentMs = 45 * dayMs;

/** AD FS has a new token-decrypting certificate. CRM's users of the local directory notice nothing; partners that encrypt to AD FS may. */
export const adfsDecryptingCertRolled = defineRule({
  id: 'adfs-decrypting-cert-rolled',
  title: 'The AD FS token-decrypting certificate changed (partners must learn it; CRM need not)',
  stage: 'crm-page',
  rank: 0.5,
  liesWith: 'sts',
  ceiling: 'probable',
  nature: 'warns',
  needs: ['pages', 'exchanges', 'token', 'stsMetadata', 'lastGood'],
  judge: (evidence) => {
    const { stsMetadata, lastGood } = evidence;
    if (stsMetadata === null) return cannotTell("The STS's metadata was not captured.");
    if (!stsMetadata.ok) return cannotTell(`The STS's metadata could not be read: ${withoutStop(stsMetadata.why)}.`);
    const [now] = decrypting(stsMetadata);
    if (!now) return clear("The STS's metadata publishes no encryption certificate.");
    const partner = evidence.pages.some(({ kind }) => kind === 'sts-home-realm');
    const signedIn = evidence.journey.signedIn === 'yes';
    const aside = claim(
      signedIn
        ? 'Sign-in to CRM works and is not affected: the certificate serves tokens that partners (other claims providers) send to AD FS.'
        : 'It does not explain a failed sign-in of an account of the local directory; it matters only for partners whose tokens AD FS must open.',
    );
    const then = lastGood ? lastGood.stsKeys.filter(({ use }) => use !== 'signing').map(({ certificate }) => certificate) : [];
    if (then.length > 0 && lastGood) {
      if (then.some(({ sha1 }) => sha1 === now.sha1))
        return clear(`The decrypting certificate is still ${shortThumbprint(now.sha1)}, as at the last good sign-in.`);
      if (then.every(({ notBefore }) => new Date(now.notBefore) < new Date(notBefore)))
        return clear(
          `The decrypting certificate ${shortThumbprint(now.sha1)} is older than that of the last good sign-in: an earlier one came back, none was made.`,
        );
      const change = primaryChange(evidence);
      if (change.state === 'changed')
        return clear('The signing certificate changed as well: judge that first (KB 2686840); the decrypting one merely goes along with it.');
      if (change.state === 'unknown') return cannotTell(`Whether the signing certificate changed as well is not known: ${change.why}.`);
      return found(
        partner && !signedIn ? 'probable' : 'suspected',
        [
          claim(
            `AD FS publishes the decrypting certificate ${shortThumbprint(now.sha1)}, valid since ${instant(now.notBefore)}; ` +
              `at the last good sign-in (${instant(lastGood.savedAt)}) it was ${shortThumbprint(then[0]?.sha1 ?? '')}.`,
            `certificate:${now.sha1}`,
            'metadata:sts',
            'last-good',
          ),
          claim(`The signing certificate is the same (${shortThumbprint(change.now)}).`, 'metadata:sts', 'last-good'),
          ...(partner
            ? [
                claim(
                  'The STS offers other claims providers (home realm discovery).',
                  ...evidence.pages.filter(({ kind }) => kind === 'sts-home-realm').map(({ n }) => `page:${n}`),
                ),
              ]
            : []),
        ],
        [aside, claim('Whether any partner encrypts its tokens to AD FS stands only in its configuration; events 133 and 374 name failures.')],
      );
    }
    const reading = stsCertificates(stsMetadata);
    const ageMs = new Date(evidence.startedAt).getTime() - new Date(now.notBefore).getTime();
    const younger = reading.known ? new Date(now.notBefore).getTime() - new Date(reading.primary.notBefore).getTime() : null;
    // Without a last good state: AD FS makes both certificates together, so one much younger than the other was made alone.
    if (younger !== null && reading.known && reading.others.length === 0 && younger > dayMs && ageMs < recentMs && ageMs >= 0)
      return found(
        'suspected',
        [
          claim(
            `The decrypting certificate ${shortThumbprint(now.sha1)} is valid since ${instant(now.notBefore)}, ` +
              `the signing one ${shortThumbprint(reading.primary.sha1)} since ${instant(reading.primary.notBefore)}: ` +
              `AD FS makes both together, so it was changed alone.`,
            `certificate:${now.sha1}`,
            'metadata:sts',
          ),
        ],
        [aside, claim('No last good sign-in is on record to compare with; certificates of your own need not be of one age.')],
      );
    return lastGood
      ? cannotTell('The last good sign-in recorded no decrypting certificate.')
      : clear('The decrypting certificate shows no trace of a change of its own.');
  },
  remedy: () => [
    { text: 'Nothing needs to be done on CRM for accounts of the local directory.' },
    {
      text: 'On the AD FS server: does any partner send tokens at all?',
      command: 'Get-AdfsClaimsProviderTrust | Format-Table Name, Enabled, MetadataUrl, LastMonitoredTime -AutoSize',
    },
    {
      text: 'Tell each such partner to read the AD FS metadata again.',
      command: 'Get-AdfsCertificate -CertificateType Token-Decrypting | Format-List IsPrimary, Thumbprint, Certificate',
    },
    {
      text: 'On the AD FS servers: look for tokens that could not be opened.',
      command:
        "Get-WinEvent -FilterHashtable @{ LogName = 'AD FS/Admin'; Id = 133, 374; StartTime = (Get-Date).AddDays(-1) } | Format-List TimeCreated, Id, Message",
    },
  ],
  checkAfterwards: (base) => [{ text: 'Let somebody of each partner sign in.' }, probeAgain(base)],
});

const decrypting = (metadata: Metadata): readonly CertificateFacts[] =>
  metadata.ok ? metadata.keys.filter(({ use }) => use !== 'signing').map(({ certificate }) => certificate) : [];
