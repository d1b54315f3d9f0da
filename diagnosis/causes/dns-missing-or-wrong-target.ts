import type { RemedyStep } from '../../contracts/report';
import { cannotTell, claim, clear, defineRule, found } from '../define-rule';
import { flowHosts, hostAnswered } from '../facts/addresses';
import { atHosts, failedExchange, unreachable } from '../facts/reachability';
import { listed } from '../facts/wording';
import { crmHostName, probeAgain, resolveName, stsHostName } from '../remedy-steps';

const absent = /^(ENOTFOUND|ENODATA|NXDOMAIN|ENONAME|EAI_NONAME)$/;

/** What to ask of one name, and how to create its record. */
function stepsFor(host: string, isSts: boolean): readonly RemedyStep[] {
  const [name = host, ...zone] = host.split('.');
  return [
    { text: `Ask for ${host}, from a client and from the servers.`, command: resolveName(host) },
    {
      text: `Create or correct the A record of ${host}${isSts ? ' (an A record, not a CNAME: Kerberos needs it)' : ''}.`,
      command: `Add-DnsServerResourceRecordA -ZoneName '${zone.join('.') || '<zone>'}' -Name '${name}' -IPv4Address '<address>'`,
    },
    ...(isSts ? [{ text: `Split DNS: inside, ${host} leads to AD FS; outside, to the Web Application Proxy. Check both zones.` }] : []),
  ];
}

/** A host of the flow has no address, or one that leads elsewhere than at the last good sign-in. */
export const dnsMissingOrWrongTarget = defineRule({
  id: 'dns-missing-or-wrong-target',
  title: 'A host name does not resolve, or leads to the wrong place',
  stage: 'dns',
  rank: 0,
  liesWith: 'network',
  ceiling: 'confirmed',
  needs: ['exchanges', 'dns', 'tls', 'lastGood'],
  judge: (evidence) => {
    if (evidence.journey.signedIn === 'yes') return clear('Sign-in works.');
    const hosts = flowHosts(evidence).filter((host) => !hostAnswered(evidence, host));
    const facts = (host: string) => evidence.dns.find((entry) => entry.host === host);
    const from = (host: string): string =>
      ({ system: "the system's resolver", resolve: 'the `resolve:` entry', dns: 'the configured DNS server' })[facts(host)?.source ?? 'system'];
    const missing = hosts.filter((host) => unreachable(evidence, host)?.layer === 'dns');
    if (missing.length > 0) {
      const definite = missing.some(
        (host) => absent.test(facts(host)?.error ?? '') || failedExchange(evidence.exchanges, host)?.failure?.includes('ERR_NAME_NOT_RESOLVED'),
      );
      const claims = missing.map((host) => {
        const reach = unreachable(evidence, host);
        return claim(`${host} does not resolve (${reach?.said}, asked ${from(host)}).`, ...(reach?.refs ?? []));
      });
      const { certainty, met, against } = atHosts(evidence, missing, definite ? 'confirmed' : 'probable');
      const judgement = found(certainty, claims, [
        ...against,
        claim('This is the view of one resolver; inside and outside may differ (split DNS).'),
        ...(definite ? [] : [claim('The resolver gave no answer, which is not the same as "no such name".')]),
      ]);
      return { ...judgement, met, hosts: missing };
    }
    const moved = hosts.flatMap((host) => {
      const now = facts(host)?.addresses ?? [];
      const then = evidence.lastGood?.dns.find((entry) => entry.host === host)?.addresses ?? [];
      const failed = unreachable(evidence, host);
      return failed && now.length > 0 && then.length > 0 && !now.some((address) => then.includes(address)) ? [{ host, now, then, failed }] : [];
    });
    if (moved.length > 0) {
      const hostsMoved = moved.map(({ host }) => host);
      const { certainty, met, against } = atHosts(evidence, hostsMoved, 'confirmed');
      const judgement = found(
        certainty,
        moved.map(({ host, now, then, failed }) =>
          claim(
            `${host} now leads to ${listed(now)}, at the last good sign-in to ${listed(then)}; there ${failed.said}.`,
            `dns:${host}`,
            'last-good',
            ...failed.refs,
          ),
        ),
        [...against, claim('If the new address is intended, the server behind it is at fault, not the record.')],
      );
      return { ...judgement, met, hosts: hostsMoved };
    }
    if (evidence.dns.length === 0 && hosts.length > 0) return cannotTell('Names were not resolved in this run.');
    return clear(
      evidence.dns.length === 0
        ? 'Every host of the flow answered.'
        : `All names resolve: ${evidence.dns
            .filter(({ error }) => error === null)
            .map(({ host, addresses }) => `${host} to ${addresses.join(', ')}`)
            .join('; ')}.`,
    );
  },
  remedy: (base, hosts = []) => [
    ...(hosts.length > 0 ? hosts : [crmHostName(base), stsHostName(base)]).flatMap((host) => stepsFor(host, host === stsHostName(base))),
    { text: 'On the probe and on clients: drop the old answer.', command: 'Clear-DnsClientCache' },
  ],
  checkAfterwards: (base) => [probeAgain(base)],
});
