import { cannotTell, claim, clear, defineRule, found } from '../define-rule';
import { clockName, serverNow } from '../facts/clocks';
import { encryptionCertificates } from '../facts/encryption-certificate';
import { carrierOf } from '../facts/error-codes';
import { eventFor } from '../facts/server-events';
import { stsError } from '../facts/sts-error';
import { tokenPosts } from '../facts/token-post';
import { instant, shortThumbprint, withoutStop } from '../facts/wording';
import { listTrusts, probeAgain, readAdfsLog, restartIis, updateTrusts } from '../remedy-steps';

/** AD FS encrypts no token for a certificate it cannot validate: CRM's has ended, was revoked, or its revocation list is out of reach. */
export const crmEncryptionCertExpiredOrRevoked = defineRule({
  id: 'crm-encryption-cert-expired-or-revoked',
  title: "CRM's encryption certificate has expired, was revoked, or cannot be checked by AD FS",
  stage: 'token-issue',
  rank: 2,
  liesWith: 'relying-party',
  ceiling: 'probable',
  needs: ['pages', 'exchanges', 'crmMetadata', 'clocks', 'lastGood'],
  judge: (evidence) => {
    if (evidence.journey.signedIn === 'yes') return clear('Sign-in works.');
    const [post] = tokenPosts(evidence);
    if (post) return clear(`AD FS issued a token for CRM (posted to ${post.host}).`);
    const error = stsError(evidence);
    if (!error) return evidence.pages.length === 0 ? cannotTell('No page was seen.') : clear('The STS showed no error page.');
    const logged = eventFor(evidence, 'crm-encryption-cert-expired-or-revoked');
    if (logged)
      return found(
        'probable',
        [logged.said, error.shown],
        [
          claim(
            'Whether the certificate has ended, was revoked or its revocation list cannot be reached, Windows tells on the AD FS ' +
              'server: certutil -verify -urlfetch.',
            ...logged.said.refs,
          ),
        ],
      );
    if (error.code) return clear(`${carrierOf(error.code, 'The error page')} carries ${error.code.code}, which is not about CRM's certificate.`);
    if (!error.afterCredentials) return clear('The error page came before any credentials; the certificate is needed only after them.');
    if (error.relyingParty.state === 'blank') return clear('The page leaves the relying party blank: AD FS did not come as far as its certificate (inferred).');
    const { crmMetadata, lastGood } = evidence;
    const published = crmMetadata?.ok ? encryptionCertificates(crmMetadata) : [];
    const certificates =
      published.length > 0 ? published : (lastGood?.crmKeys ?? []).filter(({ use }) => use !== 'signing').map(({ certificate }) => certificate);
    const [certificate] = certificates;
    if (!certificate)
      return cannotTell(
        `CRM's encryption certificate is not known: ${crmMetadata && !crmMetadata.ok ? withoutStop(crmMetadata.why) : 'its metadata was not captured'}.`,
      );
    const now = serverNow(evidence, 'sts');
    const named = `CRM's encryption certificate ${shortThumbprint(certificate.sha1)} (serial ${certificate.serial})`;
    if (certificates.some(({ notAfter, notBefore }) => new Date(notAfter) > now && new Date(notBefore) <= now))
      return certificate.selfSigned
        ? clear(`${named} is valid until ${instant(certificate.notAfter)} and, self-signed, has no revocation list.`)
        : cannotTell(
            `${named} is valid until ${instant(certificate.notAfter)}; whether AD FS can check its revocation is not visible from here (event 317 tells).`,
          );
    const sibling = evidence.siblings?.find(({ signedIn }) => signedIn === 'yes');
    const source = published.length > 0 ? 'metadata:crm' : 'last-good';
    const because = [
      claim(
        new Date(certificate.notAfter) <= now
          ? `${named} ended ${instant(certificate.notAfter)}; by ${clockName(evidence, 'sts')} it is ${instant(now.toISOString())}.`
          : `${named} is not valid before ${instant(certificate.notBefore)}; by ${clockName(evidence, 'sts')} it is ${instant(now.toISOString())}.`,
        `certificate:${certificate.sha1}`,
        source,
      ),
      error.shown,
      claim('The page came after the credentials were taken, where AD FS encrypts it.', `page:${error.page.n}`),
      ...(error.relyingParty.state === 'named' ? [claim(`It names the relying party "${error.relyingParty.name}".`, `page:${error.page.n}`)] : []),
    ];
    return found(sibling || published.length === 0 ? 'suspected' : 'probable', because, [
      ...(sibling ? [claim(`The ${sibling.route} route, which uses the same certificate as a rule, signed in during this run.`)] : []),
      ...(published.length === 0 ? [claim("CRM's metadata could not be read now; the certificate is the one of the last good sign-in.", 'last-good')] : []),
      claim(
        "AD FS's verdict on the certificate stands only in its log: event 317 under the time of the page, or event 316. " +
          'Other relying parties of the same AD FS must get tokens.',
      ),
    ]);
  },
  remedy: () => [
    {
      text: 'On the AD FS server: what does it make of the certificate?',
      command:
        "[IO.File]::WriteAllBytes('crm-encryption.cer', (Get-AdfsRelyingPartyTrust -Name '<CRM trust>').EncryptionCertificate.Export('Cert')); " +
        'certutil -verify -urlfetch crm-encryption.cer',
    },
    {
      text:
        'Expired: renew it on the CRM servers, give the account of CRMAppPool Read on its private key, ' +
        'and run Configure Claims-Based Authentication and IFD with it.',
    },
    restartIis,
    listTrusts,
    ...updateTrusts,
    {
      text: 'Revocation list out of reach: open its address from the AD FS servers, or, where policy allows, check less for the CRM trusts.',
      command: "Set-AdfsRelyingPartyTrust -TargetName '<CRM trust>' -EncryptionCertificateRevocationCheck CheckEndCert",
    },
    readAdfsLog,
  ],
  checkAfterwards: (base) => [probeAgain(base)],
});
