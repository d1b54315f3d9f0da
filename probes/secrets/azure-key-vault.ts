import { Secret, type SecretResult } from './secret';
import { askStore, type StoreAnswer, stringAt } from './store-request';

const metadataHost = '169.254.169.254';

/**
 * `azurekv:VAULT/NAME`: the current version of a secret in Azure Key Vault (learn.microsoft.com, "Get Secret", api-version 7.4). Signs in with
 * AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET, else with the machine's managed identity (IDENTITY_ENDPOINT and IDENTITY_HEADER, or the instance
 * metadata service; AZURE_CLIENT_ID then chooses one of several identities). Sovereign clouds: AZURE_AUTHORITY_HOST and AZURE_KEYVAULT_DNS_SUFFIX; a
 * private endpoint's own CA: NODE_EXTRA_CA_CERTS.
 */
export async function secretFromAzureKeyVault(reference: string): Promise<SecretResult> {
  const [, vault, name] = /^([A-Za-z0-9-]{3,24})\/([A-Za-z0-9-]{1,127})$/.exec(reference) ?? [];
  if (!vault || !name) return no('Expected azurekv:VAULT/NAME, the names of the vault and of the secret (letters, digits, hyphens), found another form.');
  const suffix = (process.env.AZURE_KEYVAULT_DNS_SUFFIX || 'vault.azure.net').replace(/^\.+/, '');
  const token = await accessToken(`https://${suffix.replace(/:\d+$/, '')}`);
  if ('why' in token) return no(`Azure gave no access token: ${token.why}.`);
  const host = `${vault}.${suffix}`;
  const answer = await askStore({ url: `https://${host}/secrets/${name}?api-version=7.4`, headers: { authorization: `Bearer ${token.value}` } });
  if (!answer.ok) return no(`Azure Key Vault gave no answer: ${answer.why}.`);
  const value = stringAt(answer.json, 'value');
  if (answer.status === 200 && value !== null) return { ok: true, value: new Secret(value) };
  const reasons: Readonly<Record<number, string>> = {
    200: 'the answer has no text in it',
    401: 'the vault did not take the token (another tenant?)',
    403: 'the identity may not read secrets, or the firewall of the vault is closed to this machine',
    404: 'there is no secret of that name',
    429: 'too many requests',
  };
  return no(`Azure Key Vault ${host}, secret ${name}: ${reasons[answer.status] ?? 'an unexpected answer'} (status ${answer.status}).`);
}

type Token = { readonly value: string } | { readonly why: string };

async function accessToken(resource: string): Promise<Token> {
  const { AZURE_TENANT_ID: tenant, AZURE_CLIENT_ID: client, AZURE_CLIENT_SECRET: secret } = process.env;
  if (secret && (!tenant || !client)) return { why: 'AZURE_CLIENT_SECRET is set, AZURE_TENANT_ID or AZURE_CLIENT_ID is not; set all three' };
  if (!tenant || !client || !secret) return managedIdentity(resource, client);
  const authority = (process.env.AZURE_AUTHORITY_HOST || 'https://login.microsoftonline.com').replace(/\/+$/, '');
  const answer = await askStore({
    url: `${/^https?:/.test(authority) ? authority : `https://${authority}`}/${encodeURIComponent(tenant)}/oauth2/v2.0/token`,
    method: 'POST',
    form: { grant_type: 'client_credentials', client_id: client, client_secret: secret, scope: `${resource}/.default` },
  });
  return tokenOf(answer, 'the sign-in service');
}

/** The endpoint of App Service, Functions and Arc where there is one, else that of virtual machines (learn.microsoft.com, "managed identities"). */
async function managedIdentity(resource: string, client: string | undefined): Promise<Token> {
  const { IDENTITY_ENDPOINT: endpoint, IDENTITY_HEADER: header } = process.env;
  const query = (version: string): string => `api-version=${version}&resource=${encodeURIComponent(resource)}${client ? `&client_id=${client}` : ''}`;
  if (endpoint && header)
    return tokenOf(await askStore({ url: `${endpoint}?${query('2019-08-01')}`, headers: { 'X-IDENTITY-HEADER': header } }), 'the managed identity');
  const answer = await askStore({
    url: `http://${metadataHost}/metadata/identity/oauth2/token?${query('2018-02-01')}`,
    headers: { Metadata: 'true' },
    plainHttpHost: metadataHost,
  });
  if (!answer.ok) return { why: 'AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET are not set, and this machine has no managed identity' };
  return tokenOf(answer, 'the managed identity');
}

function tokenOf(answer: StoreAnswer, who: string): Token {
  if (!answer.ok) return { why: `${who}: ${answer.why}` };
  const value = stringAt(answer.json, 'access_token');
  // Only the error's code: its description may repeat what was sent.
  const code = stringAt(answer.json, 'error');
  return value === null ? { why: `${who} answered with status ${answer.status}${code && /^[\w-]{1,40}$/.test(code) ? ` (${code})` : ''}` } : { value };
}

const no = (why: string): SecretResult => ({ ok: false, why });
