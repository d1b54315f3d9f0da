import type { Exchange } from '../../contracts/evidence';
import { cannotTell, claim, clear, defineRule, found } from '../define-rule';
import { exchangeRef, pathOf } from '../facts/addresses';
import { looksLikeAdfs } from '../facts/sts-certificates';
import { stsRequests } from '../facts/sts-requests';
import { duration, listed } from '../facts/wording';
import { probeAgain, readAdfsLog } from '../remedy-steps';

/** latencyThresholdInMSec of the proxy's congestion control as Microsoft recommends it. */
const slowMs = 8_000;

/** The STS answers some requests and not others: it, or what it depends on, is slow. */
export const wapCongestionOrAdfsSlow = defineRule({
  id: 'wap-congestion-or-adfs-slow',
  title: 'AD FS is slow, or the proxy in front of it sheds requests (congestion control)',
  stage: 'token-issue',
  rank: -1,
  liesWith: 'sts',
  ceiling: 'suspected',
  needs: ['pages', 'exchanges', 'stsMetadata', 'nodes'],
  judge: (evidence) => {
    if (evidence.journey.signedIn === 'yes') return clear('Sign-in works.');
    const { host, asked, failed } = stsRequests(evidence);
    if (asked.length === 0) return cannotTell('The STS was not asked in this run.');
    const good = asked.filter(({ status }) => status !== null && status < 500);
    const shed = failed.filter(({ status }) => status !== null && [500, 502, 503, 504].includes(status));
    const slow = asked.filter(({ durationMs, status }) => status !== null && durationMs !== null && durationMs >= slowMs);
    const silent =
      evidence.journey.symptom === 'no-answer'
        ? asked.filter(({ status, failure }) => status === null && (failure === null || /TIMED_OUT|ETIMEDOUT/.test(failure)))
        : [];
    if (!looksLikeAdfs(evidence)) return cannotTell('The STS does not look like AD FS.');
    if (shed.length === 0 && slow.length === 0 && silent.length === 0)
      return clear(`${host} answered every request within ${duration(Math.max(...asked.map(({ durationMs }) => durationMs ?? 0)))}.`);
    if (good.length === 0 && slow.length === 0) return clear(`${host} answered none of the sign-in requests: a stable failure, not one that comes and goes.`);
    const nodes = evidence.nodes.filter(({ role, durationMs, status }) => role === 'sts' && durationMs !== null && status === 200);
    const times = (list: readonly Exchange[]): string =>
      listed(list.map(({ url, status, durationMs }) => `${pathOf(url)} ${status ?? 'no answer'} after ${durationMs ?? '?'} ms`));
    return found(
      'suspected',
      [
        ...(shed.length > 0 ? [claim(`${host} answered with a server error: ${times(shed)}.`, ...shed.flatMap(exchangeRef))] : []),
        ...(silent.length > 0
          ? [claim(`${host} did not answer in time: ${listed(silent.map(({ url }) => pathOf(url) ?? url))}.`, ...silent.flatMap(exchangeRef))]
          : []),
        ...(slow.length > 0 ? [claim(`Answers took ${duration(slowMs)} or more: ${times(slow)}.`, ...slow.flatMap(exchangeRef))] : []),
        ...(good.length > 0 ? [claim(`Other requests of the same run were answered: ${times(good)}.`, ...good.flatMap(exchangeRef))] : []),
        ...(nodes.length > 1
          ? [claim(`The nodes' metadata took ${listed(nodes.map(({ address, durationMs }) => `${durationMs} ms at ${address}`))}.`, 'metadata:sts')]
          : []),
      ],
      [
        claim(
          'One run cannot show that it comes and goes. The same sign-in repeated, from outside and from inside, would: ' +
            'failures that follow latency, outside only, speak for the proxy; a stable failure for something else.',
        ),
        claim('Event 230 on the proxy (congestion) and the counters of AD FS stand only on the servers. One node of a farm that fails looks the same.'),
      ],
    );
  },
  remedy: () => [
    {
      text: 'On the Web Application Proxy: is congestion control at work (event 230)?',
      command: "Get-WinEvent -FilterHashtable @{ LogName = 'AD FS/Admin'; Id = 230 } -MaxEvents 20 | Format-List TimeCreated, Message",
    },
    { text: 'On AD FS: how long do token requests take, and are they queued?', command: "Get-Counter '\\AD FS\\*' -SampleInterval 5 -MaxSamples 3" },
    {
      text: 'Find the slow dependency and repair it: domain controllers (also MaxConcurrentApi for NTLM), SQL or WID, attribute stores, MFA provider.',
      command: "Get-Counter '\\Netlogon(*)\\*' -SampleInterval 5 -MaxSamples 3",
    },
    {
      text:
        'On the proxy, microsoft.identityServer.proxyservice.exe.config: ' +
        'congestionControl with latencyThresholdInMSec="8000" and minCongestionWindowSize="64"; then restart it.',
      command: 'Restart-Service adfssrv',
    },
    { text: 'No sticky sessions between proxy and AD FS.' },
    readAdfsLog,
  ],
  checkAfterwards: (base) => [{ text: 'Several times over a quarter of an hour; look at the times of the STS as well.' }, probeAgain(base)],
});
