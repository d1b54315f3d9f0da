import { cannotTell, claim, clear, defineRule, found } from '../define-rule';
import { exchangeRef, flowHosts, hostAnswered } from '../facts/addresses';
import { atHosts, browserSays, failedExchange } from '../facts/reachability';
import { instant, shortThumbprint } from '../facts/wording';
import { crmHostName, probeAgain, stsHostName } from '../remedy-steps';

/** A wrong clock of the probe makes valid certificates look expired. */
const suspiciousClockMs = 3_600_000;

/** A server certificate on the way had ended before the run started. */
export const tlsCertExpired = defineRule({
  id: 'tls-cert-expired',
  title: 'A TLS certificate has expired',
  stage: 'tls',
  rank: 1,
  liesWith: 'network',
  ceiling: 'confirmed',
  needs: ['exchanges', 'tls', 'clocks'],
  judge: (evidence) => {
    if (evidence.journey.signedIn === 'yes') return clear('Sign-in works.');
    const started = new Date(evidence.startedAt).getTime();
    const hosts = flowHosts(evidence);
    const expired = evidence.tls
      .filter(({ host }) => hosts.includes(host) && !hostAnswered(evidence, host))
      .flatMap((facts) => facts.chain.filter(({ notAfter }) => new Date(notAfter).getTime() < started).map((certificate) => ({ facts, certificate })));
    const offClock = evidence.clocks.find(({ offsetMs }) => Math.abs(offsetMs) > suspiciousClockMs);
    const clock = offClock
      ? [
          claim(
            `The probe's own clock differs from that of ${offClock.host} by more than an hour; a wrong clock makes good certificates look expired.`,
            `clock:${offClock.host}`,
          ),
        ]
      : [];
    if (expired.length > 0) {
      const ofHosts = [...new Set(expired.map(({ facts }) => facts.host))];
      // A chain can have more than one fault; what stopped the client is the one it names.
      const named = expired.some(({ facts }) => facts.error === 'CERT_HAS_EXPIRED') || browserSays(evidence.exchanges, ofHosts, 'ERR_CERT_DATE_INVALID');
      const { certainty, met, against } = atHosts(evidence, ofHosts, named ? 'confirmed' : 'probable');
      const judgement = found(
        certainty,
        expired.map(({ facts, certificate }) => {
          const which = certificate === facts.chain[0] ? 'the certificate' : `the intermediate "${certificate.subject}"`;
          return claim(
            `${facts.host}: ${which} ${shortThumbprint(certificate.sha1)} ended ${instant(certificate.notAfter)}; ` +
              `the run started ${instant(evidence.startedAt)}.`,
            `tls:${facts.host}`,
            `certificate:${certificate.sha1}`,
          );
        }),
        [...against, ...clock, claim('Other nodes behind the same name may serve another certificate.')],
      );
      return { ...judgement, met };
    }
    const failed = hosts
      .filter((host) => !evidence.tls.some((facts) => facts.host === host))
      .map((host) => failedExchange(evidence.exchanges, host))
      .find((exchange) => exchange?.failure?.includes('ERR_CERT_DATE_INVALID'));
    if (failed)
      return found(
        'probable',
        [claim(`The browser refused the certificate: ${failed.failure}.`, ...exchangeRef(failed))],
        [...clock, claim('A certificate that is not valid yet gives the same browser error.')],
      );
    if (evidence.tls.length === 0) return cannotTell('No server certificate was read.');
    const leaves = evidence.tls.flatMap(({ host, chain }) => (chain[0] ? [`${host} until ${instant(chain[0].notAfter)}`] : []));
    return leaves.length === 0
      ? cannotTell('No server showed a certificate.')
      : clear(`No certificate that stopped the browser had ended: ${leaves.join('; ')}.`);
  },
  remedy: (base) => [
    {
      text: 'Get a renewed certificate for the named host and import it with its private key on every node.',
      command: "Import-PfxCertificate -FilePath '<file>.pfx' -CertStoreLocation Cert:\\LocalMachine\\My",
    },
    {
      text: `CRM (${crmHostName(base)}): put it on the HTTPS binding of the site, on each front end.`,
      command: "Import-Module WebAdministration; (Get-WebBinding -Name 'Microsoft Dynamics CRM' -Protocol https).AddSslCertificate('<new thumbprint>', 'My')",
    },
    {
      text: `AD FS (${stsHostName(base)}), 2012 R2 and later: set it as the TLS certificate.`,
      command: "Set-AdfsSslCertificate -Thumbprint '<new thumbprint>'",
    },
    {
      text: 'Web Application Proxy, where there is one: it has a binding of its own.',
      command: "Set-WebApplicationProxySslCertificate -Thumbprint '<new thumbprint>'",
    },
    {
      text:
        'If the same certificate was also the encryption certificate of CRM: ' +
        'run Configure Claims-Based Authentication with the new one and update both trusts on AD FS.',
    },
    { text: 'Delete the old certificate only after every binding has moved.', command: 'netsh http show sslcert' },
  ],
  checkAfterwards: (base) => [probeAgain(base)],
});
