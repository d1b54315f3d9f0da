import type { Target } from '../contracts/target';
import { readTotpKey, resolveSecret, type Secret } from '../probes/secrets';
import { ProbeFault } from '../contracts/probe-fault';

/**
 * How an authenticator's secret may be written, for the redactor: as it was given, and the base32 within it (an `otpauth://` address holds more than that) in
 * capitals, in small letters, and in groups of four as apps print it.
 */
export function totpWritings(secret: string): string[] {
  const address = secret.trim().startsWith('otpauth://') && URL.canParse(secret.trim()) ? new URL(secret.trim()).searchParams.get('secret') : null;
  const base32 = (address ?? secret).toUpperCase().replace(/[\s=-]/g, '');
  const groups = (base32.match(/.{1,4}/g) ?? []).join(' ');
  return [...new Set([secret, base32, groups].flatMap((each) => [each, each.toLowerCase()]))];
}

/** The secrets behind `account.totp`, by their reference. Throws ProbeFault for one that cannot be had or is no TOTP secret, before anybody signs in. */
export async function totpSecretsOf(targets: readonly Target[], interactive: boolean): Promise<Map<string, Secret>> {
  const secrets = new Map<string, Secret>();
  for (const { name, totp } of targets) {
    if (!totp || secrets.has(totp)) continue;
    const resolved = await resolveSecret(totp, { interactive });
    if (!resolved.ok) throw new ProbeFault(`The TOTP secret (target ${name}, account.totp) could not be had. ${resolved.why}`);
    if (!readTotpKey(resolved.value.use()))
      throw new ProbeFault(
        `The TOTP secret (target ${name}, account.totp): expected the secret of an authenticator app in base32, at least 16 letters, ` +
          `or its otpauth://totp/ address; found something else (not shown).`,
      );
    secrets.set(totp, resolved.value);
  }
  return secrets;
}
