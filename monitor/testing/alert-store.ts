import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from '@playwright/test';
import type { StoredResult } from '../../contracts/monitoring';
import type { Verdict } from '../../contracts/words';
import type { AlertSettings } from '../alerts/alert-engine';
import { alertPolicy } from '../alerts/alert-policy';
import type { Channel, SendResult } from '../alerts/channels/channel';
import type { Message } from '../alerts/message';
import { type OpenStore, openStore, type StorePlace } from '../store/open-store';
import { endSlots } from './end-slot';
import { sampleOutcome } from './sample-result';
import { noPostgres, startPostgres } from './start-postgres';

/** The stores that tests of alerts run on. */
export const alertStores = ['embedded', 'postgres'] as const;

interface AlertStore {
  readonly place: StorePlace;
  readonly remove: () => Promise<void>;
}

/** An empty place for a store; `remove` once it is closed. */
async function alertStore(kind: (typeof alertStores)[number]): Promise<AlertStore> {
  if (kind === 'postgres') {
    const server = await startPostgres();
    return { place: { url: server.url }, remove: () => server.stop() };
  }
  const folder = await mkdtemp(join(tmpdir(), 'signin-probe-alerts-'));
  return { place: { folder }, remove: () => rm(folder, { recursive: true, force: true }) };
}

export const alertTargets: readonly string[] = ['contoso', 'fabrikam', 'adatum'];

export const alertSettings: AlertSettings = {
  policy: alertPolicy({ after: 2, of: 3, gather: '1s' }),
  routes: [{ name: 'room', kind: 'webhook', from: 'info', events: null, targets: null }],
};

export const later = (seconds: number): Date => new Date(Date.now() + seconds * 1000);

/** Ends one slot for each target with a verdict, each time a second later than before. */
export function slotsOn(store: () => OpenStore): (verdict: Verdict, changes?: Partial<StoredResult>, which?: readonly string[]) => Promise<void> {
  let second = 0;
  return async (verdict, changes = {}, which = alertTargets) => {
    const at = new Date(Math.floor(Date.now() / 1000) * 1000 - 3_600_000 + second++ * 1000);
    const keys = which.map((target) => ({ target, route: 'ifd' as const, location: 'hq' }));
    await endSlots(store(), keys, at, [sampleOutcome(verdict, changes)]);
  };
}

/** A channel `room` that fails so often, then takes everything. */
export function failingChannel(failures: number): { got: Message[]; tries: string[]; map: Map<string, Channel> } {
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

/**
 * For all tests of a `describe`: a store of this kind, closed and removed afterwards; skipped, with the reason, where there is no Postgres.
 * A test may open it anew.
 */
export function openedForAll(
  kind: (typeof alertStores)[number],
  { take, current }: { readonly take: (store: OpenStore, place: StorePlace) => void; readonly current: () => OpenStore },
): void {
  let opened: AlertStore | null = null;
  test.beforeAll(async () => {
    const why = kind === 'postgres' ? noPostgres() : null;
    test.skip(why !== null, why ?? '');
    opened = await alertStore(kind);
    take(await openStore(opened.place), opened.place);
  });
  test.afterAll(async () => {
    if (opened) await current().close();
    await opened?.remove();
  });
}
