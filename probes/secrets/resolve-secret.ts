/** A secret reference of the configuration (`env:NAME`, `file:PATH`, `prompt:` …) → the secret, or why there is none. */
import { secretFromAzureKeyVault } from './azure-key-vault';
import { secretFromDpapi } from './dpapi';
import { secretFromEnvironment } from './env';
import { secretFromFile } from './file';
import { secretFromKeyring } from './keyring';
import { secretFromPrompt } from './prompt';
import type { SecretOptions, SecretResult } from './secret';
import { secretFromVault } from './vault';

type Provider = (rest: string, options: SecretOptions) => SecretResult | Promise<SecretResult>;

const providers: Readonly<Record<string, Provider>> = {
  env: secretFromEnvironment,
  file: secretFromFile,
  dpapi: (path) => secretFromDpapi(path),
  prompt: secretFromPrompt,
  keyring: secretFromKeyring,
  vault: secretFromVault,
  azurekv: secretFromAzureKeyVault,
};

/**
 * Gets the secret. Never throws and never repeats a value: a reference that is none (perhaps the password itself) is not quoted either.
 * `note` is for the log, e.g. a check that could not be done on this system.
 */
export async function resolveSecret(reference: string, options: SecretOptions): Promise<SecretResult> {
  const colon = reference.indexOf(':');
  const kind = reference.slice(0, Math.max(0, colon));
  const provider = Object.hasOwn(providers, kind) ? providers[kind] : undefined;
  if (!provider)
    return {
      ok: false,
      why:
        'Expected a secret reference (env:NAME, file:PATH, prompt:, keyring:SERVICE/NAME, ' +
        'vault:PATH#KEY or azurekv:VAULT/NAME), found something else (not shown).',
    };
  const result = await provider(reference.slice(colon + 1), options);
  if (result.ok && result.value.use() === '') return { ok: false, why: `The secret behind ${kind}: is empty; put the password there.` };
  return result;
}
