/** Host → address the way the configuration wants it: `resolve:` entry, else `dns:` server, else the system. Every answer is kept as evidence. */
import { promises as dns, Resolver } from 'node:dns';
import { isIP } from 'node:net';
import { promisify } from 'node:util';
import type { RouteEvidence } from '../../contracts/evidence';
import type { Target } from '../../contracts/target';
import { retrying } from '../../system/retry-policy';
import { isLoopbackHost, withoutBrackets } from './loopback';

type DnsFacts = RouteEvidence['dns'][number];

interface LookupAnswer extends DnsFacts {
  /** The address to dial: the first one; null when there is none (`error` says why). */
  readonly address: string | null;
  readonly durationMs: number;
}

export interface Lookup {
  /** Never throws. A good answer is kept for the run, so that probe, browser and evidence speak of the same node; a failed one is asked anew. */
  lookup(host: string): Promise<LookupAnswer>;
  /** The last answer of each host asked so far. */
  facts(): DnsFacts[];
}

type Answer = Pick<DnsFacts, 'addresses' | 'error'>;
const timeoutMs = 2000;

export function createLookup({ resolve, dns: server }: Pick<Target, 'resolve' | 'dns'>): Lookup {
  const answers = new Map<string, Promise<LookupAnswer>>();
  const facts = new Map<string, DnsFacts>();
  const ask = server === null ? askSystem : askServer(server);

  async function find(host: string): Promise<LookupAnswer> {
    const startedAt = performance.now();
    const pinned = resolve[host];
    const source = pinned !== undefined ? 'resolve' : server !== null && isIP(host) === 0 && !isLoopbackHost(host) ? 'dns' : 'system';
    let answer: Answer;
    if (pinned !== undefined) answer = { addresses: [pinned], error: null };
    else if (isIP(host) !== 0) answer = { addresses: [host], error: null };
    // Browsers take these names for the machine itself (RFC 6761); not every system's resolver does.
    else if (host.endsWith('.localhost')) answer = { addresses: ['127.0.0.1', '::1'], error: null };
    else
      answer = await retrying(
        () => (source === 'dns' ? ask(host) : askSystem(host)),
        ({ error }) => error,
      );
    const fact: DnsFacts = { host, ...answer, source };
    facts.set(host, fact);
    return { ...fact, address: answer.addresses[0] ?? null, durationMs: performance.now() - startedAt };
  }

  return {
    lookup(wanted) {
      const host = withoutBrackets(wanted).toLowerCase();
      const running = answers.get(host);
      if (running) return running;
      const answer = find(host);
      answers.set(host, answer);
      void answer.then(({ address }) => address === null && answers.delete(host));
      return answer;
    },
    facts: () => [...facts.values()],
  };
}

async function askSystem(host: string): Promise<Answer> {
  try {
    const found = await dns.lookup(host, { all: true, verbatim: true });
    return { addresses: found.map(({ address }) => address), error: null };
  } catch (error) {
    return { addresses: [], error: codeOf(error) };
  }
}

/** A and AAAA records from one server; IPv4 first, as the farm nodes of this field are addressed. */
function askServer(server: string): (host: string) => Promise<Answer> {
  const resolver = new Resolver({ timeout: timeoutMs, tries: 1 });
  resolver.setServers([server]);
  const four = promisify(resolver.resolve4.bind(resolver)) as (host: string) => Promise<string[]>;
  const six = promisify(resolver.resolve6.bind(resolver)) as (host: string) => Promise<string[]>;
  return async (host) => {
    const [v4, v6] = await Promise.allSettled([four(host), six(host)]);
    const addresses = [v4, v6].flatMap((result) => (result.status === 'fulfilled' ? result.value : []));
    if (addresses.length > 0) return { addresses, error: null };
    return { addresses, error: v4.status === 'rejected' ? codeOf(v4.reason) : 'ENODATA' };
  };
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'UNKNOWN';
}
