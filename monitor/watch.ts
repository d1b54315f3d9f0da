import type { Logger } from 'winston';
import { resolveSecret } from '../probes/secrets';
import { type BrowserChoice, BrowserPool } from '../probes/browser';
import { ProbeFault } from '../contracts/probe-fault';
import { refuseShortPasswords } from '../runs/account-passwords';
import { capacity } from './slots/capacity';
import { type Control, startControl } from './control/control';
import { controlRoutes } from './control/control-routes';
import { registerAgents } from './fleet/agent-interface';
import { type HttpOptions, type HttpPart, type HttpServer, startHttp } from './server/http';
import { type MonitorSettings, readMonitorSettings, watchedText } from './settings/monitor-settings';
import { Planner, watchName } from './slots/planner';
import { pruneRunFolders } from './slots/retention';
import { slotRunner } from './slots/run-slot';
import { type Lease, storeSource, usualLease } from './slots/store-source';
import { type OpenStore, openStore, type StorePlace } from './store/open-store';
import { type Runner, WorkerPool } from './slots/worker-pool';

/** What else runs within `watch`: alerts, metrics, the web page. */
export interface WatchPart {
  /** Its addresses on the server. */
  readonly http?: HttpPart;
  /** Begins its work; called once the store is open. */
  readonly start?: () => Promise<void> | void;
  readonly reload?: (settings: MonitorSettings) => Promise<void> | void;
  readonly stop?: () => Promise<void> | void;
}

export interface WatchOptions {
  readonly settings: MonitorSettings;
  readonly outFolder: string;
  readonly log: Logger;
  readonly verbose: boolean;
  readonly browser: BrowserChoice;
  readonly server: Pick<HttpOptions, 'listen' | 'tls' | 'behindProxy'>;
  readonly parts: (store: OpenStore, settings: MonitorSettings) => Promise<readonly WatchPart[]>;
  /** Another way to do a slot's work than the real browser: load tests of the scheduler only. */
  readonly runner?: Runner;
  /** `usualLease` unless given. */
  readonly lease?: Lease;
}

export interface Watch {
  readonly url: string;
  /** Takes over the configuration as it is now. Throws ProbeFault and changes nothing when it has a problem. */
  reload(): Promise<string>;
  /** Finishes what runs within `graceMs` (8 s), hands the rest back, closes the store. */
  stop(graceMs?: number): Promise<void>;
}

const dayMs = 86_400_000;

/** Scheduler, workers, store and server in one process. Rejects with ProbeFault when it cannot begin; then nothing stays open. */
export async function startWatch(options: WatchOptions): Promise<Watch> {
  const { log, outFolder } = options;
  let { settings } = options;
  await refuseShortPasswords(settings.targets);
  const store = await openStore(await storePlace(settings), { supervise: true, onError: (error) => log.debug(`store: ${error.message}`) });
  const closers: (() => Promise<void> | void)[] = [() => store.close()];
  /** The last one first. One that fails keeps none of the others from it. */
  const closeAll = async (): Promise<void> => {
    for (const close of closers.toReversed())
      try {
        await close();
      } catch (error) {
        log.warn(`While closing: ${error instanceof Error ? error.message : String(error)}`);
      }
  };
  try {
    const parts = await options.parts(store, settings);
    closers.push(...parts.map((part) => () => part.stop?.()));
    const browsers = new BrowserPool();
    closers.push(() => browsers.close());
    const planner = new Planner({ store, settings, log, outFolder });
    const runner =
      options.runner ??
      slotRunner({
        targets: () => settings.targets,
        browser: options.browser,
        browsers,
        outFolder,
        confirmAfterMs: () => settings.confirmAfterMs,
        verbose: options.verbose,
      });
    let stopped = false;
    const reload = async (): Promise<string> => {
      const next = readMonitorSettings(settings.configFile);
      if (JSON.stringify([next.store, next.location, next.config.web]) !== JSON.stringify([settings.store, settings.location, settings.config.web]))
        throw new ProbeFault('`monitor.store`, `monitor.location` and `web` take a restart of watch; everything else can be reloaded.');
      await refuseShortPasswords(next.targets);
      // Parts may refuse it, for example for a secret that cannot be had; the planner does not.
      for (const part of parts) await part.reload?.(next);
      settings = next;
      await planner.reload(next);
      const text = `Configuration read again: ${watchedText(next)}.`;
      log.info(text);
      return text;
    };
    const control = await startControl(settings.configFolder, (app) => controlRoutes(app, store, reload));
    closers.push(() => control.close());
    await planner.start();
    closers.push(() => planner.stop());
    for (const part of parts) await part.start?.();
    const server = await startHttp({
      ...options.server,
      onFault: (text) => log.warn(text),
      parts: [(app) => registerAgents(app, store, options.lease), ...parts.flatMap(({ http }) => http ?? [])],
      health: () => planner.problem(),
      ready: async () => {
        await store.ping();
        return stopped ? 'stopping' : planner.problem();
      },
    });
    closers.push(() => server.close());
    await announced(control, server);
    // Last: where anything above fails, nobody has begun to sign in.
    const pool = workerPool(options, store, runner, () => capacity(settings.concurrency));
    pool?.start();
    const prune = setInterval(
      () => void pruneRunFolders(outFolder, settings.keep).catch((error: Error) => log.warn(`run folders: ${error.message}`)),
      dayMs / 24,
    );
    return {
      url: server.url,
      reload,
      stop: async (graceMs = 8_000) => {
        stopped = true;
        clearInterval(prune);
        await pool?.stop(graceMs);
        await closeAll();
      },
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

const announced = (control: Control, server: HttpServer): Promise<void> => control.announce(server.url);

function workerPool({ settings, log, lease = usualLease }: WatchOptions, store: OpenStore, runner: Runner, room: () => number): WorkerPool | null {
  if (settings.concurrency === 0) return null;
  const source = storeSource(store, { name: watchName(), kind: 'watch', location: settings.location }, lease);
  return new WorkerPool({ source, runner, capacity: room, log, renewEveryMs: lease.renewEveryMs });
}

/** The store as the configuration names it; the address of a database is a secret. */
export async function storePlace({ store }: Pick<MonitorSettings, 'store'>): Promise<StorePlace> {
  if ('folder' in store) return store;
  const resolved = await resolveSecret(store.database, { interactive: false });
  if (!resolved.ok) throw new ProbeFault(`The address of the database (monitor.store.database) could not be had. ${resolved.why}`);
  return { url: resolved.value.use() };
}
