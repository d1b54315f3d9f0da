import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import type { Logger } from 'winston';
import { locationSchema } from '../../contracts/monitoring';
import type { BrowserChoice } from '../../probes/browser';
import { BrowserPool } from '../../probes/browser-pool';
import { ProbeFault } from '../../probes/probe-fault';
import { resolveSecret } from '../../probes/secrets/resolve-secret';
import { capacity } from '../capacity';
import type { MonitorSettings } from '../monitor-settings';
import { slotRunner } from '../run-slot';
import { type Lease, storeSource, usualLease } from '../store-source';
import { openStore, type OpenStore } from '../store/open-store';
import { type JobSource, type Runner, WorkerPool } from '../worker-pool';
import { AgentRefused, httpSource } from './http-source';

export interface AgentOptions {
  readonly settings: MonitorSettings;
  readonly browser: BrowserChoice;
  readonly log: Logger;
  readonly outFolder: string;
  readonly verbose: boolean;
  readonly location?: string;
  /** https address of a watch, with `token`; or `database`, a secret reference to the fleet's Postgres. */
  readonly server?: string;
  readonly token?: string;
  readonly ca?: string;
  readonly database?: string;
  /** Another way to do a slot's work than the real browser: load tests of the fleet only. */
  readonly runner?: Runner;
  /** `usualLease` unless given. */
  readonly lease?: Lease;
}

export interface Agent {
  stop(graceMs?: number): Promise<void>;
  /** Rejects when the watch refuses this agent: nothing will get better by waiting. */
  readonly refused: Promise<never>;
}

/** Works for a location: over HTTPS, outbound only, or beside the database. Throws ProbeFault for options that do not fit together. */
export async function startAgent(options: AgentOptions): Promise<Agent> {
  const { settings, log } = options;
  const location = options.location ?? '';
  if (!locationSchema.safeParse(location).success) throw new ProbeFault(`--location: expected a kebab-case name such as dmz, found "${location}".`);
  const { source, close } = await sourceOf(options, location);
  const browsers = new BrowserPool();
  let refuse: (error: Error) => void = () => undefined;
  const refused = new Promise<never>((_, reject) => (refuse = reject));
  refused.catch(() => undefined);
  const pool = new WorkerPool({
    source: watched(source, (error) => refuse(error)),
    runner:
      options.runner ??
      slotRunner({
        targets: () => settings.targets,
        browser: options.browser,
        browsers,
        outFolder: options.outFolder,
        confirmAfterMs: () => settings.confirmAfterMs,
        verbose: options.verbose,
      }),
    capacity: () => Math.max(1, capacity(settings.concurrency)),
    log,
    renewEveryMs: (options.lease ?? usualLease).renewEveryMs,
  });
  pool.start();
  return {
    refused,
    stop: async (graceMs = 8_000) => {
      await pool.stop(graceMs);
      await browsers.close();
      await close();
    },
  };
}

async function sourceOf(
  { server, token, ca, database, log, lease }: AgentOptions,
  location: string,
): Promise<{ source: JobSource; close: () => Promise<void> }> {
  if (database !== undefined && server === undefined) {
    const store: OpenStore = await openStore(
      { url: await secret(database, '--database') },
      { maxConnections: 4, onError: (error) => log.debug(`store: ${error.message}`) },
    );
    await store.queue.prepare(location);
    return { source: storeSource(store, { name: `agent@${hostname()}:${process.pid}`, kind: 'agent', location }, lease), close: () => store.close() };
  }
  if (server === undefined || token === undefined || database !== undefined)
    throw new ProbeFault('expected --server https://… with --token env:NAME, or --database env:NAME.');
  const caText = ca === undefined ? null : await readFile(ca, 'utf8').catch(() => null);
  if (ca !== undefined && caText === null) throw new ProbeFault(`--ca: expected a PEM file, found none that can be read at ${ca}.`);
  return { source: httpSource({ server, token: await secret(token, '--token'), location, ca: caText }), close: () => Promise.resolve() };
}

async function secret(reference: string, option: string): Promise<string> {
  const resolved = await resolveSecret(reference, { interactive: process.stdin.isTTY === true });
  if (!resolved.ok) throw new ProbeFault(`${option} could not be had. ${resolved.why}`);
  return resolved.value.use();
}

/** Tells when the watch refuses this agent. */
function watched(source: JobSource, onRefused: (error: AgentRefused) => void): JobSource {
  return {
    ...source,
    claim: (count, signal) =>
      source.claim(count, signal).catch((error: Error) => {
        if (error instanceof AgentRefused) onRefused(error);
        throw error;
      }),
  };
}
