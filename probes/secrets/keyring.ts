import { Secret, type SecretResult } from './secret';

const timeoutMs = 20_000;

/**
 * `keyring:SERVICE/NAME`: the keyring of the logged-on account: Windows Credential Manager, macOS Keychain, or the Secret Service on Linux (GNOME Keyring,
 * KWallet, KeePassXC). Loaded only when used: it is native code.
 */
export async function secretFromKeyring(reference: string): Promise<SecretResult> {
  const slash = reference.indexOf('/');
  const [service, name] = [reference.slice(0, Math.max(0, slash)), reference.slice(slash + 1)];
  if (!service || !name) return { ok: false, why: 'Expected keyring:SERVICE/NAME, such as keyring:signin-probe/contoso, found another form.' };
  let keyring: typeof import('@napi-rs/keyring');
  try {
    keyring = await import('@napi-rs/keyring');
  } catch {
    return { ok: false, why: `The keyring cannot be used: its native part is not installed for ${process.platform} ${process.arch}. ${instead}` };
  }
  try {
    // A locked keyring asks on the desktop; in a service there is nobody to answer.
    const value = await new keyring.AsyncEntry(service, name, { linux: { store: 'secret-service' } }).getPassword(AbortSignal.timeout(timeoutMs));
    return value === null || value === undefined
      ? { ok: false, why: `The keyring has no entry "${name}" of the service "${service}". ${howTo[process.platform] ?? ''}`.trim() }
      : { ok: true, value: new Secret(value) };
  } catch (error) {
    const said = error instanceof Error ? (error.message.split('\n')[0] ?? '').slice(0, 160) : '';
    return {
      ok: false,
      why: `The keyring could not be read: ${noKeyring(said) ? 'this session has none, or it is locked' : said || 'no reason given'}. ${instead}`,
    };
  }
}

const noKeyring = (text: string): boolean =>
  /dbus|d-bus|secret ?service|zbus|platform|no storage|locked|prompt|autolaunch|socket|NoStorageAccess|abort|timed? ?out/i.test(text);

const instead = 'Services and scheduled tasks often have no keyring: use file:PATH, env:NAME or a vault there.';
const howTo: Readonly<Partial<Record<NodeJS.Platform, string>>> = {
  linux: 'Store one with: secret-tool store --label=signin-probe service SERVICE username NAME',
  darwin: 'Store one with: security add-generic-password -s SERVICE -a NAME -w',
  win32: 'Store one with: cmdkey /generic:NAME.SERVICE /user:NAME /pass',
};
