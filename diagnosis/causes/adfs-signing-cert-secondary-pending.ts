import { cannotTell, claim, clear, defineRule, found } from '../define-rule';
import { isAutomatic } from '../forecast';
import { stsCertificates, successor } from '../facts/sts-certificates';
import { instant, shortThumbprint } from '../facts/wording';
import { probeAgain, promoteInWindow } from '../remedy-steps';

const dayMs = 86_400_000;

/** Sign-in works, but AD FS already publishes the certificate it will sign with next: CRM will break when it is promoted. */
export const adfsSigningCertSecondaryPending = defineRule({
  id: 'adfs-signing-cert-secondary-pending',
  title: 'A new AD FS signing certificate waits to be promoted; sign-in will break then',
  stage: 'crm-page',
  rank: 0,
  liesWith: 'sts',
  ceiling: 'confirmed',
  nature: 'warns',
  needs: ['stsMetadata'],
  judge: ({ stsMetadata, settings, journey }) => {
    const reading = stsCertificates(stsMetadata);
    if (!reading.known) return cannotTell(`${reading.why}.`);
    const next = successor(reading);
    if (!next)
      return clear(
        reading.others.length === 0 ? 'Only one signing certificate is published.' : 'The newest published signing certificate already signs the metadata.',
      );
    if (journey.signedIn !== 'yes')
      return cannotTell('Two signing certificates are published and the older one signs, but sign-in did not succeed, so the outage cannot be called pending.');
    const { primary } = reading;
    const breaksAt = new Date(new Date(next.notBefore).getTime() + settings.rollover.promotionDays * dayMs).toISOString();
    const published = claim(
      `AD FS publishes two signing certificates: ${shortThumbprint(primary.sha1)} (signs now, until ${instant(primary.notAfter)}) and the newer ` +
        `${shortThumbprint(next.sha1)} (since ${instant(next.notBefore)}).`,
      `certificate:${primary.sha1}`,
      `certificate:${next.sha1}`,
      'metadata:sts',
    );
    if (!isAutomatic(next, settings.rollover))
      return found(
        'suspected',
        [published],
        [
          claim(
            `AD FS does not promote it by itself (${settings.rollover.automatic === false ? '`rollover.automatic: false`' : 'it did not make it'}): ` +
              `whether and when somebody makes it primary is not visible. CRM refuses every token from then on (KB 2686840).`,
          ),
        ],
      );
    return found(
      'confirmed',
      [
        published,
        claim(
          `With ${settings.rollover.promotionDays} days between generation and promotion AD FS will switch about ${instant(breaksAt)} (±12 h); ` +
            `CRM will refuse every token from then on (KB 2686840).`,
          `certificate:${next.sha1}`,
        ),
      ],
      [
        claim('The date rests on the configured thresholds; AD FS does not publish its own. Get-AdfsProperties shows them.'),
        claim('That the signer of the metadata is the primary certificate is inferred; Get-AdfsCertificate shows it for certain.', 'metadata:sts'),
      ],
    );
  },
  remedy: promoteInWindow,
  checkAfterwards: (base) => [probeAgain(base)],
});
