import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { type OpenStore, openStore, type StorePlace } from '../store/open-store';
import { alertSettings, alertStores, failingChannel, later, openedForAll, slotsOn } from '../testing/alert-store';
import { sampleMessage } from '../testing/sample-notice';
import { noPostgres } from '../testing/start-postgres';
import { alertRound } from './alert-engine';
import { alertPolicy } from './alert-policy';
import type { Channel } from './channels/channel';
import { openChannel } from './channels/open-channel';
import { deliverDue } from './deliver';
import { startAlerts } from './start-alerts';

let store: OpenStore;

for (const kind of alertStores)
  test.describe(`delivery from the real store, ${kind}`, () => {
    test.describe.configure({ mode: 'serial' });
    let place: StorePlace;
    const slots = slotsOn(() => store);
    openedForAll(kind, {
      take: (first, at) => ([store, place] = [first, at]),
      current: () => store,
    });

    test('what cannot be delivered is given up after half a day, with a record; a channel that was removed at once', async () => {
      const id = await store.enqueueDelivery({ alertId: null, event: 'test', channel: 'gone', payload: {} });
      await deliverDue(store, { channels: new Map(), baseUrl: null }, () => later(1));
      const rows = await store.db.query<{ state: string; last_error: string }>('SELECT state, last_error FROM deliveries WHERE id = $1', [id]);
      expect(rows).toEqual([{ state: 'failed', last_error: 'The channel is no longer in the configuration.' }]);

      await slots('broken');
      await slots('broken');
      await alertRound(store, alertSettings);
      await alertRound(store, alertSettings, later(2));
      const [alert] = await store.openAlerts();
      const { map, tries } = failingChannel(1_000);
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
      const running = startAlerts({ store, alerting: { ...alertSettings, channels: [hanging], baseUrl: null }, log, everyMs: 100 });
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
      const { got, map } = failingChannel(0);
      const seen: string[] = [];
      const alerting = { ...alertSettings, policy: alertPolicy({ after: 1, of: 1, gather: '1s' }), channels: [...map.values()], baseUrl: null };
      const log = { info: () => undefined, warn: () => undefined, error: (text: string) => void seen.push(text) };
      const running = startAlerts({ store, alerting, log, everyMs: 100, onEvaluated: (ended) => void seen.push(...ended.map(({ id }) => id)) });
      await slots('healthy');
      await expect.poll(() => got.map(({ notice }) => notice.event)).toContain('recovered');
      await running.stop();
      expect(new Set(seen).size).toBe(seen.length);
      expect(seen).toHaveLength(3);
    });

    test('a receiver that does not answer delays neither the rules nor the messages of other channels', async () => {
      const { got, map } = failingChannel(0);
      let asked = 0;
      const send: Channel['send'] = (_, signal) =>
        new Promise((resolve) => {
          asked += 1;
          signal?.addEventListener('abort', () => resolve({ ok: false, why: 'ended' }));
        });
      const routes = ['slow', 'room'].map((name) => ({ name, kind: 'webhook' as const, from: 'info' as const, events: null, targets: null }));
      const policy = alertPolicy({ after: 1, of: 1, gather: '1s' });
      const alerting = { policy, routes, channels: [{ name: 'slow', kind: 'webhook' as const, send }, ...map.values()], baseUrl: null };
      const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
      const running = startAlerts({ store, alerting, log, everyMs: 100 });
      await slots('broken');
      await expect.poll(() => [asked, got.map(({ notice }) => notice.event)]).toEqual([1, ['opened']]);
      await slots('healthy');
      await expect.poll(() => got.map(({ notice }) => notice.event)).toEqual(['opened', 'recovered']);
      expect(asked).toBe(1);
      await running.stop();
      await store.db.query(`DELETE FROM deliveries WHERE channel = 'slow'`, []);
    });

    test('a clock that is set back delays no message for as long, and loses none', async () => {
      const { got, map, tries } = failingChannel(1);
      const options = { channels: map, baseUrl: null };
      const payload = sampleMessage().notice;
      const alert = (await store.alerts({ limit: 1 }))[0]!;
      const opened = await store.enqueueDelivery({ alertId: alert.id, event: 'opened', channel: 'room', payload }, store.db);
      const twoHoursBack = (): Date => later(-7_200);
      expect(await deliverDue(store, options)).toBe(1);
      expect([tries.length, got.length]).toEqual([1, 0]);
      // It was to be tried again in 15 s; never tried ones do not wait either.
      expect(await deliverDue(store, options, twoHoursBack)).toBe(1);
      expect(got).toHaveLength(1);
      await store.db.query(`UPDATE deliveries SET created_at = created_at + interval '2 hours' WHERE id = $1`, [opened]);
      await store.enqueueDelivery({ alertId: alert.id, event: 'recovered', channel: 'room', payload: { ...payload, event: 'recovered' } });
      expect(await deliverDue(store, options, twoHoursBack)).toBe(1);
      expect(got.map(({ notice }) => notice.event)).toEqual(['opened', 'recovered']);
    });

    test('killed between "sent" and "recorded": the message is sent again with the same id, and recorded', async () => {
      // The embedded store's own recovery takes long, and has its own test (monitor/store/power-loss.lab.ts).
      test.skip(kind === 'embedded' && noPostgres() === null, 'done on Postgres, which is faster');
      const ids: (string | undefined)[] = [];
      let sender: ReturnType<typeof spawn> | null = null;
      const receiver = createServer((request, response) => {
        ids.push(request.headers['x-signin-probe-delivery'] as string | undefined);
        // It has the message, and whoever sent it does not live to hear so.
        sender?.kill('SIGKILL');
        request.resume().on('end', () => response.writeHead(204).end());
      });
      await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
      process.env.ALERTS_TEST_URL = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`;
      process.env.ALERTS_TEST_SECRET = 'for the test only';
      const id = await store.enqueueDelivery({ alertId: null, event: 'test', channel: 'room', payload: sampleMessage().notice });
      await store.close();
      sender = spawn(process.execPath, ['-r', 'ts-node/register', join(__dirname, '..', 'testing', 'send-alerts.ts'), JSON.stringify(place)], {
        stdio: 'inherit',
      });
      const [, signal] = (await once(sender, 'exit')) as [number | null, string | null];
      sender = null;
      expect(signal).toBe('SIGKILL');
      store = await openStore(place);
      const inFolder = { path: (path: string) => path, secret: (reference: string) => reference };
      const room = openChannel({ name: 'room', webhook: { url: 'env:ALERTS_TEST_URL', secret: 'env:ALERTS_TEST_SECRET' } }, inFolder);
      const options = { channels: new Map([['room', room]]), baseUrl: null };
      expect(await deliverDue(store, options)).toBe(0);
      expect(await deliverDue(store, options, () => later(121))).toBe(1);
      receiver.close();
      expect(ids).toEqual([id, id]);
      const [row] = await store.db.query<{ state: string; attempts: number }>('SELECT state, attempts FROM deliveries WHERE id = $1', [id]);
      expect(row).toEqual({ state: 'sent', attempts: 2 });
    });

    test('a message is not given up because the machine was asleep', async () => {
      const { got, map } = failingChannel(1);
      const id = await store.enqueueDelivery({ alertId: null, event: 'test', channel: 'room', payload: sampleMessage().notice });
      const inADay = (): Date => later(86_400);
      await deliverDue(store, { channels: map, baseUrl: null }, inADay);
      const [row] = await store.db.query<{ state: string }>('SELECT state FROM deliveries WHERE id = $1', [id]);
      expect(row?.state).toBe('pending');
      await deliverDue(store, { channels: map, baseUrl: null }, () => later(86_460));
      expect(got).toHaveLength(1);
    });

    test('messages go out though metrics fail, and though the rules do', async () => {
      const { got, map } = failingChannel(0);
      const alerting = { ...alertSettings, channels: [...map.values()], baseUrl: null };
      const errors: string[] = [];
      const log = { info: () => undefined, warn: () => undefined, error: (text: string) => void errors.push(text) };
      await slots('healthy');
      await store.enqueueDelivery({ alertId: null, event: 'test', channel: 'room', payload: sampleMessage().notice });
      const running = startAlerts({ store, alerting, log, everyMs: 100, onEvaluated: () => Promise.reject(new Error('metrics fail')) });
      await expect.poll(() => got.length, { timeout: 3_000 }).toBe(1);
      await running.stop();
      const failing = startAlerts({ store: { ...store, openAlerts: () => Promise.reject(new Error('a rule fails')) }, alerting, log, everyMs: 100 });
      await store.enqueueDelivery({ alertId: null, event: 'test', channel: 'room', payload: sampleMessage().notice });
      await expect.poll(() => got.length, { timeout: 3_000 }).toBe(2);
      await failing.stop();
      expect(errors.join(' ')).toMatch(/metrics fail.*a rule fails/);
    });
  });
