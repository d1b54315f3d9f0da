import type { TlsFacts } from '../../contracts/evidence';
import { cannotTell, claim, clear, defineRule, found } from '../define-rule';
import { exchangeRef, flowHosts, hostAnswered } from '../facts/addresses';
import { atHosts, failedExchange, isTcpError } from '../facts/reachability';
import { instant, shortThumbprint } from '../facts/wording';
import { probeAgain } from '../remedy-steps';

/** Node's codes for a chain that does not end in a trusted root. */
const chainErrors =
  /^(UNABLE_TO_VERIFY_LEAF_SIGNATURE|UNABLE_TO_GET_ISSUER_CERT|UNABLE_TO_GET_ISSUER_CERT_LOCALLY|SELF_SIGNED_CERT_IN_CHAIN|DEPTH_ZERO_SELF_SIGNED_CERT|CERT_UNTRUSTED|CERT_REJECTED|INVALID_CA|CERT_SIGNATURE_FAILURE|PATH_LENGTH_EXCEEDED|CERT_CHAIN_TOO_LONG|INVALID_PURPOSE)$/;

/** A server's certificate chain does not build to a root this probe trusts. */
export const tlsUntrustedChain = defineRule({
  id: 'tls-untrusted-chain',
  title: 'A TLS certificate chain is not trusted or incomplete',
  stage: 'tls',
  rank: 2,
  liesWith: 'network',
  ceiling: 'confirmed',
  needs: ['exchanges', 'tls'],
  judge: (evidence) => {
    if (evidence.journey.signedIn === 'yes') return clear('Sign-in works.');
    const hosts = flowHosts(evidence);
    const bad = evidence.tls.filter(
      ({ host, trusted, error }) => !trusted && hosts.includes(host) && !hostAnswered(evidence, host) && chainErrors.test(error ?? ''),
    );
    if (bad.length > 0) {
      const { certainty, met, against } = atHosts(
        evidence,
        bad.map(({ host }) => host),
        'confirmed',
      );
      const judgement = found(certainty, bad.map(describe), [
        ...against,
        claim("This is the trust store of the probe (with the configured CA); people's computers may hold more roots."),
      ]);
      return { ...judgement, met };
    }
    // The browser's own words count only where the certificate was not read: with a private CA it calls every fault an unknown authority.
    const failed = hosts
      .filter((host) => !evidence.tls.some((facts) => facts.host === host))
      .map((host) => failedExchange(evidence.exchanges, host))
      .find((exchange) => exchange?.failure?.includes('ERR_CERT_AUTHORITY_INVALID'));
    if (failed)
      return found(
        'probable',
        [claim(`The browser refused the certificate: ${failed.failure}.`, ...exchangeRef(failed))],
        [
          claim(
            'The certificate itself is not in the evidence, and with a private CA a browser calls every fault an unknown authority; ' +
              "this is the trust store of the probe's browser.",
          ),
        ],
      );
    if (evidence.tls.length === 0) return cannotTell('No server certificate was read.');
    const other = evidence.tls.find((facts) => !facts.trusted && facts.error !== null && !isTcpError(facts) && !hostAnswered(evidence, facts.host));
    if (other) return clear(`${other.host} was refused for another reason than its chain: ${other.error}.`);
    return clear(`Every chain that was read is trusted, or the browser got past it: ${evidence.tls.map(({ host }) => host).join(', ')}.`);
  },
  remedy: () => [
    {
      text: 'On the named server: put the missing intermediate certificates into the store of the computer.',
      command: "Import-Certificate -FilePath '<intermediate>.cer' -CertStoreLocation Cert:\\LocalMachine\\CA",
    },
    { text: 'Check the chain on the server.', command: "certutil -verify -urlfetch '<certificate>.cer'" },
    {
      text:
        'A private certification authority: distribute its root by group policy to clients and servers; ' +
        'for the probe, name it as `tls.ca` in signin-probe.yaml.',
      command: "certutil -dspublish -f '<root>.cer' RootCA",
    },
    {
      text: 'On AD FS and proxy servers: no certificate in Trusted Root may be one that is not self-signed.',
      command: 'Get-ChildItem Cert:\\LocalMachine\\Root | Where-Object { $_.Issuer -ne $_.Subject } | Format-List Subject, Issuer, Thumbprint',
    },
    { text: 'A self-signed or wrong certificate: replace it by one of a trusted authority and bind it.', command: 'netsh http show sslcert' },
  ],
  checkAfterwards: (base) => [probeAgain(base)],
});

function describe(facts: TlsFacts) {
  const leaf = facts.chain[0];
  const shown = leaf ? `it shows ${shortThumbprint(leaf.sha1)}, issued by ${leaf.issuer}, valid until ${instant(leaf.notAfter)}` : 'it shows no certificate';
  const missing = facts.incomplete ? '; the server does not send an intermediate that is needed' : '';
  return claim(`${facts.host}: ${facts.error}; ${shown}${missing}.`, `tls:${facts.host}`, ...(leaf ? [`certificate:${leaf.sha1}`] : []));
}
