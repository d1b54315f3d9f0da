import { type KeyObject, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Logger } from 'winston';
import { type Evidence, evidenceSchema, type RouteEvidence } from '../contracts/evidence';
import type { Report } from '../contracts/report';
import type { Target } from '../contracts/target';
import { diagnose } from '../diagnosis/diagnose';
import { readPrivateKeys } from '../federation/private-keys';
import { awaitStsVisit, GivenCodes, inAccountTurn, ParkedAccounts, stateFolder, SubmitOnce } from '../probes/account-state';
import type { BrowserChoice, BrowserLender } from '../probes/browser';
import { redactBySchema, type Redactor } from '../probes/redaction';
import { runProbe } from '../probes/run-probe';
import { resolveSecret } from '../probes/secrets';
import { ProbeFault } from '../contracts/probe-fault';
import type { TraceRecordings } from '../probes/captures';
import { accountPasswords } from './account-passwords';
import type { TimeLine } from '../system/time-line';
import { RunFolder } from './run-folder';
import { toolVersion } from './tool-version';
import { totpSecretsOf, totpWritings } from './totp-secrets';
import { writeTrace } from './write-trace';

export interface RunOptions {
  readonly targets: readonly Target[];
  readonly browser: BrowserChoice;
  /** Where browsers come from; a fresh one for each sign-in unless given. */
  readonly browsers?: BrowserLender | undefined;
  /** Where run folders go, e.g. ./output. */
  readonly outFolder: string;
  readonly label: string | null;
  /** From where, in a fleet. */
  readonly location?: string;
  readonly log: Logger;
  readonly redactor: Redactor;
  /** Whether `prompt:` may ask. */
  readonly interactive: boolean;
  /** Ask every farm node by itself. */
  readonly eachNode?: boolean;
  /** Takes down where the time goes. */
  readonly timeLine?: TimeLine | undefined;
  /** Write trace.zip, too. */
  readonly trace?: boolean;
  /** Who was given what, where this run goes on with another's; a new record unless given. */
  readonly submitOnce?: SubmitOnce;
  /** What all processes of this machine know of accounts and STSs; the usual place (`stateFolder`) unless given. */
  readonly stateFolder?: string;
}

/**
 * One run: sign in to every target over every route, diagnose, write the run folder.
 * The folder appears complete or not at all. Throws ProbeFault when the probe itself cannot work.
 */
export async function runTargets(options: RunOptions): Promise<{ report: Report; folder: string }> {
  const startedAt = new Date();
  const id = `${startedAt.toISOString().replace(/[-:]/g, '').slice(0, 15)}Z-${randomBytes(2).toString('hex')}`;
  const folder = await RunFolder.create(options.outFolder, id);
  try {
    const traces: TraceRecordings | undefined = options.trace ? new Map() : undefined;
    const submitOnce = options.submitOnce ?? new SubmitOnce();
    const results = await probeAll({ ...options, submitOnce }, folder.path, id, traces);
    const seen: Evidence = {
      schema: 1,
      run: {
        id,
        startedAt: startedAt.toISOString(),
        finishedAt: new Date().toISOString(),
        label: options.label,
        location: options.location ?? null,
        tool: toolVersion,
        browser: `${options.browser.name} ${options.browser.version}`.trimEnd(), // none was started where nobody may sign in
      },
      results,
    };
    // Once more over all of it: what one sign-in showed may be known as a secret only since another.
    const evidence = redactBySchema(evidenceSchema, seen, (text) => options.redactor.ownText(text));
    options.timeLine?.mark('everything was redacted once more');
    const report = diagnose(evidence);
    options.timeLine?.mark('the evidence was judged');
    explainParked(report, options, submitOnce);
    await folder.write(evidence, report);
    options.timeLine?.mark('the run folder was written');
    if (traces) await writeTrace(folder.path, evidence, traces, options.redactor, options.log);
    const finished = await folder.finish(options.redactor.known());
    options.timeLine?.mark('the last look for secrets was done');
    return { report, folder: finished };
  } catch (error) {
    await folder.discard();
    throw folder.fault(error);
  }
}

interface ProbingOptions extends RunOptions {
  readonly submitOnce: SubmitOnce;
}

/** Whoever finds an account parked is told why, not only that it is. */
function explainParked({ results }: Report, { targets, log }: RunOptions, submitOnce: SubmitOnce): void {
  for (const { target: name, route, verdict, signedIn, symptom, failedAt, why, causes } of results) {
    const target = targets.find((each) => each.name === name && each.route === route);
    if (target?.account.kind !== 'password' || signedIn === 'yes') continue;
    try {
      submitOnce.explain({ stsOrigin: target.stsOrigin, user: target.account.user }, target, {
        verdict,
        symptom,
        failedAt,
        why,
        causes: causes.slice(0, 3).map(({ id, certainty }) => ({ id, certainty })),
      });
    } catch (error) {
      log.warn(`Why ${target.account.user} is parked could not be noted: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

/**
 * Forms before Windows: a refused form says plainly that the password is wrong, a refused Windows sign-in does not; so the order that submits
 * a wrong password only once also tells most. Results come back in the order of the configuration.
 */
async function probeAll(
  { targets, browser, browsers, log, redactor, interactive, eachNode = false, submitOnce, stateFolder: state = stateFolder(), timeLine }: ProbingOptions,
  folder: string,
  runId: string,
  traces?: TraceRecordings,
): Promise<RouteEvidence[]> {
  submitOnce.keepIn(ParkedAccounts.in(state), runId);
  submitOnce.keepCodesIn(GivenCodes.in(state));
  const passwords = await accountPasswords(targets, interactive, log);
  for (const password of passwords.values()) redactor.add(password.use(), 'password');
  const totpSecrets = await totpSecretsOf(targets, interactive);
  for (const secret of totpSecrets.values()) for (const writing of totpWritings(secret.use())) redactor.add(writing, 'other');
  timeLine?.mark('the secrets were had');
  const order = [...targets].sort((a, b) => (a.name === b.name ? Number(b.route === 'ifd') - Number(a.route === 'ifd') : 0));
  const found = new Map<Target, RouteEvidence>();
  const say = (text: string): void => void log.info(text);
  const probe = async (target: Target): Promise<void> => {
    const password = target.account.kind === 'password' ? (passwords.get(target.account.secret) ?? null) : null;
    const keys = await decryptionKeys(target, interactive, redactor);
    await awaitStsVisit(state, target, say);
    found.set(
      target,
      await runProbe(target, {
        browser,
        browsers,
        redactor,
        log,
        submitOnce,
        password,
        totp: totpSecrets.get(target.totp ?? '') ?? null,
        folder,
        runId,
        eachNode,
        keys,
        traces,
        timeLine,
      }),
    );
  };
  for (const name of new Set(order.map((target) => target.name))) {
    const routes = order.filter((target) => target.name === name);
    const [first] = routes;
    if (first)
      await inAccountTurn(state, first, say, async () => {
        for (const target of routes) await probe(target);
      });
  }
  return targets.flatMap((target) => found.get(target) ?? []);
}

/** The operator's copy of CRM's encryption key; a file that does not open is told at once, before anybody signs in. */
async function decryptionKeys({ name, decryption }: Target, interactive: boolean, redactor: Redactor): Promise<KeyObject[]> {
  if (!decryption) return [];
  const secret = decryption.secret === null ? null : await resolveSecret(decryption.secret, { interactive });
  if (secret && !secret.ok) throw new ProbeFault(`The password of ${decryption.keyFile} (target ${name}, decryption.password) could not be had. ${secret.why}`);
  if (secret) redactor.add(secret.value.use(), 'password');
  const file = await readFile(decryption.keyFile).catch((error: NodeJS.ErrnoException) => {
    throw new ProbeFault(
      `${decryption.keyFile} (target ${name}, decryption.key): ` +
        `expected a PFX or PEM file, found ${error.code === 'ENOENT' ? 'no such file' : (error.code ?? 'an unreadable one')}.`,
    );
  });
  const keys = readPrivateKeys(file, secret?.value.use() ?? '');
  if ('unreadable' in keys) throw new ProbeFault(`${decryption.keyFile} (target ${name}, decryption.key): ${keys.unreadable}.`);
  return keys;
}
