import { cannotTell, claim, clear, defineRule, found } from '../define-rule';
import { exchangeRef } from '../facts/addresses';
import { stsNodes } from '../facts/farm-nodes';
import { stsRequests } from '../facts/sts-requests';
import { listed } from '../facts/wording';
import { probeAgain } from '../remedy-steps';

/** The Web Application Proxy answers errors while AD FS behind it is well. */
export const wapProxyTrustBroken = defineRule({
  id: 'wap-proxy-trust-broken',
  title: 'The Web Application Proxy lost its trust with AD FS',
  stage: 'sts-page',
  rank: -0.5,
  liesWith: 'sts',
  ceiling: 'suspected',
  needs: ['pages', 'exchanges', 'stsMetadata', 'nodes'],
  judge: (evidence) => {
    if (evidence.journey.signedIn === 'yes') return clear('Sign-in works.');
    const { host, asked, failed } = stsRequests(evidence);
    const failing = failed[0];
    const served = asked.find(({ status }) => status !== null && status < 500);
    if (served) return clear(`${host} answers sign-in requests (HTTP ${served.status}, exchange ${served.seq}).`);
    const metadata = evidence.stsMetadata;
    if (metadata?.ok) return clear('The federation metadata is served where the probe stands.');
    const { read, silent } = stsNodes(evidence);
    const broken = silent.filter(({ status }) => status !== null && status >= 500);
    const outside = failing !== undefined || broken.length > 0;
    if (!outside)
      return asked.length === 0 && metadata === null ? cannotTell('The STS was not asked in this run.') : clear(`${host} did not answer with a server error.`);
    if (read.length === 0)
      return cannotTell(
        `${host} answers HTTP ${failing?.status ?? broken[0]?.status ?? metadata?.status ?? '5xx'}; whether AD FS answers behind it was not seen. ` +
          `Name the proxy's and the servers' addresses under \`nodes:\` to see it.`,
      );
    return found(
      'suspected',
      [
        ...(failing
          ? [claim(`${host} answered the sign-in with HTTP ${failing.status} (${failing.server ?? 'no Server header'}).`, ...exchangeRef(failing))]
          : []),
        ...(broken.length > 0
          ? [
              claim(
                `Under the same name ${listed(broken.map(({ address, status }) => `${address} answers the metadata with HTTP ${status}`))}.`,
                'metadata:sts',
              ),
            ]
          : []),
        claim(`${listed(read.map(({ address }) => address))} served it at the same time: AD FS itself is well.`, 'metadata:sts'),
      ],
      [
        claim('Which address is the proxy is not visible: an AD FS server of the farm whose service is stopped gives the same picture (adfs-service-down).'),
        claim(
          'A proxy that shares no TLS version with AD FS answers 503 as well (tls-protocol-disabled), one under congestion control answers so now ' +
            'and then. On the proxy, event 224 or 422 in AD FS/Admin tells.',
        ),
      ],
    );
  },
  remedy: () => [
    {
      text: 'On the proxy and on AD FS: are the clocks right? A proxy that was off for more than two weeks loses its certificate.',
      command: 'w32tm /query /status',
    },
    {
      text: 'On the proxy: why does it not reach AD FS?',
      command: "Get-WinEvent -LogName 'AD FS/Admin' -MaxEvents 30 | Where-Object Id -in 224, 244, 276, 383, 394, 422 | Format-List TimeCreated, Id, Message",
    },
    {
      text: 'From the proxy: does AD FS answer, with a certificate and TLS version the proxy accepts?',
      command: "Invoke-WebRequest -UseBasicParsing 'https://<federation name>/FederationMetadata/2007-06/FederationMetadata.xml'",
    },
    {
      text: 'Establish the trust anew, with the current certificate (asks for an account that is administrator on AD FS).',
      command:
        'Install-WebApplicationProxy -FederationServiceTrustCredential (Get-Credential) ' +
        "-FederationServiceName '<federation name>' -CertificateThumbprint '<thumbprint>'",
    },
    { text: 'Restart the proxy services.', command: 'Restart-Service appproxysvc, adfssrv' },
  ],
  checkAfterwards: (base) => [probeAgain(base)],
});
