/** Clocks, TLS and names as the probe saw them from where it ran. Routes that saw the same share a row. */
import type { Result } from '../../contracts/report';
import { routesPhrase } from '../words/headline';
import { durationText, offsetText } from '../words/time';
import { type Anchors, hostAnchor } from './anchors';
import { markup, type Markup } from './markup';

/** WIF's default tolerance, and the limit Microsoft gives for CRM and its STS (field guide §12). */
const clockLimitMs = 300_000;

interface Row<Fact> {
  readonly fact: Fact;
  readonly results: Result[];
  /** Ids of this row; an id is given to the first row that has it. */
  readonly ids: string[];
}

const mergeRows = <Fact>(
  results: readonly Result[],
  facts: (result: Result) => readonly Fact[],
  idsOf: (result: Result, fact: Fact) => readonly string[],
): Row<Fact>[] => {
  const rows = new Map<string, Row<Fact>>();
  const taken = new Set<string>();
  for (const result of results)
    for (const fact of facts(result)) {
      const key = JSON.stringify(fact);
      const row = rows.get(key) ?? { fact, results: [], ids: [] };
      rows.set(key, row);
      row.results.push(result);
      for (const id of idsOf(result, fact)) if (!taken.has(id)) row.ids.push(id);
      row.ids.forEach((id) => taken.add(id));
    }
  return [...rows.values()];
};

const anchorSpans = (ids: readonly string[]): Markup => markup`${ids.map((id) => markup`<span id="${id}"></span>`)}`;

type Clock = Result['clocks'][number];

/** The surest reading of a role in one result (wsu:Created has milliseconds, Date only seconds). */
const surest = (clocks: readonly Clock[]): Clock | null =>
  clocks.reduce<Clock | null>((best, clock) => (best === null || clock.uncertaintyMs < best.uncertaintyMs ? clock : best), null);

/** The largest distance between AD FS and a CRM host, both read on the same route. */
const clockSentence = (results: readonly Result[]): Markup => {
  const distances = results.flatMap(({ clocks }) => {
    const sts = surest(clocks.filter(({ role }) => role === 'sts'));
    const hosts = [...new Set(clocks.filter(({ role }) => role === 'crm').map(({ host }) => host))];
    return hosts.flatMap((host) => {
      const crm = surest(clocks.filter((clock) => clock.host === host));
      return sts && crm ? [{ apart: Math.abs(crm.offsetMs - sts.offsetMs), uncertainty: crm.uncertaintyMs + sts.uncertaintyMs }] : [];
    });
  });
  const [largest] = distances.sort((one, other) => other.apart - one.apart);
  if (!largest) return markup``;
  return markup`<p>AD FS and CRM are <b>${durationText(largest.apart)}</b> apart (± ${durationText(largest.uncertainty)}); ${
    largest.apart > clockLimitMs ? markup`<b>that is more than the 5 minutes that are tolerated.</b>` : 'up to 5 minutes are tolerated.'
  }</p>`;
};

export const clockSection = (results: readonly Result[], anchors: Anchors): Markup => {
  const rows = mergeRows(
    results,
    ({ clocks }) => clocks,
    (result, { host }) => [hostAnchor(anchors.ofResult(result), 'clock', host)],
  );
  if (rows.length === 0) return markup`<p class="muted">No clock was read.</p>`;
  return markup`${clockSentence(results)}<table class="stack"><thead><tr><th>Host</th><th>Server</th><th>Against the probe’s clock</th>\
<th>Read from</th></tr></thead><tbody>${rows.map(
    ({
      fact: clock,
      results: seenBy,
      ids,
    }) => markup`<tr><th scope="row">${anchorSpans(ids)}${clock.host}</th><td data-label="Server">${clock.role === 'sts' ? 'AD FS' : 'CRM'}</td>
<td data-label="Against the probe’s clock">${offsetText(clock.offsetMs)} <span class="muted nowrap">± ${durationText(clock.uncertaintyMs)}</span></td>
<td data-label="Read from">${clock.source} <span class="muted">(${routesPhrase(seenBy, results)})</span></td></tr>`,
  )}</tbody></table>`;
};

interface HostFacts {
  readonly host: string;
  readonly dns: Result['dns'][number] | null;
  readonly tls: readonly Result['tls'][number][];
}

const hostsOf = ({ dns, tls }: Result): HostFacts[] =>
  [...new Set([...dns.map(({ host }) => host), ...tls.map(({ host }) => host)])].map((host) => ({
    host,
    dns: dns.find((one) => one.host === host) ?? null,
    tls: tls.filter((one) => one.host === host),
  }));

const nameCell = (dns: HostFacts['dns']): Markup =>
  dns
    ? markup`${dns.error ? markup`<b>✕ ${dns.error}</b>` : dns.addresses.join(', ')}${
        dns.source === 'system' ? '' : markup` <span class="muted">(from the configuration’s ${dns.source})</span>`
      }`
    : markup`–`;

const tlsCell = (tls: HostFacts['tls']): Markup =>
  tls.length === 0
    ? markup`–`
    : markup`${tls.map(
        (one) =>
          markup`<div>${
            one.trusted ? '✓ trusted' : markup`<b>✕ not trusted${one.error ? `: ${one.error}` : ''}</b>`
          }${one.incomplete ? ', intermediate certificate not sent' : ''}${
            one.protocol ? markup` <span class="muted">${[one.protocol, one.cipher].filter((part) => part).join(', ')}</span>` : ''
          }</div>`,
      )}`;

export const hostSection = (results: readonly Result[], anchors: Anchors): Markup => {
  const rows = mergeRows(results, hostsOf, (result, { host, dns, tls }) => [
    ...(dns ? [hostAnchor(anchors.ofResult(result), 'dns', host)] : []),
    ...(tls.length > 0 ? [hostAnchor(anchors.ofResult(result), 'tls', host)] : []),
  ]);
  return markup`<table class="stack"><thead><tr><th>Host</th><th>Name lookup</th><th>TLS</th><th>Route</th></tr></thead><tbody>${rows.map(
    ({ fact, results: seenBy, ids }) => markup`<tr><th scope="row">${anchorSpans(ids)}${fact.host}</th><td data-label="Name">${nameCell(fact.dns)}</td>
<td data-label="TLS">${tlsCell(fact.tls)}</td><td data-label="Route" class="muted">${routesPhrase(seenBy, results)}</td></tr>`,
  )}</tbody></table>`;
};
