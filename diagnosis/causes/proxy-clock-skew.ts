import type { RouteEvidence } from '../../contracts/evidence';
import { cannotTell, claim, clear, defineRule, found } from '../define-rule';
import { exchangeRef } from '../facts/addresses';
import { strangersClock } from '../facts/front-clock';
import { stsRequests } from '../facts/sts-requests';
import { probeAgain } from '../remedy-steps';
import { wapProxyTrustBroken } from './wap-proxy-trust-broken';

/** The proxy before AD FS tells another time than the rest, and answers 5xx: its trust certificate is judged by the clocks of both. */
export const proxyClockSkew = defineRule({
  id: 'proxy-clock-skew',
  title: 'The clock of the proxy in front of AD FS is wrong',
  stage: 'sts-page',
  rank: -0.7,
  liesWith: 'sts',
  ceiling: 'probable',
  needs: ['pages', 'exchanges', 'stsMetadata', 'nodes', 'clocks'],
  judge: (evidence) => {
    if (evidence.journey.signedIn === 'yes') return clear('Sign-in works.');
    const { host, asked, failed } = stsRequests(evidence);
    const served = asked.find(({ status }) => status !== null && status < 500);
    if (served) return clear(`${host} answers sign-in requests (HTTP ${served.status}, exchange ${served.seq}).`);
    if (!fails(evidence, failed.length > 0)) return clear(`${host} did not answer with a server error.`);
    const clock = strangersClock(evidence);
    if (clock.state === 'unread') return cannotTell(clock.why);
    if (clock.state === 'agrees') return clear(clock.why);
    const failing = failed[0];
    return found(
      clock.besideAdfs ? 'probable' : 'suspected',
      [
        ...(failing
          ? [claim(`${host} answered the sign-in with HTTP ${failing.status} (${failing.server ?? 'no Server header'}).`, ...exchangeRef(failing))]
          : []),
        claim(clock.says, ...clock.refs),
      ],
      [
        claim(
          clock.besideAdfs
            ? 'That the machine is a proxy is not visible from here: an AD FS server whose service is stopped and whose clock is wrong looks the same.'
            : 'Whether a proxy or AD FS itself answered is not visible from here. Name the addresses of both under `nodes:` to see it.',
        ),
        claim('A proxy whose clock is right may have lost its trust as well (wap-proxy-trust-broken). On the proxy, events 224 and 422 in AD FS/Admin tell.'),
      ],
    );
  },
  remedy: (base) => [
    { text: 'On the proxy and on AD FS: see how far each clock is off.', command: 'w32tm /query /status' },
    { text: "On the machine that is off: synchronise now; check the hypervisor's time synchronisation as well.", command: 'w32tm /resync /rediscover' },
    { text: 'On the proxy: start its services again, so that it asks AD FS anew.', command: 'Restart-Service appproxysvc, adfssrv' },
    ...wapProxyTrustBroken.remedy(base).filter(({ text }) => text.startsWith('Establish the trust anew')),
  ],
  checkAfterwards: (base) => [probeAgain(base)],
});

/** A server error under the STS's name: met by the sign-in, or by the reading of the metadata. */
const fails = ({ stsMetadata, nodes }: Pick<RouteEvidence, 'stsMetadata' | 'nodes'>, bySignIn: boolean): boolean =>
  bySignIn ||
  (stsMetadata !== null && !stsMetadata.ok && (stsMetadata.status ?? 0) >= 500) ||
  nodes.some(({ role, status }) => role === 'sts' && (status ?? 0) >= 500);
