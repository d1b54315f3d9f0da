import { cannotTell, claim, clear, defineRule, found } from '../define-rule';
import { providerCertificateWords } from '../facts/failure-words';
import { textSaying } from '../facts/text-saying';
import { tokenPosts } from '../facts/token-post';
import { probeAgain, readAdfsLog } from '../remedy-steps';

/** AD FS refuses the token of an upstream claims provider: the provider renewed its signing certificate, and AD FS still knows the old one. */
export const claimsProviderCertificateUnknown = defineRule({
  id: 'claims-provider-certificate-unknown',
  title: 'AD FS does not know the signing certificate of the claims provider that people come from',
  stage: 'credentials',
  rank: 7,
  liesWith: 'sts',
  ceiling: 'confirmed',
  needs: ['pages', 'exchanges'],
  judge: (evidence) => {
    if (evidence.journey.signedIn === 'yes') return clear('Sign-in works.');
    const [post] = tokenPosts(evidence);
    if (post) return clear(`AD FS issued a token (posted to ${post.host}).`);
    const said = textSaying(evidence, 'sts', providerCertificateWords);
    if (said)
      return found(
        'confirmed',
        [said.claim, claim('No token had been issued for CRM: it is AD FS that refused a token, of a claims provider.')],
        [claim('Which provider it was stands in the event; its identifier or its certificate may be the changed part.')],
      );
    return evidence.pages.length === 0 ? cannotTell('No page was seen.') : clear('Nothing the STS said speaks of a token it refused.');
  },
  remedy: () => [
    readAdfsLog,
    {
      text: 'Which certificates does AD FS know of each claims provider, and does it follow their metadata?',
      command:
        'Get-AdfsClaimsProviderTrust | Format-List Name, Identifier, MetadataUrl, AutoUpdateEnabled, MonitoringEnabled, ' +
        'LastMonitoredTime, TokenSigningCertificates',
    },
    { text: 'Read the metadata of that provider again.', command: "Update-AdfsClaimsProviderTrust -TargetName '<claims provider>'" },
    {
      text: 'A provider without metadata: give its new signing certificate.',
      command: "Set-AdfsClaimsProviderTrust -TargetName '<claims provider>' -TokenSigningCertificate (Get-PfxCertificate '<new certificate.cer>')",
    },
  ],
  checkAfterwards: (base) => [probeAgain(base)],
});
