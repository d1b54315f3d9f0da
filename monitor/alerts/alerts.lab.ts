import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import type { StoredResult } from '../../contracts/monitoring';
import type { Verdict } from '../../contracts/words';
import { endSlots } from '../testing/end-slot';
import { sampleMessage } from '../testing/sample-notice';
import { sampleOutcome } from '../testing/sample-result';
import { type OpenStore, openStore } from '../store/open-store';
import { alertPolicy } from './alert-policy';
import { alertRound, type AlertSettings } from './alert-engine';
import type { Channel, SendResult } from './channels/channel';
import { openChannel } from './channels/open-channel';
import { deliverDue } from './deliver';
import type { Message } from './message';
import { startAlerts } from './start-alerts';

const location = 'hq';
const targets = ['contoso', 'fabrikam', 'adatum'];
const settings: AlertSettings = {
  policy: alertPolicy({ after: 2, of: 3, gather: '1s' }),
  routes: [{ name: 'room', kind: 'webhook', from: 'info', events: null, targets: null }],
};

let folder: string;
let store: OpenStore;

test.describe('alerts on the real store', () => {
  test.describe.configure({ mode: 'serial' });
  test.beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'signin-probe-alerts-'));
    store = await openStore({ folder });
  });
  test.afterAll(async () => {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  });

  let second = 0;
  /** One slot for each target ends with this verdict. */
  async function slots(verdict: Verdict, changes: Partial<StoredResult> = {}, which: readonly string[] = targets): Promise<void> {
    const at = new Date(Math.floor(Date.now() / 1000) * 1000 - 3_600_000 + second++ * 1000);
    const keys = which.map((target) => ({ target, route: 'ifd' as const, location }));
    await endSlots(store, keys, at, [sampleOutcome(verdict, changes)]);
  }
  const later = (seconds: number): Date => new Date(Date.now() + seconds * 1000);

  /** A channel that fails so often, then takes everything. */
  function channel(failures: number): { got: Message[]; tries: string[]; map: Map<string, Channel> } {
    const got: Message[] = [];
    const tries: string[] = [];
    const send = async (message: Message): Promise<SendResult> => {
      tries.push(`${message.notice.event} ${message.deliveryId}`);
      if (tries.length <= failures) return { ok: false, why: 'not yet' };
      got.push(message);
      return { ok: true, note: 'taken' };
    };
    return { got, tries, map: new Map([['room', { name: 'room', kind: 'webhook', send }]]) };
  }

  test('two servers at once and a restart between: one alert, one message, nothing lost', async () => {
    await slots('broken');
    expect(await alertRound(store, settings)).toMatchObject({ enqueued: 0, slots: { length: 3 } });
    await slots('broken');
    // The store keeps everything: closing it is what a restart does.
    await store.close();
    store = await openStore({ folder });
    const rounds = await Promise.all([1, 2, 3].map(() => alertRound(store, settings, later(0))));
    expect(rounds.flatMap((round) => round?.slots ?? [])).toHaveLength(3);
    await Promise.all([1, 2, 3].map(() => alertRound(store, settings, later(2))));
    await alertRound(store, settings, later(3));
    const alerts = await store.openAlerts();
    expect(alerts).toHaveLength(1);
    expect(alerts[0]).toMatchObject({ kb: '2686840', members: { length: 3 }, severity: 'critical' });
    expect((await store.alert(alerts[0]!.id))?.deliveries).toMatchObject([{ event: 'opened', state: 'pending', channel: 'room' }]);
  });

  test('a delivery is tried again with the same id, later each time; the recovery waits until the alert was told', async () => {
    const { got, tries, map } = channel(2);
    const options = { channels: map, baseUrl: 'https://probe.contoso.test' };
    let clock = Date.now() + 10_000;
    const now = (): Date => new Date(clock);
    await deliverDue(store, options, now);
    await slots('healthy');
    await slots('healthy');
    expect(await alertRound(store, settings, now())).toMatchObject({ enqueued: 1 });
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
    expect(got[1]?.notice.alert.members.map(({ target }) => target).toSorted()).toEqual(targets.toSorted());
    expect(got[0]?.links.alert).toBe(`https://probe.contoso.test/alerts/${id}`);
    expect(await deliverDue(store, options, () => later(7200))).toBe(0);
  });

  test('what cannot be delivered is given up after half a day, with a record; a channel that was removed at once', async () => {
    const id = await store.enqueueDelivery({ alertId: null, event: 'test', channel: 'gone', payload: {} });
    await deliverDue(store, { channels: new Map(), baseUrl: null }, () => later(1));
    const rows = await store.db.query<{ state: string; last_error: string }>('SELECT state, last_error FROM deliveries WHERE id = $1', [id]);
    expect(rows).toEqual([{ state: 'failed', last_error: 'The channel is no longer in the configuration.' }]);

    await slots('broken');
    await slots('broken');
    await alertRound(store, settings);
    await alertRound(store, settings, later(2));
    const [alert] = await store.openAlerts();
    const { map, tries } = channel(1_000);
    let clock = Date.now();
    for (let hour = 0; hour < 30; hour++) {
      clock += 1_800_000;
      await deliverDue(store, { channels: map, baseUrl: null }, () => new Date(clock));
    }
    const deliveries = (await store.alert(alert!.id))?.deliveries;
    expect(deliveries).toMatchObject([{ state: 'failed', lastError: expect.stringMatching(/^Given up after \d+ tries: not yet$/) }]);
    expect(tries.length).toBeGreaterThan(10);
  });

  test('stopping does not wait for a receiver that never answers; its message is tried again after the start', async () => {
    await slots('healthy');
    const silent = createServer(() => undefined);
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    process.env.ALERTS_TEST_URL = `http://127.0.0.1:${(silent.address() as AddressInfo).port}/`;
    const inFolder = { path: (path: string) => path, secret: (reference: string) => reference };
    const hanging = openChannel({ name: 'room', slack: { url: 'env:ALERTS_TEST_URL' } }, inFolder);
    const id = await store.enqueueDelivery({ alertId: null, event: 'test', channel: 'room', payload: sampleMessage().notice });
    const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
    const running = startAlerts({ store, alerting: { ...settings, channels: [hanging], baseUrl: null }, log, everyMs: 100 });
    await expect.poll(() => new Promise<number>((resolve) => silent.getConnections((_, count) => resolve(count)))).toBe(1);
    const stopping = Date.now();
    await running.stop();
    expect(Date.now() - stopping).toBeLessThan(5_000);
    silent.close();
    const [row] = await store.db.query<{ state: string; attempts: number }>('SELECT state, attempts FROM deliveries WHERE id = $1', [id]);
    expect(row).toEqual({ state: 'pending', attempts: 1 });
    await store.deliveryResult(id, { ok: true });
  });

  test('the loop of watch sends soon after a slot ended, tells the metrics of each slot once, and ends when asked', async () => {
    const { got, map } = channel(0);
    const seen: string[] = [];
    const alerting = { ...settings, policy: alertPolicy({ after: 1, of: 1, gather: '1s' }), channels: [...map.values()], baseUrl: null };
    const log = { info: () => undefined, warn: () => undefined, error: (text: string) => void seen.push(text) };
    const running = startAlerts({ store, alerting, log, everyMs: 100, onEvaluated: (ended) => void seen.push(...ended.map(({ id }) => id)) });
    await slots('healthy');
    await expect.poll(() => got.map(({ notice }) => notice.event)).toContain('recovered');
    await running.stop();
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toHaveLength(3);
  });
});
