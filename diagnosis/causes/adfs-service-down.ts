import type { Judgement } from '../../contracts/rule';
import { cannotTell, claim, clear, defineRule, found } from '../define-rule';
import { exchangeRef, pathOf } from '../facts/addresses';
import { cameTo, unreachable } from '../facts/reachability';
import { stsNodes, unseenNodes } from '../facts/farm-nodes';
import { stsRequests } from '../facts/sts-requests';
import { listed, withoutStop } from '../facts/wording';
import { fetchStsMetadata, probeAgain, restartAdfs, stsHostName } from '../remedy-steps';

/** The AD FS service does not answer, or answers 5xx. */
export const adfsServiceDown = defineRule({
  id: 'adfs-service-down',
  title: 'The AD FS service is down or unreachable',
  stage: 'sts-page',
  rank: 0,
  liesWith: 'sts',
  ceiling: 'confirmed',
  needs: ['pages', 'exchanges', 'stsMetadata', 'tls', 'dns', 'nodes'],
  judge: (evidence) => {
    const { host, asked, failed } = stsRequests(evidence);
    const served = asked.find(({ status, url }) => status !== null && status < 500 && !pathOf(url)?.includes('federationmetadata'));
    const metadata = evidence.stsMetadata;
    if (served) return clear(`${host} answers sign-in requests (HTTP ${served.status}, exchange ${served.seq}).`);
    const failing = failed[0] ?? null;
    const reach = failing ? null : unreachable(evidence, host);
    if (reach && reach.layer !== 'tcp') return clear(`${host} was not reached at all (${reach.layer}: ${reach.said}); whether the service runs was not seen.`);
    const signIn = failing
      ? [claim(`${host} answered ${pathOf(failing.url)} with HTTP ${failing.status} (${failing.server ?? 'no Server header'}).`, ...exchangeRef(failing))]
      : reach
        ? [claim(`${host} did not accept a connection: ${reach.said}.`, ...reach.refs)]
        : [];
    // People who are sent to that address meet the fault, whatever stands behind it.
    const met = (...judgement: Parameters<typeof found>): Judgement => ({
      ...found(...judgement),
      met: failing !== null || cameTo(evidence, host) !== false,
    });
    const wap = claim(
      `What was seen is that the address of ${host} fails. Behind one address this may be a Web Application Proxy that lost AD FS, ` +
        `or a TLS setting: the same check from inside tells them apart.`,
    );
    const why = claim('Why it is down stands only on the server: AD FS events 102, 220, 352, and the state of its database.');
    if (metadata?.ok)
      return signIn.length > 0
        ? met(
            'probable',
            [...signIn, claim('Its federation metadata is still served: rather a URL reservation or one endpoint than the whole service.', 'metadata:sts')],
            [wap, why],
          )
        : clear('The federation metadata is served.');
    const metadataDown = metadata !== null && (metadata.status === null ? reach !== null : metadata.status >= 500);
    const metadataClaim =
      metadata !== null && metadataDown
        ? [
            claim(
              `Its federation metadata cannot be read ${signIn.length > 0 ? 'either ' : ''}(` +
                `${metadata.status === null ? withoutStop(metadata.why) : `HTTP ${metadata.status}`}).`,
              'metadata:sts',
            ),
          ]
        : [];
    if (signIn.length === 0 && !metadataDown) return cannotTell('Neither sign-in nor metadata of the STS was seen.');
    const { read } = stsNodes(evidence);
    if (read.length > 0)
      return met(
        'suspected',
        [
          ...signIn,
          ...metadataClaim,
          claim(
            `Under the same name ${listed(read.map(({ address }) => address))} serves the federation metadata: AD FS is not down everywhere.`,
            'metadata:sts',
          ),
        ],
        [claim('One node of a farm that is down, and a Web Application Proxy that lost its trust (wap-proxy-trust-broken), look alike from here.'), why],
      );
    const unseen = unseenNodes(evidence);
    const ahead = signIn.length === 0 ? [claim('The sign-in itself did not come as far as the STS.')] : [];
    return met(unseen ? 'suspected' : 'probable', [...signIn, ...metadataClaim], [...ahead, wap, ...(unseen ? [claim(unseen)] : []), why]);
  },
  remedy: (base) => [
    {
      text: 'On every AD FS server: is the service running?',
      command: "Get-Service adfssrv, 'MSSQL$MICROSOFT##WID' -ErrorAction SilentlyContinue | Format-Table Name, Status, StartType",
    },
    { text: 'Database first (WID or SQL), then the service.', command: 'Start-Service adfssrv' },
    { text: 'If it does not start: read why.', command: "Get-WinEvent -LogName 'AD FS/Admin' -MaxEvents 50 | Format-List TimeCreated, Id, Message" },
    { text: 'If it runs and answers 503: look at URL reservations and certificate bindings.', command: 'netsh http show urlacl; netsh http show sslcert' },
    {
      text: 'See whether the node answers at all (AD FS 2016 and later).',
      command: `Invoke-WebRequest -UseBasicParsing 'http://${stsHostName(base)}/adfs/probe'`,
    },
    restartAdfs,
  ],
  checkAfterwards: (base) => [
    {
      text: 'The metadata must be served again.',
      command: fetchStsMetadata(base),
    },
    probeAgain(base),
  ],
});
