import type { Logger } from 'winston';
import type { Target } from '../contracts/target';
import { ProbeFault } from '../contracts/probe-fault';
import { resolveSecret, type Secret } from '../probes/secrets';

/** A shorter one is inside ordinary words and numbers: it could not be kept out of a report. Windows domains ask for as many, or for more. */
const fewestCharacters = 8;

/**
 * The passwords of the accounts, by their reference. Throws ProbeFault for one that cannot be had, or is too short to be kept out of what is written, before
 * anybody signs in.
 */
export async function accountPasswords(targets: readonly Target[], interactive: boolean, log: Logger): Promise<Map<string, Secret>> {
  const passwords = new Map<string, Secret>();
  for (const { name, account } of targets) {
    if (account.kind !== 'password' || passwords.has(account.secret)) continue;
    const resolved = await resolveSecret(account.secret, { interactive });
    if (!resolved.ok) throw new ProbeFault(missingPassword(account.user, name, resolved.why));
    if (resolved.note) log.warn(resolved.note);
    expectLongEnough(resolved.value, account.user, name);
    passwords.set(account.secret, resolved.value);
  }
  return passwords;
}

/**
 * The same look at the passwords that are at hand, in the environment or in a file; nobody is asked. What a run would end with is said, each password once.
 * Throws ProbeFault for one that is too short.
 */
export async function missingPasswords(targets: readonly Target[]): Promise<readonly string[]> {
  const missing = new Map<string, string>();
  for (const { name, account } of targets) {
    if (account.kind !== 'password' || missing.has(account.secret) || !/^(?:env|file):/.test(account.secret)) continue;
    const resolved = await resolveSecret(account.secret, { interactive: false });
    if (resolved.ok) expectLongEnough(resolved.value, account.user, name);
    else missing.set(account.secret, missingPassword(account.user, name, resolved.why));
  }
  return [...missing.values()];
}

/** The same where a missing password is said by who needs it. Throws ProbeFault for one that is too short. */
export const refuseShortPasswords = async (targets: readonly Target[]): Promise<void> => void (await missingPasswords(targets));

const missingPassword = (user: string, target: string, why: string): string => `${why} (The password of ${user}, target ${target}.)`;

function expectLongEnough(password: Secret, user: string, target: string): void {
  if ([...password.use()].length >= fewestCharacters) return;
  throw new ProbeFault(
    `The password of ${user} (target ${target}, account.password): expected at least ${fewestCharacters} characters, found fewer. ` +
      `So short a password is part of ordinary words and cannot be kept out of reports, so nothing was done with it. ` +
      `Give the account a longer one and put it where the configuration points to.`,
  );
}
