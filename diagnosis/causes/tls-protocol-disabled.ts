import type { LastGood } from '../../contracts/evidence';
import type { Claim } from '../../contracts/report';
import { cannotTell, claim, clear, defineRule, found } from '../define-rule';
import { exchangeRef, flowHosts, hostAnswered } from '../facts/addresses';
import { atHosts, failedExchange } from '../facts/reachability';
import { instant, listed } from '../facts/wording';
import { fetchStsMetadata, probeAgain, updateTrusts } from '../remedy-steps';

/** OpenSSL's codes for "no common version or cipher". Other handshake errors fit too, but also a port that speaks no TLS. */
const noCommonProtocol =
  /ALERT_PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL|VERSION_TOO_LOW|ALERT_HANDSHAKE_FAILURE|NO_SHARED_CIPHER|NO_CIPHERS|NO_PROTOCOLS|INSUFFICIENT_SECURITY/;
const handshakeFailed = /^(ERR_SSL_|EPROTO$)/;

/** Server and client have no TLS version or cipher in common. */
export const tlsProtocolDisabled = defineRule({
  id: 'tls-protocol-disabled',
  title: 'No common TLS version or cipher (switched off on one side only)',
  stage: 'tls',
  rank: 0,
  liesWith: 'network',
  ceiling: 'probable',
  needs: ['exchanges', 'tls', 'lastGood'],
  judge: (evidence) => {
    if (evidence.journey.signedIn === 'yes') return clear('Sign-in works.');
    const hosts = flowHosts(evidence).filter((host) => !hostAnswered(evidence, host));
    const refused = hosts.flatMap((host) => {
      const facts = evidence.tls.find((entry) => entry.host === host && entry.chain.length === 0 && entry.error !== null);
      const failed = failedExchange(evidence.exchanges, host);
      const browser = failed?.failure ?? '';
      const code = facts?.error ?? '';
      const shook = handshakeFailed.test(code) || /ERR_SSL_/.test(browser);
      // Windows closes the connection without a TLS alert when it shares no protocol with the client.
      const cut = code === 'ECONNRESET' && (failed === null || /ERR_CONNECTION_(RESET|CLOSED)|ERR_TUNNEL|ECONNRESET/.test(browser));
      if (!shook && !cut) return [];
      const certain = noCommonProtocol.test(code) || /ERR_SSL_VERSION_OR_CIPHER_MISMATCH|ERR_SSL_OBSOLETE/.test(browser);
      const said = listed([...(code ? [code] : []), ...(browser ? [`the browser says ${browser}`] : [])]);
      return [{ host, certain, cut, said, refs: [...(facts ? [`tls:${host}`] : []), ...exchangeRef(failed)] }];
    });
    if (refused.length > 0) {
      const certain = refused.some((each) => each.certain);
      const { certainty, met, against } = atHosts(
        evidence,
        refused.map(({ host }) => host),
        certain ? 'probable' : 'suspected',
      );
      const judgement = found(
        certainty,
        [
          ...refused.map(({ host, cut, said, refs }) =>
            claim(`${host} ${cut ? 'cut the connection in the TLS handshake' : 'refused the TLS handshake'} and showed no certificate: ${said}.`, ...refs),
          ),
          ...refused.flatMap(({ host }) => workedBefore(host, evidence.lastGood)),
        ],
        [
          ...against,
          ...(certain ? [] : [claim('A port that speaks no TLS, a device in between or a server in trouble can break a handshake in the same way.')]),
          claim(
            'Which versions and ciphers the server has on stands only in its SChannel settings; ' +
              'the handshake shows no more than that there is none in common with a client of today (TLS 1.2 and 1.3).',
          ),
        ],
      );
      return { ...judgement, met };
    }
    if (evidence.tls.length === 0) return cannotTell('No TLS handshake was tried on its own in this run.');
    const spoken = evidence.tls.filter(({ protocol }) => protocol !== null);
    return clear(
      spoken.length > 0
        ? `The handshakes succeed: ${spoken.map(({ host, protocol }) => `${host} ${protocol}`).join(', ')}.`
        : 'No handshake failed for its version or cipher.',
    );
  },
  remedy: (base) => [
    {
      text: 'On the named server: which protocols does SChannel have on? A missing key means the default of its Windows version.',
      command:
        "Get-ChildItem 'HKLM:\\SYSTEM\\CurrentControlSet\\Control\\SecurityProviders\\SCHANNEL\\Protocols' -Recurse | Get-ItemProperty | " +
        'Format-List PSPath, Enabled, DisabledByDefault',
    },
    { text: 'Which cipher suites are left?', command: 'Get-TlsCipherSuite | Format-Table Name' },
    {
      text: 'Switch TLS 1.2 on (server and client side) on CRM, AD FS and the Web Application Proxy alike.',
      command:
        "'Server','Client' | ForEach-Object { $key = \"HKLM:\\SYSTEM\\CurrentControlSet\\Control\\SecurityProviders\\SCHANNEL\\Protocols\\TLS " +
        '1.2\\$_"; New-Item $key -Force | Out-Null; Set-ItemProperty $key Enabled 1; Set-ItemProperty $key DisabledByDefault 0 }',
    },
    {
      text: 'Let .NET use it: CRM and AD FS fetch metadata from each other with .NET.',
      command:
        "'HKLM:\\SOFTWARE\\Microsoft\\.NETFramework\\v4.0.30319','HKLM:\\SOFTWARE\\Wow6432Node\\Microsoft\\.NETFramework\\v4.0.30319' | " +
        'ForEach-Object { Set-ItemProperty $_ SchUseStrongCrypto 1; Set-ItemProperty $_ SystemDefaultTlsVersions 1 }',
    },
    {
      text: `Restart the servers, then test the federation name from each of them.`,
      command: fetchStsMetadata(base),
    },
    ...updateTrusts,
  ],
  checkAfterwards: (base) => [probeAgain(base)],
});

function workedBefore(host: string, lastGood: LastGood | null): readonly Claim[] {
  return lastGood?.tls.some((entry) => entry.host === host)
    ? [claim(`At the last good sign-in (${instant(lastGood.savedAt)}) the handshake with ${host} succeeded.`, 'last-good')]
    : [];
}
