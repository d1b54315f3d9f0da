import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { noPostgres, startPostgres } from '../testing/start-postgres';
import { sampleOutcome } from '../testing/sample-result';
import { claimSlots, handBack, renewClaims } from './lifecycle/claim';
import { finishSlot } from './lifecycle/finish';
import { beat, noteRunner } from './lifecycle/heartbeat';
import { type KnownSeries, recordPlans, recordSeries, withdraw } from './lifecycle/plan';
import { sweep } from './lifecycle/sweep';
import { type OpenStore, openStore } from './open-store';

interface Place {
  readonly store: OpenStore;
  readonly close: () => Promise<void>;
}

const places: Readonly<Record<string, () => Promise<Place>>> = {
  embedded: async () => {
    const folder = await mkdtemp(join(tmpdir(), 'signin-probe-store-'));
    const store = await openStore({ folder });
    return {
      store,
      close: async () => {
        await store.close();
        await rm(folder, { recursive: true, force: true });
      },
    };
  },
  postgres: async () => {
    const server = await startPostgres();
    const store = await openStore({ url: server.url });
    return {
      store,
      close: async () => {
        await store.close();
        await server.stop();
      },
    };
  },
};

const at = (secondsFromNow: number): Date => new Date(Math.floor(Date.now() / 1000) * 1000 + secondsFromNow * 1000);
const worker = (location: string, leaseMs = 30_000) => ({ location, runner: `test@${location}`, leaseMs });

for (const [kind, open] of Object.entries(places))
  test.describe(`the store, ${kind}`, () => {
    test.describe.configure({ mode: 'serial' });
    test.skip(kind === 'postgres' && noPostgres() !== null, noPostgres() ?? '');
    let place: Place;
    test.beforeAll(async () => {
      place = await open();
    });
    test.afterAll(() => place.close());

    /** One series of its own, with slots at these offsets; each may begin for a minute. */
    async function planned(location: string, offsets: readonly number[], target = 'contoso'): Promise<KnownSeries> {
      const { db, queue } = place.store;
      const [series] = await recordSeries(db, queue, [{ target, route: 'ifd', location }]);
      if (!series) throw new Error('no series');
      const slots = offsets.map((offset) => ({ at: at(offset), startBefore: at(offset + 60), missed: null }));
      expect(await recordPlans(db, queue, [{ series, until: at(600), slots }])).toBe(offsets.length);
      return series;
    }

    test('a slot planned by three is one slot, and of six who claim it one gets it', async () => {
      const { db, queue } = place.store;
      const [series] = await recordSeries(db, queue, [{ target: 'contoso', route: 'internal', location: 'one' }]);
      if (!series) throw new Error('no series');
      const slots = [{ at: at(-1), startBefore: at(60), missed: null }];
      const fresh = await Promise.all([1, 2, 3].map(() => recordPlans(db, queue, [{ series, until: at(600), slots }])));
      expect(fresh.toSorted()).toEqual([0, 0, 1]);
      const claims = await Promise.all([1, 2, 3, 4, 5, 6].map(() => claimSlots(db, queue, worker('one'), 4)));
      expect(claims.flat()).toHaveLength(1);
      expect(claims.flat()[0]).toMatchObject({ target: 'contoso', route: 'internal', location: 'one', attempt: 1 });
    });

    test('what is not due yet is not handed out, nor anything of another location', async () => {
      await planned('two', [120]);
      await planned('three', [-1]);
      const { db, queue } = place.store;
      expect(await claimSlots(db, queue, worker('two'), 4)).toEqual([]);
      expect(await claimSlots(db, queue, worker('three'), 4)).toHaveLength(1);
    });

    test('a broken sign-in that was repeated in vain is broken; one whose repetition worked is flaky, with both attempts kept', async () => {
      await planned('four', [-2, -1]);
      const { db, queue, ...store } = place.store;
      const [first, second] = await claimSlots(db, queue, worker('four'), 2);
      if (!first || !second) throw new Error('no claims');
      const broken = sampleOutcome('broken');
      expect(await finishSlot(db, queue, first, [broken, { ...broken, reason: 'confirming' }])).toBe('broken');
      expect(await finishSlot(db, queue, second, [broken, { ...sampleOutcome('healthy'), reason: 'confirming' }])).toBe('flaky');
      const flaky = await store.slot(second.slotId);
      expect(flaky?.slot).toMatchObject({ state: 'flaky', attempts: 2, cause: 'adfs-signing-cert-rolled' });
      expect(flaky?.attempts.map(({ verdict, reason }) => `${reason} ${verdict}`)).toEqual(['first broken', 'confirming healthy']);
      const [overview] = (await store.overview()).filter(({ location }) => location === 'four');
      expect(overview?.last24h).toMatchObject({ planned: 2, broken: 1, flaky: 1 });
    });

    test('whoever lost the claim cannot end the slot any more', async () => {
      await planned('five', [-1]);
      const { db, queue, ...store } = place.store;
      const [lost] = await claimSlots(db, queue, worker('five', 1), 1);
      if (!lost) throw new Error('no claim');
      await expect.poll(async () => (await sweep(db, queue)).map(({ state }) => state)).toContain('planned');
      expect(await renewClaims(db, [lost], worker('five'))).toEqual([lost.claim]);
      const [again] = await claimSlots(db, queue, worker('five'), 1);
      expect(again).toMatchObject({ slotId: lost.slotId, attempt: 2 });
      expect(await finishSlot(db, queue, lost, [sampleOutcome('broken')])).toBeNull();
      expect(await finishSlot(db, queue, again ?? lost, [sampleOutcome('healthy')])).toBe('healthy');
      const kept = await store.slot(lost.slotId);
      expect(kept?.attempts).toMatchObject([
        { n: 1, verdict: null, why: 'test@five stopped answering.' },
        { n: 2, reason: 'again', verdict: 'healthy' },
      ]);
    });

    test('a slot handed back is run by the next who asks', async () => {
      await planned('six', [-1]);
      const { db, queue } = place.store;
      const [claim] = await claimSlots(db, queue, worker('six'), 1);
      if (!claim) throw new Error('no claim');
      expect(await handBack(db, queue, claim, 'stopped')).toBe(true);
      expect(await claimSlots(db, queue, worker('six'), 1)).toMatchObject([{ slotId: claim.slotId, attempt: 2 }]);
    });

    test('a slot nobody began in time is missed, and says why; within maintenance it is not counted', async () => {
      const { db, queue, ...store } = place.store;
      const [series] = await recordSeries(db, queue, [{ target: 'contoso', route: 'ifd', location: 'seven' }]);
      if (!series) throw new Error('no series');
      await recordPlans(db, queue, [
        {
          series,
          until: at(600),
          slots: [
            { at: at(-300), startBefore: at(-240), missed: null },
            { at: at(-240), startBefore: at(-180), missed: null },
            { at: at(-180), startBefore: at(-120), missed: 'not-running' },
          ],
        },
      ]);
      await db.query(`INSERT INTO windows VALUES ('w', 'maintenance', '{contoso}', $1, $2, 'patch day', 'ops')`, [at(-310), at(-290)]);
      await sweep(db, queue);
      const slots = await store.slots({ location: 'seven' });
      expect(slots.map(({ state, missedBecause, why }) => [state, missedBecause, why])).toEqual([
        ['missed', 'not-running', 'Nobody was there to plan or to run it.'],
        ['missed', 'no-agent', 'Nobody was there to work for the location.'],
        ['maintenance', null, 'patch day'],
      ]);
      const [overview] = (await store.overview()).filter(({ location }) => location === 'seven');
      expect(overview?.last24h).toMatchObject({ planned: 2, missed: 2, maintenance: 1 });
      await db.query(`DELETE FROM windows`);
    });

    test('where the only runner was last heard of by a clock that was set back since, a missed slot says that nobody was there', async () => {
      const { db, queue, ...store } = place.store;
      const runner = { name: 'agent@ghosts', kind: 'agent', location: 'ghosts', tool: '1.0.0', capacity: 1, running: 0 } as const;
      await noteRunner(db, runner);
      const because: unknown[] = [];
      for (const ahead of ['0 seconds', '1 hour']) {
        await db.query(`UPDATE runners SET last_seen_at = now() + $1::interval WHERE name = $2`, [ahead, runner.name]);
        const [series] = await recordSeries(db, queue, [{ target: ahead, route: 'ifd', location: 'ghosts' }]);
        if (!series) throw new Error('no series');
        await recordPlans(db, queue, [{ series, until: at(600), slots: [{ at: at(-240), startBefore: at(-180), missed: null }] }]);
        await sweep(db, queue);
        because.push((await store.slots({ target: ahead })).map(({ missedBecause }) => missedBecause));
      }
      expect(because).toEqual([['overloaded'], ['no-agent']]);
      await db.query('DELETE FROM runners WHERE name = $1', [runner.name]);
    });

    test('slots no longer in the schedule are withdrawn unless they are due', async () => {
      const series = await planned('eight', [-1, 60, 120]);
      const { db, queue, ...store } = place.store;
      const [last, next] = (await store.slots({ location: 'eight' })).map(({ slotAt }) => new Date(slotAt));
      expect(await withdraw(db, series.id, [last!], new Date())).toBe(1);
      expect((await store.slots({ location: 'eight' })).map(({ state }) => state)).toEqual(['planned', 'withdrawn', 'planned']);
      // Planned anew, it is the same slot again.
      await recordPlans(db, queue, [{ series, until: at(600), slots: [{ at: next!, startBefore: last!, missed: null }] }]);
      expect((await store.slots({ location: 'eight' })).map(({ state }) => state)).toEqual(['planned', 'planned', 'planned']);
    });

    test('every read of the page works on what is there', async () => {
      const { store } = place;
      const span = { from: at(-3600).toISOString(), to: at(3600).toISOString() };
      expect((await store.timeline('contoso', span)).series.length).toBeGreaterThan(5);
      for (const days of [20, 80])
        expect((await store.timeline('contoso', { ...span, from: at(-days * 86_400).toISOString() })).series.length).toBeGreaterThan(5);
      expect(await store.certificates()).toEqual([]);
      expect((await store.queues()).find(({ location }) => location === 'one')).toMatchObject({ running: 1 });
      expect(await store.runNow({ target: 'contoso', route: 'ifd', location: 'one' })).toBeNull();
      const id = await store.runNow({ target: 'contoso', route: 'internal', location: 'one' });
      expect(await store.slot(id ?? '')).toMatchObject({ slot: { origin: 'manual', state: 'planned' } });
      expect((await store.endedSince(span.from)).length).toBeGreaterThan(3);
      const ended = await store.unevaluated();
      expect(ended.length).toBeGreaterThan(3);
      await store.markEvaluated(ended.map((slot) => slot.id));
      expect(await store.unevaluated()).toEqual([]);
      expect(await store.latest({ target: 'contoso', route: 'ifd', location: 'four' }, 1)).toMatchObject([{ state: 'flaky' }]);
      expect(await store.report('none')).toBeNull();
      expect(await store.slots({ states: ['broken'] })).toHaveLength(1);
    });

    test('a result with a character that Postgres has no place for is taken, with a box instead of it', async () => {
      const { db, queue } = place.store;
      await planned('odd-text', [-1], 'fabrikam');
      const [claim] = await claimSlots(db, queue, worker('odd-text'), 1);
      expect(await finishSlot(db, queue, claim!, [sampleOutcome('at-risk', { summary: 'an error page: "a\0b"' })])).toBe('at-risk');
      expect(await place.store.slot(claim!.slotId)).toMatchObject({ slot: { why: 'an error page: "a\u25A1b"' } });
      expect(await db.query('SELECT $1::text[] AS subjects', [['CN=a\0b']])).toEqual([{ subjects: ['CN=a\u25A1b'] }]);
      await place.store.enqueueDelivery({ alertId: null, event: 'test', channel: 'odd', payload: { text: 'CN=a\0b' } });
      expect(await place.store.takeDeliveries({ limit: 1, leaseMs: 1_000, except: [] })).toMatchObject([{ payload: { text: 'CN=a\u25A1b' } }]);
    });

    test('after an outage every slot that ran out meanwhile says so, however many there are', async () => {
      const { db, queue } = place.store;
      await planned(
        'outage',
        Array.from({ length: 600 }, (_, n) => -1_000 + n),
      );
      const { swept } = await beat(db, { startedAt: at(-2_000), now: new Date(), storeFailed: true, outageAfterMs: 15_000 });
      expect(swept).toHaveLength(600);
      await sweep(db, queue);
      const [{ reasons } = { reasons: [] }] = await db.query<{ reasons: string[] }>(
        `SELECT array_agg(DISTINCT s.missed_because) AS reasons FROM slots s JOIN series r ON r.id = s.series_id WHERE r.location = 'outage'`,
        [],
      );
      expect(reasons).toEqual(['store-down']);
    });
  });
