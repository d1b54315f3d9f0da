import { expect, test } from '@playwright/test';
import { type OpenStore, openStore, type StorePlace } from '../store/open-store';
import { alertSettings, alertStores, alertTargets, failingChannel, later, openedForAll, slotsOn } from '../testing/alert-store';
import { alertRound } from './alert-engine';
import { alertPolicy } from './alert-policy';
import { deliverDue } from './deliver';
import { messageText } from './message';

let store: OpenStore;

for (const kind of alertStores)
  test.describe(`alerts on the real store, ${kind}`, () => {
    test.describe.configure({ mode: 'serial' });
    let place: StorePlace;
    const slots = slotsOn(() => store);
    openedForAll(kind, {
      take: (first, at) => ([store, place] = [first, at]),
      current: () => store,
    });

    test('two servers at once and a restart between: one alert, one message, nothing lost', async () => {
      await slots('broken');
      expect(await alertRound(store, alertSettings)).toMatchObject({ enqueued: 0, slots: { length: 3 } });
      await slots('broken');
      // The store keeps everything: closing it is what a restart does.
      await store.close();
      store = await openStore(place);
      const rounds = await Promise.all([1, 2, 3].map(() => alertRound(store, alertSettings, later(0))));
      expect(rounds.flatMap((round) => round?.slots ?? [])).toHaveLength(3);
      await Promise.all([1, 2, 3].map(() => alertRound(store, alertSettings, later(2))));
      await alertRound(store, alertSettings, later(3));
      const alerts = await store.openAlerts();
      expect(alerts).toHaveLength(1);
      expect(alerts[0]).toMatchObject({ kb: '2686840', members: { length: 3 }, severity: 'critical' });
      expect((await store.alert(alerts[0]!.id))?.deliveries).toMatchObject([{ event: 'opened', state: 'pending', channel: 'room' }]);
    });

    test('a delivery is tried again with the same id, later each time; the recovery waits until the alert was told', async () => {
      const { got, tries, map } = failingChannel(2);
      const options = { channels: map, baseUrl: 'https://probe.contoso.test' };
      let clock = Date.now() + 10_000;
      const now = (): Date => new Date(clock);
      await deliverDue(store, options, now);
      await slots('healthy');
      await slots('healthy');
      expect(await alertRound(store, alertSettings, now())).toMatchObject({ enqueued: 1 });
      const [{ id = '' } = {}] = await store.alerts();
      for (let minute = 0; minute < 6 && got.length < 2; minute++) {
        clock += 60_000;
        await deliverDue(store, options, now);
      }
      expect(got.map(({ notice }) => notice.event)).toEqual(['opened', 'recovered']);
      expect(new Set(tries.filter((each) => each.startsWith('opened'))).size).toBe(1);
      expect(tries).toHaveLength(4);
      expect((await store.alert(id))?.deliveries).toMatchObject([
        { event: 'opened', state: 'sent', attempts: 3, lastError: null },
        { event: 'recovered', state: 'sent' },
      ]);
      // The recovery lists what had been told, though nothing is a member any more.
      expect(got[1]?.notice.alert.members.map(({ target }) => target).toSorted()).toEqual(alertTargets.toSorted());
      expect(got[0]?.links.alert).toBe(`https://probe.contoso.test/alerts/${id}`);
      expect(await deliverDue(store, options, () => later(7200))).toBe(0);
    });

    test('a forecast and its end are one alert each, also where another server looked before the end', async () => {
      const breaksAt = new Date(Date.now() + 6 * 86_400_000).toISOString();
      const sts = 'https://sts.slow.test';
      const forecast = (at: string | null) => ({ sts, forecast: { state: 'steady' as const, breaksAt: at, toleranceHours: 0, why: 'as the test wishes' } });
      await slots('healthy', forecast(breaksAt));
      await alertRound(store, alertSettings);
      expect(await store.openAlerts()).toMatchObject([{ kind: 'forecast' }]);
      const slow: typeof store = {
        ...store,
        overview: async (options) => {
          const before = await store.overview(options);
          if (kind === 'postgres') await slots('healthy', forecast(null));
          if (kind === 'postgres') await alertRound(store, alertSettings);
          return before;
        },
      };
      await alertRound(slow, alertSettings);
      await slots('healthy', forecast(null));
      await alertRound(store, alertSettings);
      expect(await store.openAlerts()).toEqual([]);
      expect((await store.alerts()).filter((alert) => alert.sts === sts)).toMatchObject([{ state: 'recovered', members: { length: 3 } }]);
    });

    test('who recovered when is in the store, and in the message', async () => {
      const sts = 'https://sts.parts.test';
      const parts = ['part-a', 'part-b', 'part-c'];
      const round = (seconds: number) => alertRound(store, { ...alertSettings, policy: alertPolicy({ after: 1, of: 1, remind: '1h' }) }, later(seconds));
      await slots('broken', { sts }, parts);
      await round(0);
      await slots('healthy', { sts }, ['part-a']);
      await round(60);
      await round(3_700);
      const [alert] = await store.openAlerts();
      expect(alert?.members.map(({ target, left }) => [target, left?.how])).toEqual(
        expect.arrayContaining([
          ['part-a', 'recovered'],
          ['part-b', undefined],
          ['part-c', undefined],
        ]),
      );
      const { got, map } = failingChannel(0);
      // One after the other: messages of one alert keep their order.
      for (let minute = 0; minute < 3; minute++) await deliverDue(store, { channels: map, baseUrl: null }, () => later(3_700 + minute * 60));
      const mine = got.filter(({ notice }) => notice.alert.id === alert?.id);
      expect(mine.map((message) => messageText(message).subject.replace(/.*\] ([A-Z ]+):.*, /, '$1, '))).toEqual([
        'BROKEN, 3 targets',
        'STILL BROKEN, 2 of 3 targets',
      ]);
      expect(messageText(mine[1]!).targets.at(-1)).toMatch(/^part-a: IFD, from hq, recovered \d/);
      await slots('healthy', { sts }, parts);
      await round(3_800);
      expect((await store.timeline('part-a', { from: later(-86_400).toISOString(), to: later(86_400).toISOString() })).alerts).toContainEqual(
        expect.objectContaining({ id: alert?.id, state: 'recovered' }),
      );
    });
  });
