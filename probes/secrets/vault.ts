import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { Secret, type SecretResult } from './secret';
import { askStore, stringAt } from './store-request';

/**
 * `vault:PATH#KEY`: HashiCorp Vault (or OpenBao), KV version 2. PATH begins with the mount: `secret/crm/probe` is asked for at `/v1/secret/data/crm/probe`
 * (developer.hashicorp.com/vault/api-docs/secret/kv/kv-v2). A mount of several parts is separated by `//`: `teams/crm//probe`.
 * Address and token as for Vault's own tools: VAULT_ADDR, VAULT_TOKEN or the file ~/.vault-token (VAULT_TOKEN_FILE names another), VAULT_NAMESPACE,
 * VAULT_CACERT.
 */
export async function secretFromVault(reference: string): Promise<SecretResult> {
  const [path = '', key = ''] = reference.split(/#(.*)/s);
  const [mount = '', name = ''] = path.includes('//') ? path.split(/\/\/(.*)/s) : path.split(/\/(.*)/s);
  if (!mount || !name || !key || /(^|\/)\.{1,2}(\/|$)/.test(path))
    return no('Expected vault:PATH#KEY with the mount first, such as vault:secret/crm/probe#password, found another form.');
  const { VAULT_ADDR: address, VAULT_NAMESPACE: namespace, VAULT_CACERT: ca } = process.env;
  if (!address) return no('Expected the address of Vault in the environment variable VAULT_ADDR, found it not set; set it, such as https://vault:8200.');
  const token = vaultToken();
  if ('why' in token) return no(token.why);
  const encoded = (part: string): string => part.split('/').map(encodeURIComponent).join('/');
  const answer = await askStore({
    url: `${address.replace(/\/+$/, '')}/v1/${encoded(mount)}/data/${encoded(name)}`,
    headers: { 'X-Vault-Token': token.value, 'X-Vault-Request': 'true', ...(namespace ? { 'X-Vault-Namespace': namespace } : {}) },
    caFile: ca || null,
  });
  if (!answer.ok) return no(`Vault gave no answer: ${answer.why}.`);
  const value = stringAt(answer.json, 'data', 'data', key);
  if (answer.status === 200 && value !== null) return { ok: true, value: new Secret(value) };
  const reasons: Readonly<Record<number, string>> = {
    200: `there is no text under the key "${key}" (or ${mount} is not a KV version 2 mount)`,
    403: 'the token may not read it, or has expired',
    404: 'there is nothing at that path, or it was deleted',
    429: 'it is a standby node without answers',
    503: 'it is sealed or in maintenance',
  };
  return no(`Vault at ${new URL(address).host}, ${mount}/${name}: ${reasons[answer.status] ?? 'an unexpected answer'} (status ${answer.status}).`);
}

function vaultToken(): { readonly value: string } | { readonly why: string } {
  const fromEnvironment = process.env.VAULT_TOKEN;
  if (fromEnvironment) return { value: fromEnvironment.trim() };
  const file = process.env.VAULT_TOKEN_FILE || join(homedir(), '.vault-token');
  try {
    return { value: readFileSync(file, 'utf8').trim() };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return {
      why:
        `Expected a Vault token in VAULT_TOKEN or in the file ${file}, ${code === 'ENOENT' ? 'found neither' : `could not read the file (${code})`}; ` +
        `sign in to Vault first.`,
    };
  }
}

const no = (why: string): SecretResult => ({ ok: false, why });
