/** Finds the events of a server's log that belong to a sign-in: by the Activity ID the browser saw, else by the time of the exchange that failed. */
import type { Exchange, InferredZone, RouteEvidence, ServerEvent } from '../contracts/evidence';
import type { EventLog } from './read-event-log';
import type { Redactor } from './redactor';
import type { ServerLogEntry } from './server-log-entry';
import { signInCodes } from '../pages/sign-in-codes';

type Log = Extract<EventLog, { ok: true }>;

/** Events are written while the request is answered; ASP.NET and AD FS need at most a few seconds. Whole seconds on both sides are in it. */
const aroundMs = 5_000;
/** More would say nothing new. */
const mostEvents = 20;
const stsSteps = new Set<Exchange['step']>(['sts-page', 'credentials', 'token-issue']);

/** The evidence of one route with the log's events that belong to it, and a word on those that do not. */
export function withServerEvents(evidence: RouteEvidence, log: Log, redactor: Redactor): RouteEvidence {
  const ids = activityIdsOf(evidence);
  const telling = log.entries.filter(
    ({ level, message }) => level === 'error' || level === 'warning' || signInCodes(message).length > 0 || (level === 'unknown' && /Exception\b/.test(message)),
  );
  const zone = zoneShift(telling, evidence, ids);
  const { shiftMs } = zone;
  const matched = telling.flatMap((entry) => {
    const side = sideOf(entry);
    const byId = entry.activityId !== null && ids.has(entry.activityId);
    // The page showed an Activity ID of that server, and this event has another: somebody else's.
    const foreign = !byId && entry.activityId !== null && side === 'sts' && shownActivityIds(evidence).size > 0;
    const near = foreign || otherAddress(entry, evidence) ? null : nearest(entry, side, evidence, shiftMs);
    return byId || near ? [{ entry, side, byId, near }] : [];
  });
  const serverEvents = withoutStrangers(matched)
    .slice(0, mostEvents)
    .map((match, index) => toEvent({ ...match, n: index + 1 }, zone, redactor));
  return {
    ...evidence,
    serverEvents: [...evidence.serverEvents, ...renumbered(serverEvents, evidence.serverEvents.length)],
    captureErrors: [...evidence.captureErrors, ...noteOn(log, serverEvents, matched.length)],
  };
}

interface Match {
  readonly entry: ServerLogEntry;
  readonly side: ServerEvent['side'];
  readonly byId: boolean;
  readonly near: Near | null;
}
interface Near {
  readonly exchange: Exchange;
  readonly distanceMs: number;
}

const renumbered = (events: readonly ServerEvent[], before: number): ServerEvent[] => events.map((event) => ({ ...event, n: event.n + before }));

const exception = 'exception';
/** What an event says: its codes, else that CRM or AD FS met an exception. */
function signsOf({ message, source }: ServerLogEntry): readonly string[] {
  const codes = signInCodes(message);
  return codes.length > 0 ? codes : /Exception\b/.test(message) && /ASP\.NET|CRM|AD ?FS|Dynamics|^unknown$/i.test(source) ? [exception] : [];
}

/**
 * On a busy server other people's failures stand nearby. Matched by time alone and of different codes, only those nearest to the exchange are kept; with
 * an Activity ID nothing is guessed.
 */
function withoutStrangers(matches: readonly Match[]): readonly Match[] {
  const sure = matches.filter(({ byId }) => byId);
  const guessed = matches.filter(({ byId, side }) => !byId && !sure.some((other) => other.side === side));
  const bySide = (['sts', 'relying-party'] as const).flatMap((side) => {
    const here = guessed.filter((match) => match.side === side);
    const distance = ({ near }: Match): number => near?.distanceMs ?? 0;
    const [closest] = here.filter(({ entry }) => signsOf(entry).length > 0).sort((x, y) => distance(x) - distance(y));
    if (!closest) return here;
    const signs = signsOf(closest.entry);
    return here.filter((match) => {
      const own = signsOf(match.entry);
      // An exception and a code of one request are written within a second; of two codes only one is its own.
      const together = distance(match) - distance(closest) <= 1_000 && (own[0] === exception || signs[0] === exception);
      return own.every((sign) => signs.includes(sign)) || together;
    });
  });
  return [...sure, ...bySide].sort((a, b) => a.entry.atMs - b.entry.atMs);
}

/** Activity IDs the browser was shown or sent along: AD FS logs under the client-request-id of the request. */
function activityIdsOf(evidence: RouteEvidence): ReadonlySet<string> {
  const sent = evidence.exchanges.flatMap(({ url, location }) =>
    [...`${url} ${location ?? ''}`.matchAll(/client-request-id=([0-9a-f-]{36})/gi)].map((match) => match[1] ?? ''),
  );
  return new Set([...shownActivityIds(evidence), ...sent.map((id) => id.toLowerCase())]);
}

const shownActivityIds = ({ pages }: RouteEvidence): ReadonlySet<string> =>
  new Set(
    pages.flatMap(({ texts }) =>
      [...`${texts['activityId'] ?? ''} ${texts['reference'] ?? ''}`.matchAll(/[0-9a-f]{8}-[0-9a-f-]{27}/gi)].map((match) => match[0].toLowerCase()),
    ),
  );

function sideOf({ source, log, message }: ServerLogEntry): ServerEvent['side'] {
  if (/AD ?FS/i.test(source) || /AD ?FS/i.test(log ?? '')) return 'sts';
  if (/ASP\.NET|MSCRM|CRM trace|W3SVC|WAS|Dynamics|IdentityModel/i.test(source) || /Microsoft\.Crm|Dynamics CRM|CRMWeb/i.test(message)) return 'relying-party';
  return /\bMSIS\d{4}\b/.test(message) ? 'sts' : 'relying-party';
}

/** ASP.NET names the address that failed; one of another host is not this sign-in's. */
function otherAddress({ message }: ServerLogEntry, { exchanges }: RouteEvidence): boolean {
  const named = /Request URL:\s*(https?:\/\/[^/\s:]+)/i.exec(message)?.[1];
  return named !== undefined && !exchanges.some(({ url }) => new URL(url).hostname.toLowerCase() === new URL(named).hostname.toLowerCase());
}

/**
 * The exchange an event fits. Compared is with the server's own clock: the Date header of that very answer, or the exchange's time with the offset the
 * evidence has for that server (a proxy may answer with its own Date).
 */
function nearest(entry: ServerLogEntry, side: ServerEvent['side'], evidence: RouteEvidence, shiftMs: number): Near | null {
  const own = evidence.exchanges.filter(({ step }) => (side === 'sts' ? stsSteps.has(step) : !stsSteps.has(step) && step !== 'sign-out' && step !== 'other'));
  // Once a token was posted, what CRM logs is about it or what followed, not about the redirect before.
  const afterToken = side === 'sts' ? [] : own.filter(({ step }) => step !== 'crm-redirect');
  const relevant = afterToken.length > 0 ? afterToken : own;
  const times = timesOf(entry, shiftMs);
  const distances = relevant.flatMap((exchange) =>
    instantsOf(exchange, side, evidence).flatMap((at) => times.map((time) => ({ exchange, distanceMs: Math.abs(time - at) }))),
  );
  // Of equals the token's POST: it is what CRM's events are about.
  const [best] = distances.sort(
    (a, b) =>
      Math.floor(a.distanceMs / 1500) - Math.floor(b.distanceMs / 1500) ||
      Number(b.exchange.step === 'token-post') - Number(a.exchange.step === 'token-post') ||
      a.distanceMs - b.distanceMs,
  );
  return best && best.distanceMs <= aroundMs ? best : null;
}

const timesOf = (entry: ServerLogEntry, shiftMs: number): number[] =>
  [entry.atMs, ...(entry.orMs === null ? [] : [entry.orMs])].map((at) => at + (entry.zoned ? 0 : shiftMs));

function instantsOf(exchange: Exchange, side: ServerEvent['side'], { clocks, startedAt }: RouteEvidence): number[] {
  const role = side === 'sts' ? 'sts' : 'crm';
  const own = clocks.filter((clock) => clock.role === role);
  const header = own.find(({ source, host }) => source === 'Date' && host === new URL(exchange.url).hostname) ?? own.find(({ source }) => source === 'Date');
  const dated = Date.parse(exchange.date ?? '');
  // The written times tell what a proxy's Date hides.
  if (!Number.isNaN(dated))
    return [dated, ...own.filter(({ source }) => source !== 'Date').map(({ offsetMs }) => dated + offsetMs - (header?.offsetMs ?? offsetMs))];
  const asked = Date.parse(startedAt) + exchange.startedAtMs + (exchange.durationMs ?? 0) / 2;
  return own.length > 0 ? own.map(({ offsetMs }) => asked + offsetMs) : [asked];
}

const quarterMs = 900_000;
/** More local times than this would fall together with something at some zone or other. */
const mostToFit = 10;

/** What local times of a file are moved by, which are read in this machine's zone, and what shows it. */
interface ZoneShift {
  readonly shiftMs: number;
  readonly by: InferredZone['by'];
}
const ofThisMachine: ZoneShift = { shiftMs: 0, by: 'this-machine' };

/** An event's time zone as minutes ahead of UTC; null where the log writes it. */
const zoneOf = ({ zoned, atMs }: ServerLogEntry, { shiftMs, by }: ZoneShift): InferredZone | null =>
  zoned ? null : { by, offsetMinutes: -new Date(atMs).getTimezoneOffset() - shiftMs / 60_000 };

/**
 * Text exports have local times without a zone. An event with this sign-in's Activity ID shows the zone for the whole file, and so does one that has its
 * time in UTC as well. Otherwise it is this machine's; where nothing fits then, the one zone at which an error falls together with the token's POST.
 */
function zoneShift(entries: readonly ServerLogEntry[], evidence: RouteEvidence, ids: ReadonlySet<string>): ZoneShift {
  const local = entries.filter(({ zoned }) => !zoned);
  for (const entry of local) {
    if (entry.activityId === null || !ids.has(entry.activityId)) continue;
    const side = sideOf(entry);
    for (const exchange of evidence.exchanges.filter(({ step }) => stsSteps.has(step) === (side === 'sts')))
      for (const at of instantsOf(exchange, side, evidence))
        for (const time of timesOf(entry, 0)) {
          const shift = Math.round((at - time) / quarterMs) * quarterMs;
          if (Math.abs(at - time - shift) <= 60_000 && Math.abs(shift) <= 14 * 3_600_000) return { shiftMs: shift, by: 'activity-id' };
        }
  }
  const shown = entries.find((entry) => entry.zoneShiftMs !== null)?.zoneShiftMs;
  if (shown !== undefined && shown !== null) return { shiftMs: shown, by: 'utc-line' };
  const fits = (shift: number, entry: ServerLogEntry): boolean => (nearest(entry, sideOf(entry), evidence, shift)?.distanceMs ?? Infinity) <= 3_000;
  if (local.length === 0 || local.length > mostToFit || local.some((entry) => fits(0, entry))) return ofThisMachine;
  const zones = Array.from({ length: 53 }, (_, index) => (index - 28) * 2 * quarterMs).filter((shift) => local.some((entry) => fits(shift, entry)));
  return zones.length === 1 && zones[0] !== undefined ? { shiftMs: zones[0], by: 'token-post' } : ofThisMachine;
}

function toEvent({ entry, side, byId, near, n }: Match & { readonly n: number }, zone: ZoneShift, redactor: Redactor): ServerEvent {
  const { shiftMs } = zone;
  const codes = signInCodes(entry.message);
  const time = near?.exchange.date ? nearestOf(timesOf(entry, shiftMs), Date.parse(near.exchange.date)) : (timesOf(entry, shiftMs)[0] ?? entry.atMs);
  return {
    n,
    at: new Date(time).toISOString(),
    zone: zoneOf(entry, zone),
    source: redactor.text(entry.source).slice(0, 80),
    log: entry.log === null ? null : redactor.text(entry.log).slice(0, 80),
    computer: entry.computer === null ? null : redactor.text(entry.computer).slice(0, 80),
    id: entry.id,
    level: entry.level,
    activityId: entry.activityId,
    side,
    codes,
    text: excerptOf(entry.message, codes, redactor),
    matchedBy: byId ? 'activity-id' : 'time',
    exchange: near?.exchange.seq ?? null,
  };
}

const nearestOf = (times: readonly number[], at: number): number => times.reduce((best, time) => (Math.abs(time - at) < Math.abs(best - at) ? time : best));

/**
 * From the exception that carries the first code, else from the first exception, or the beginning;
 * without tokens, account identifiers and addresses of clients.
 */
function excerptOf(message: string, codes: readonly string[], redactor: Redactor): string {
  const code = codes[0] ? message.indexOf(codes[0]) : -1;
  const types = [...message.matchAll(/\b(?:[A-Z]\w*\.)*[A-Z]\w*Exception\b/g)].map(({ index }) => index);
  const at = code < 0 ? (types[0] ?? 0) : (types.findLast((index) => index < code && code - index < 160) ?? code);
  const part = message.slice(at, at + 2_000);
  return redactor
    .text(redactor.url(part))
    .replace(/\bS-1-\d+(?:-\d+){2,}/g, '[account]')
    .replace(/[A-Za-z0-9+/_-]{120,}={0,2}/g, '[masked]')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 500);
}

function noteOn(log: Log, kept: readonly ServerEvent[], matched: number): RouteEvidence['captureErrors'] {
  const codes = [...new Set(log.entries.flatMap(({ message }) => signInCodes(message)))];
  const cut = log.unreadable > 0 ? ` ${log.unreadable} events could not be read.` : '';
  if (kept.length === 0)
    return [
      {
        capture: 'event-log',
        why:
          `None of the ${log.entries.length} events belongs to this sign-in by time or Activity ` +
          `ID${codes.length > 0 ? ` (elsewhere in the log: ${codes.slice(0, 8).join(', ')})` : ''}.${cut} Is it the log of the right server and hour?`,
      },
    ];
  const dropped = matched - kept.length;
  const others = dropped > 0 ? `${dropped} more near it in time were left out, because they may belong to other people's sign-ins.` : '';
  return others || cut ? [{ capture: 'event-log', why: `${kept.length} of ${log.entries.length} events belong to this sign-in. ${others}${cut}`.trim() }] : [];
}
