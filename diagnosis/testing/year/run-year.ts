import type { LastGood, Metadata } from '../../../contracts/evidence';
import type { Expiry, Forecast } from '../../../contracts/report';
import { readMetadata } from '../../../federation/read-metadata';
import { expiries } from '../../expiries';
import { stsCertificates, successor } from '../../facts/sts-certificates';
import { forecast, type RolloverSettings } from '../../forecast';
import { lastGood } from '../sample-evidence';
import type { LabYear } from './lab-year';
import type { Operation, YearScenario } from './scenarios';

const hourMs = 3_600_000;
export const dayMs = 24 * hourMs;
export const observedDays = 400;
/** Midnight of the first day. */
export const firstDay = Date.UTC(2026, 0, 5);
/** CertificateRolloverInterval. */
const tickMs = 12 * hourMs;
/** Where the future is still of interest: the break after the last observed day. */
const horizonMs = firstDay + (observedDays + 1200) * dayMs;

/** The forecast of one morning. */
export interface Observation {
  readonly at: number;
  readonly forecast: Forecast;
  readonly expiries: readonly Expiry[];
  /** A successor is published. */
  readonly published: boolean;
}

/** Sign-in breaks or works again, as the lab itself finds. */
export interface Turn {
  readonly at: number;
  readonly broken: boolean;
  /** AD FS by itself, the passing of time (a certificate ends), or an operator. */
  readonly by: 'AD FS' | 'time' | 'operator';
  readonly why: string;
}

export interface YearRun {
  readonly turns: readonly Turn[];
  readonly observations: readonly Observation[];
  readonly performed: readonly { readonly at: number; readonly what: Operation }[];
}

export interface RunYearOptions {
  /** Only so many operations are performed, the rest is left undone: what would happen if nobody did anything more. */
  readonly operations?: number;
  /** Make a forecast each morning at nine. */
  readonly observe: boolean;
}

/** A small seeded generator (mulberry32): the same year each time. */
function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/**
 * Drives the lab through one scenario: AD FS looks at its certificates every 12 hours (and when it starts), operators do what is planned, certificates
 * end, and each morning a forecast is made from what is published. Then on until the next break, without observing.
 */
export async function runYear(year: LabYear, scenario: YearScenario, { operations: most = Infinity, observe }: RunYearOptions): Promise<YearRun> {
  const { lab } = year;
  const { certificates } = lab.adfs;
  const random = randomOf(scenario.seed);
  // Not on a round hour: the moment AD FS made its certificate decides all later ones.
  const renewed = firstDay - (scenario.ageDays ?? 100) * dayMs + Math.floor(random() * 86_400) * 1000;
  await year.begin({ at: renewed, properties: scenario.properties ?? {}, crmEncryptionEndsAt: firstDay + (scenario.crmEncryptionEndsOnDay ?? 8000) * dayMs });

  const turns: Turn[] = [];
  const performed: { at: number; what: Operation }[] = [];
  const observations: Observation[] = [];
  let nextTick = firstDay + random() * tickMs;
  let nextObservation = observe ? firstDay + 9 * hourMs : Infinity;
  const restarts = Array.from({ length: scenario.restarts ?? 0 }, () => firstDay + random() * observedDays * dayMs).sort((a, b) => a - b);
  const plans = scenario.operations ?? [];
  const due: { at: number; what: Operation }[] = plans.flatMap(({ what, when }) => ('day' in when ? [{ what, at: firstDay + when.day * dayMs }] : []));
  const reader = observe ? createReader(year, scenario) : null;

  const broken = (): boolean => turns.at(-1)?.broken ?? false;
  const happened = (what: 'generated' | 'promoted' | 'broken', now: number): void => {
    for (const { what: operation, when } of plans) if ('after' in when && when.after === what) due.push({ what: operation, at: now + when.hours * hourMs });
    due.sort((a, b) => a.at - b.at);
  };
  const look = (now: number, by: Turn['by']): void => {
    const found = year.obstacles();
    if (found.length > 0 === broken()) return;
    turns.push({ at: now, broken: !broken(), by, why: found.join('; ') });
    if (broken()) happened('broken', now);
  };
  const tick = async (now: number): Promise<void> => {
    const step = await certificates.tick();
    nextTick = now + tickMs;
    if (step === 'none') return;
    happened(step === 'generated' ? 'generated' : 'promoted', now);
    look(now, 'AD FS');
  };
  const operate = async (now: number): Promise<void> => {
    const { what } = due.shift()!;
    if (performed.length >= most) return;
    const before = certificates.signingPrimary;
    await year.perform(what);
    performed.push({ at: now, what });
    if (certificates.signingPrimary !== before) happened('promoted', now);
    look(now, 'operator');
    // A repair ends with a sign-in that shows that it worked.
    if (!broken()) reader?.signedIn(now);
  };

  for (;;) {
    const ends = [certificates.signingPrimary.notAfter.getTime(), year.crmEncryptionEndsAt]
      .map((end) => end + 1000)
      .filter((end) => end > (turns.at(-1)?.at ?? firstDay) && !broken());
    const operation = due[0]?.at ?? Infinity;
    const end = Math.min(Infinity, ...ends);
    const now = Math.min(nextTick, nextObservation, operation, end, restarts[0] ?? Infinity);
    // Beyond the observed days the next break is all that is asked for.
    const over = now > firstDay + observedDays * dayMs && (broken() || (turns.at(-1)?.at ?? 0) > firstDay + observedDays * dayMs);
    if (now > horizonMs || over) return { turns, observations, performed };
    year.setTime(now);
    if (now === end) look(now, 'time');
    else if (now === operation) await operate(now);
    else if (now === restarts[0]) {
      restarts.shift();
      await tick(now);
    } else if (now === nextObservation) {
      observations.push(await reader!.observe(now, broken()));
      nextObservation += dayMs;
      if (nextObservation >= firstDay + observedDays * dayMs) nextObservation = Infinity;
    } else await tick(now);
  }
}

/** What a forecast reads: both documents (fetched again whenever they have changed), and the last good state a daily sign-in leaves. */
function createReader(year: LabYear, { told, properties, noHistory }: YearScenario) {
  const { certificates } = year.lab.adfs;
  const rollover: RolloverSettings = {
    generationDays: properties?.certificateGenerationThreshold ?? 20,
    promotionDays: properties?.certificatePromotionThreshold ?? 5,
    criticalDays: properties?.certificateCriticalThreshold ?? 2,
    ...told,
  };
  let key = '';
  let sts: Metadata;
  let crm: Metadata;
  let last: LastGood | null = null;
  const read = async (): Promise<void> => {
    const now = `${certificates.signingPrimary.sha1} ${certificates.signingSecondary?.sha1} ${year.crmEncryptionEndsAt}`;
    if (now === key) return;
    key = now;
    [sts, crm] = await Promise.all([
      year.publishedByAdfs().then((text) => readMetadata(text, year.lab.adfs.metadataUrl)),
      year.publishedByCrm().then((text) => readMetadata(text, year.lab.urls.internal)),
    ]);
  };
  const signedIn = (now: number): void => {
    if (!noHistory) last = lastGood('ifd', { savedAt: new Date(now).toISOString(), stsPrimarySha1: certificates.signingPrimary.sha1 });
  };
  return {
    signedIn,
    async observe(at: number, broken: boolean): Promise<Observation> {
      await read();
      const now = new Date(at).toISOString();
      const reading = stsCertificates(sts);
      const observation: Observation = {
        at,
        forecast: forecast({ stsMetadata: sts, lastGood: last, rollover, now, signedIn: 'unknown' }),
        expiries: expiries({ tls: [], stsMetadata: sts, crmMetadata: crm, settings: { url: year.lab.urls.internal, stsOrigin: year.lab.urls.sts }, now }),
        published: reading.known && successor(reading) !== null,
      };
      if (!broken) signedIn(at);
      return observation;
    },
  };
}
