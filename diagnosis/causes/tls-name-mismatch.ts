import type { TlsFacts } from '../../contracts/evidence';
import { cannotTell, claim, clear, defineRule, found } from '../define-rule';
import { exchangeRef, flowHosts, hostAnswered } from '../facts/addresses';
import { nameCovers } from '../facts/host-names';
import { atHosts, browserSays, failedExchange } from '../facts/reachability';
import { listed, shortThumbprint } from '../facts/wording';
import { crmHostName, probeAgain, stsHostName } from '../remedy-steps';

/** A server's certificate is for other names than the host's. */
export const tlsNameMismatch = defineRule({
  id: 'tls-name-mismatch',
  title: 'A TLS certificate does not cover the host name',
  stage: 'tls',
  rank: 3,
  liesWith: 'network',
  ceiling: 'confirmed',
  needs: ['exchanges', 'tls'],
  judge: (evidence) => {
    if (evidence.journey.signedIn === 'yes') return clear('Sign-in works.');
    const hosts = flowHosts(evidence).filter((host) => !hostAnswered(evidence, host));
    // The names themselves are compared: a chain that does not verify hides the name from the verifier's one error code.
    const wrong = evidence.tls.filter((facts) => hosts.includes(facts.host) && !facts.trusted && facts.chain.length > 0 && !covered(facts));
    if (wrong.length > 0) {
      const ofHosts = wrong.map(({ host }) => host);
      // A certificate can have more than one fault; what stopped the client is the one it names.
      const named =
        wrong.some(({ error }) => error === 'ERR_TLS_CERT_ALTNAME_INVALID') || browserSays(evidence.exchanges, ofHosts, 'ERR_CERT_COMMON_NAME_INVALID');
      const { certainty, met, against } = atHosts(evidence, ofHosts, named ? 'confirmed' : 'probable');
      const judgement = found(certainty, wrong.map(describe), [
        ...against,
        claim('This is what the server shows to this probe by that name and address; another node, or a device in between, may show another certificate.'),
      ]);
      return { ...judgement, met };
    }
    // The browser's own words count only where the certificate was not read.
    const failed = hosts
      .filter((host) => !evidence.tls.some((facts) => facts.host === host))
      .map((host) => failedExchange(evidence.exchanges, host))
      .find((exchange) => exchange?.failure?.includes('ERR_CERT_COMMON_NAME_INVALID'));
    if (failed)
      return found(
        'probable',
        [claim(`The browser refused the certificate for its name: ${failed.failure}.`, ...exchangeRef(failed))],
        [claim('The certificate itself is not in the evidence.')],
      );
    const read = evidence.tls.filter(({ chain }) => chain.length > 0);
    if (read.length === 0) return cannotTell('No server certificate was read.');
    return clear(`Every certificate that was read covers its host, or the browser got past it: ${listed(read.map(({ host }) => host))}.`);
  },
  remedy: (base) => [
    {
      text:
        'On the named server: which certificate is bound to which name and port? ' +
        'A binding without SNI (0.0.0.0:443) answers for every name that has none of its own.',
      command: 'netsh http show sslcert',
    },
    {
      text:
        `Get a certificate that covers the host: the federation name ${stsHostName(base)} for AD FS; for CRM a wildcard or all of auth., dev. ` +
        `and every organization (a wildcard covers one level only).`,
    },
    {
      text: 'Import it with its private key on every node.',
      command: "Import-PfxCertificate -FilePath '<file>.pfx' -CertStoreLocation Cert:\\LocalMachine\\My",
    },
    {
      text: `CRM (${crmHostName(base)}): put it on the HTTPS binding of the site, on each front end.`,
      command: "Import-Module WebAdministration; (Get-WebBinding -Name 'Microsoft Dynamics CRM' -Protocol https).AddSslCertificate('<new thumbprint>', 'My')",
    },
    { text: `AD FS (${stsHostName(base)}), 2012 R2 and later.`, command: "Set-AdfsSslCertificate -Thumbprint '<new thumbprint>'" },
    { text: 'Web Application Proxy, where there is one.', command: "Set-WebApplicationProxySslCertificate -Thumbprint '<new thumbprint>'" },
  ],
  checkAfterwards: (base) => [probeAgain(base)],
});

const covered = ({ host, names }: TlsFacts): boolean => names.some((name) => nameCovers(name, host));

function describe({ host, error, names, chain, address }: TlsFacts) {
  const leaf = chain[0];
  const has = names.length > 0 ? `for ${listed(names.slice(0, 8))}${names.length > 8 ? ` and ${names.length - 8} more` : ''}` : 'without any DNS name';
  return claim(
    `${host}${address ? ` (${address})` : ''} shows ${leaf ? `${shortThumbprint(leaf.sha1)} (${leaf.subject})` : 'a certificate'} ${has}; ` +
      `${host} is not among them (${error ?? 'no verdict'}).`,
    `tls:${host}`,
    ...(leaf ? [`certificate:${leaf.sha1}`] : []),
  );
}
