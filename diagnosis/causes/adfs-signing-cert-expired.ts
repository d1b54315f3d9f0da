import { cannotTell, claim, clear, defineRule, found } from '../define-rule';
import { clockName, serverNow } from '../facts/clocks';
import { carrierOf } from '../facts/error-codes';
import { stsCertificates } from '../facts/sts-certificates';
import { stsError } from '../facts/sts-error';
import { tokenPosts } from '../facts/token-post';
import { instant, shortThumbprint } from '../facts/wording';
import { probeAgain, readAdfsLog, reconfigureClaims, restartAdfs } from '../remedy-steps';

/** AD FS has no valid signing certificate any more and issues no token to anybody. */
export const adfsSigningCertExpired = defineRule({
  id: 'adfs-signing-cert-expired',
  title: 'The AD FS token-signing certificate has expired',
  stage: 'token-issue',
  rank: 3,
  liesWith: 'sts',
  foretold: true,
  ceiling: 'probable',
  needs: ['pages', 'exchanges', 'stsMetadata', 'clocks'],
  judge: (evidence) => {
    if (evidence.journey.signedIn === 'yes') return clear('Sign-in works.');
    const [post] = tokenPosts(evidence);
    if (post) return clear(`AD FS issues tokens (posted to ${post.host}); by default CRM does not mind an expired signing certificate.`);
    const reading = stsCertificates(evidence.stsMetadata);
    if (!reading.known) return cannotTell(`The signing certificate in use is not known: ${reading.why}.`);
    const { primary, others } = reading;
    const now = serverNow(evidence, 'sts');
    if (new Date(primary.notAfter) > now)
      return clear(`The primary signing certificate ${shortThumbprint(primary.sha1)} is valid until ${instant(primary.notAfter)}.`);
    const error = stsError(evidence);
    if (!error) return clear(`The primary signing certificate ended ${instant(primary.notAfter)}, but the STS showed no error page.`);
    if (error.code) return clear(`${carrierOf(error.code, 'The error page')} carries ${error.code.code}, which is not about the signing certificate.`);
    const sibling = evidence.siblings?.find(({ signedIn }) => signedIn === 'yes');
    if (sibling) return clear(`The ${sibling.route} route got a token from the same AD FS during this run.`);
    const valid = others.filter(({ notAfter }) => new Date(notAfter) > now);
    const because = [
      claim(
        `The primary signing certificate ${shortThumbprint(primary.sha1)} ended ${instant(primary.notAfter)}; ` +
          `by ${clockName(evidence, 'sts')} it is ${instant(now.toISOString())}.`,
        `certificate:${primary.sha1}`,
        'metadata:sts',
      ),
      valid.length > 0
        ? claim(`A valid one is listed beside it (${valid.map(({ sha1 }) => shortThumbprint(sha1)).join(', ')}) and was not promoted.`, 'metadata:sts')
        : claim('No other signing certificate is published: automatic rollover is off or failed.', 'metadata:sts'),
      error.shown,
    ];
    const log = claim(
      'That the expiry is why AD FS fails stands only in its log (events 385, 389, 133, 249, 387); another relying party of the same AD FS must fail as well.',
    );
    return error.afterCredentials
      ? found('probable', [...because, claim('The page came after the credentials were taken, where the token is made.', `page:${error.page.n}`)], [log])
      : found('suspected', because, [claim('The page came before any credentials, where no token is made yet.', `page:${error.page.n}`), log]);
  },
  remedy: (base) => [
    {
      text: 'On the AD FS server: certificates, and whether AD FS renews them itself.',
      command:
        'Get-AdfsCertificate -CertificateType Token-Signing | Format-List IsPrimary, Thumbprint, Certificate; ' +
        'Get-AdfsProperties | Format-List AutoCertificateRollover, CertificateDuration',
    },
    {
      text: 'With certificates of your own (AutoCertificateRollover False): import the new one, then make it primary.',
      command:
        "Add-AdfsCertificate -CertificateType Token-Signing -Thumbprint '<thumbprint>'; " +
        "Set-AdfsCertificate -CertificateType Token-Signing -Thumbprint '<thumbprint>' -IsPrimary",
    },
    {
      text:
        'Where AD FS makes its certificates itself (AutoCertificateRollover True): make a new one and use it at once. ' +
        'The older one is removed at once as well, so all relying parties must learn the new one now.',
      command: 'Update-AdfsCertificate -CertificateType Token-Signing -Urgent',
    },
    restartAdfs,
    { text: 'The key is a new one now, so CRM refuses its tokens until it learns it (KB 2686840):' },
    ...reconfigureClaims(base),
  ],
  checkAfterwards: (base) => [readAdfsLog, probeAgain(base)],
});
