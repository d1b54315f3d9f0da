import { expect, test } from '@playwright/test';
import { evidenceSchema, type RouteEvidence } from '../contracts/evidence';
import { diagnose } from '../diagnosis/diagnose';
import { createRedactor } from '../probes/redaction/redact';
import { withServerEvents } from './match-events';
import { readEventLog } from './read-event-log';
import { readHar } from './read-har';
import { adfs364, aspNet, events } from './testing/sample-events';
import { activityId, adfsError, auth, har, id4175, type Recorded, rolledOver, signInAddress, startMs, tokenPost, upToToken } from './testing/sample-har';

/** The sample with a refusal that says nothing. */
const silent: readonly Recorded[] = [...upToToken, tokenPost({ status: 401, challenges: [] })];
/** The POST of the token is the sixth entry; entries are 300 ms apart. */
const postedAt = startMs + 5 * 300;
const iso = (ms: number): string => new Date(ms).toISOString();

function evidenceOf(recorded: readonly Recorded[]): RouteEvidence {
  const read = readHar(har('chrome', recorded), { redactor: createRedactor(), tool: 'test' });
  if (!read.ok) throw new Error(read.why);
  return read.evidence.results[0]!;
}
function matched(recorded: readonly Recorded[], file: string, change: (evidence: RouteEvidence) => RouteEvidence = (same) => same): RouteEvidence {
  const log = readEventLog(file);
  if (!log.ok) throw new Error(log.why);
  return withServerEvents(change(evidenceOf(recorded)), log, createRedactor());
}
const judged = (evidence: RouteEvidence) =>
  diagnose(
    evidenceSchema.parse({
      schema: 1,
      run: { id: 'x', startedAt: evidence.startedAt, finishedAt: evidence.finishedAt, label: null, location: null, tool: 't', browser: 'b' },
      results: [evidence],
    }),
  ).results[0]!;

test("an event of CRM within seconds of the token's POST belongs to it, and its code names the cause", () => {
  const evidence = matched(silent, events(aspNet(iso(postedAt + 400), id4175)));
  expect(evidence.serverEvents).toMatchObject([{ n: 1, side: 'relying-party', codes: ['ID4175'], matchedBy: 'time', exchange: 5, id: 1309 }]);
  expect(evidence.serverEvents[0]?.text).not.toContain('S-1-5-21');
  const result = judged(evidence);
  expect(result.causes[0]).toMatchObject({ id: 'adfs-signing-cert-rolled', kb: '2686840' });
  expect(result.causes[0]?.because.flatMap(({ refs }) => refs)).toContain('server-event:1');
  expect(judged(evidenceOf(silent)).causes.find(({ id }) => id === 'adfs-signing-cert-rolled')?.certainty ?? 'suspected').toBe('suspected');
});

test('an event of another hour or another host does not, and the report says so', () => {
  for (const other of [aspNet(iso(postedAt + 3_600_000), id4175), aspNet(iso(postedAt), id4175, 'other.contoso.com')]) {
    const evidence = matched(silent, events(other));
    expect(evidence.serverEvents).toEqual([]);
    expect(evidence.captureErrors.at(-1)).toMatchObject({ capture: 'event-log', why: expect.stringContaining('ID4175') });
  }
});

test("the server's own clock counts: its Date header moves with its events", () => {
  const late = (evidence: RouteEvidence): RouteEvidence => ({
    ...evidence,
    exchanges: evidence.exchanges.map((exchange) =>
      exchange.url.startsWith(auth) ? { ...exchange, date: new Date(postedAt + 600_000).toUTCString() } : exchange,
    ),
    clocks: [],
  });
  expect(matched(silent, events(aspNet(iso(postedAt + 600_000), id4175)), late).serverEvents).toHaveLength(1);
  expect(matched(silent, events(aspNet(iso(postedAt), id4175)), late).serverEvents).toHaveLength(0);
});

test('without a Date header the offset of that server in the evidence is used', () => {
  const offset = (evidence: RouteEvidence): RouteEvidence => ({
    ...evidence,
    exchanges: evidence.exchanges.map((exchange) => ({ ...exchange, date: null })),
    clocks: [{ host: 'auth.contoso.com', role: 'crm', offsetMs: 90_000, uncertaintyMs: 500, source: 'wct' }],
  });
  expect(matched(silent, events(aspNet(iso(postedAt + 90_000), id4175)), offset).serverEvents).toHaveLength(1);
  expect(matched(silent, events(aspNet(iso(postedAt), id4175)), offset).serverEvents).toHaveLength(0);
});

const errorAtAdfs: readonly Recorded[] = [upToToken[0]!, { url: signInAddress(), status: 200, html: adfsError }];

test('an AD FS event is known by its Activity ID at any hour; one with another ID is somebody else’s', () => {
  const evidence = matched(
    errorAtAdfs,
    events(
      adfs364(iso(startMs + 300), '11111111-2222-3333-4444-555555555555', 'MSIS7042: another'),
      adfs364(iso(startMs + 7_200_000), activityId, 'MSIS7007: The requested relying party trust is unspecified or unsupported.'),
    ),
  );
  expect(evidence.serverEvents).toMatchObject([{ side: 'sts', codes: ['MSIS7007'], matchedBy: 'activity-id', activityId }]);
  const [cause] = judged(evidence).causes;
  expect(cause).toMatchObject({ id: 'rp-identifier-missing', certainty: 'confirmed' });
  expect(cause?.because.map(({ text }) => text).join()).toContain("server's event log");
});

test('a text export in another time zone is set right by the Activity ID it shares with the page', () => {
  const elsewhere = new Date(startMs + 320 - 5 * 3_600_000);
  const text =
    `TimeCreated : ${elsewhere.getMonth() + 1}/${elsewhere.getDate()}/${elsewhere.getFullYear()} ${elsewhere.getHours()}:${elsewhere.getMinutes()}:0` +
    `${elsewhere.getSeconds()}\nActivityId : ${activityId}\nProviderName : AD FS\nId : 364\nLevelDisplayName : Error\nMessage : MSIS7007: x\n`;
  const [event] = matched(errorAtAdfs, text).serverEvents;
  expect(event).toMatchObject({ matchedBy: 'activity-id', exchange: 2 });
  expect(Math.abs(Date.parse(event?.at ?? '') - startMs)).toBeLessThan(2_000);
});

test('of different codes near in time only the nearest is taken for this sign-in', () => {
  const evidence = matched(
    silent,
    events(
      aspNet(iso(postedAt + 4_500), 'ID4223: The SamlAssertion is rejected because the SamlAssertion.NotOnOrAfter condition is not satisfied.'),
      aspNet(iso(postedAt + 100), id4175),
    ),
  );
  expect(evidence.serverEvents.map(({ codes }) => codes)).toEqual([['ID4175']]);
  expect(evidence.captureErrors.at(-1)).toMatchObject({ capture: 'event-log', why: expect.stringContaining("other people's") });
});

test('an exception without a code that is nearer than somebody else’s ID4175 is taken, so the KB is not named', () => {
  const evidence = matched(silent, events(aspNet(iso(postedAt + 4_500), id4175), aspNet(iso(postedAt + 100), 'CryptographicException\nKeyset does not exist')));
  expect(evidence.serverEvents.map(({ codes }) => codes)).toEqual([[]]);
  const result = judged(evidence);
  expect(result.causes.map(({ id }) => id)).toEqual(['crm-encryption-key-inaccessible']);
  expect(result.events).toMatchObject([
    { host: 'CRM01.contoso.com', id: 1309, matchedBy: 'time-and-host', text: expect.stringContaining('Keyset') as unknown },
  ]);
});

test('a local time without a zone is read at the one zone where it falls together with the token’s POST', () => {
  const there = new Date(postedAt + 200 - 7 * 3_600_000);
  const two = (part: number): string => String(part).padStart(2, '0');
  const time =
    `${there.getFullYear()}-${two(there.getMonth() + 1)}-${two(there.getDate())} ` +
    `${two(there.getHours())}:${two(there.getMinutes())}:${two(there.getSeconds())}.200`;
  const [event] = matched(silent, `[${time}] Process: w3wp |Organization:x |Level: Error |ReqId: x | Log\n>${id4175}\n`).serverEvents;
  expect(event).toMatchObject({ source: 'CRM trace', id: null, codes: ['ID4175'] });
});

test('another code in the log speaks for its own cause and clears the KB', () => {
  const result = judged(
    matched(silent, events(aspNet(iso(postedAt), 'ID4022: The key needed to decrypt the encrypted security token could not be resolved.'))),
  );
  expect(result.causes.map(({ id }) => id)).toContain('crm-encryption-cert-changed-rp-stale');
  expect(result.ruledOut.find(({ id }) => id === 'adfs-signing-cert-rolled')?.why).toContain('ID4022');
});

test('a sign-in that works is not explained by somebody else’s events', () => {
  const evidence = matched(rolledOver, events(aspNet(iso(postedAt), id4175)));
  expect(judged({ ...evidence, journey: { ...evidence.journey, signedIn: 'yes', symptom: 'none', failedAt: null } }).causes).toEqual([]);
});

test('a time zone that the log does not write is said to be inferred, from what, and as which; a written one is not', () => {
  const zoneOf = (file: string, recorded: readonly Recorded[] = silent) => matched(recorded, file).serverEvents[0]?.zone;
  expect(zoneOf(events(aspNet(iso(postedAt + 400), id4175)))).toBeNull();
  const local = (shiftHours: number): string =>
    iso(postedAt + 400 + shiftHours * 3_600_000)
      .replace('T', ' ')
      .slice(0, 23);
  const listed = (at: string): string =>
    `TimeCreated      : ${at}\nProviderName     : ASP.NET 4.0.30319.0\nId               : 1309\nLevelDisplayName : Warning\nMessage          : ${id4175}\n`;
  const here = -new Date(postedAt).getTimezoneOffset();
  expect(zoneOf(listed(local(here / 60)))).toEqual({ by: 'this-machine', offsetMinutes: here });
  expect(zoneOf(listed(local(here / 60 + 3)))).toEqual({ by: 'token-post', offsetMinutes: here + 180 });
  const both = `${listed(local(here / 60 + 4))}\n${listed(local(here / 60 + 4))}Event time (UTC): ${iso(postedAt + 400)
    .replace('T', ' ')
    .slice(0, 19)}\n`;
  expect(matched(silent, both).serverEvents.map(({ zone }) => zone)).toEqual(expect.arrayContaining([null, { by: 'utc-line', offsetMinutes: here + 240 }]));
  const elsewhere = listed(local(here / 60 - 5))
    .replace('ASP.NET 4.0.30319.0', 'AD FS')
    .replace('Message ', `ActivityId : ${activityId}\nMessage `);
  expect(zoneOf(elsewhere, errorAtAdfs)).toEqual({ by: 'activity-id', offsetMinutes: here - 300 });
});
