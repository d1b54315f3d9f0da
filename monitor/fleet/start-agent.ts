import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { createSecureContext } from 'node:tls';
import type { Logger } from 'winston';
import { locationSchema } from '../../contracts/monitoring';
import { type BrowserChoice, BrowserPool } from '../../probes/browser';
import { pemCertificates } from '../../system/pem-certificates';
import { ProbeFault } from '../../contracts/probe-fault';
import { resolveSecret } from '../../probes/secrets';
import { refuseShortPasswords } from '../../runs/account-passwords';
import { capacity } from '../slots/capacity';
import type { MonitorSettings } from '../settings/monitor-settings';
import { slotRunner } from '../slots/run-slot';
import { type Lease, storeSource, usualLease } from '../slots/store-source';
import { openStore, type OpenStore } from '../store/open-store';
import { type JobSource, type Runner, WorkerPool } from '../slots/worker-pool';
import { AgentRefused, httpSource } from './http-source';

export interface AgentOptions {
  readonly settings: MonitorSettings;
  readonly browser: BrowserChoice;
  readonly log: Logger;
  readonly outFolder: string;
  readonly verbose: boolean;
  readonly location?: string | undefined;
  /** https address of a watch, with `token`; or `database`, a secret reference to the fleet's Postgres. */
  readonly server?: string | undefined;
  readonly token?: string | undefined;
  readonly ca?: string | undefined;
  readonly database?: string | undefined;
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
  await refuseShortPasswords(settings.targets);
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
  const caFile = ca ?? null;
  if (caFile !== null) await expectCertificate(caFile);
  const source = httpSource({ server, token: await secret(token, '--token'), location, caFile });
  // What waiting does not mend is said before anything begins. A watch that is away is waited for; later on, so is one whose certificate is being mended.
  await source.renew([], { capacity: 0, running: 0 }).catch((error: unknown) => {
    if (error instanceof ProbeFault) throw error;
  });
  return { source, close: () => Promise.resolve() };
}

/** Node takes a CA file without a certificate for no CA, and does not say so. */
async function expectCertificate(file: string): Promise<void> {
  const pem = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new ProbeFault(`--ca: expected a PEM file, found none that can be read at ${file} (${error.code ?? 'unreadable'}).`);
  });
  try {
    createSecureContext({ ca: pemCertificates(pem) });
    if (pemCertificates(pem).length > 0) return;
  } catch {
    // Said below.
  }
  throw new ProbeFault(`--ca: expected the CA's certificate as PEM (-----BEGIN CERTIFICATE-----), found none in ${file}. Export it again, Base-64 encoded.`);
}

async function secret(reference: string, option: string): Promise<string> {
  const resolved = await resolveSecret(reference, { interactive: process.stdin.isTTY });
  if (!resolved.ok) throw new ProbeFault(`${option} could not be had. ${resolved.why}`);
  return resolved.value.use();
}

/** Tells when the watch refuses this agent, whatever was asked: with its hands full it asks for no work, and would only learn of it by handing in. */
function watched(source: JobSource, onRefused: (error: AgentRefused) => void): JobSource {
  const told = (error: Error): never => {
    if (error instanceof AgentRefused) onRefused(error);
    throw error;
  };
  return {
    ...source,
    claim: (count, signal) => source.claim(count, signal).catch(told),
    renew: (claims, status) => source.renew(claims, status).catch(told),
    finish: (claim, outcomes) => source.finish(claim, outcomes).catch(told),
  };
}
