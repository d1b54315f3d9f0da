import { execFile } from 'node:child_process';
import { connect } from 'node:net';
import { within } from '../../system/within';
import type { Lookup } from './lookup';

/** A place that takes longer is behind something. */
const patienceMs = 1_500;

/**
 * Whether this process reaches these addresses by itself, so that a local proxy may stand between browser and network: no proxy of the system's is in use, as
 * far as variables and settings tell, and each host can be connected to. Never throws.
 */
export async function directWay(urls: readonly string[], lookup: Lookup): Promise<boolean> {
  if (Object.entries(process.env).some(([name, value]) => /^(https?|all)_proxy$/i.test(name) && value)) return false;
  if (namesProxy(await systemSettings())) return false;
  const places = [...new Set(urls.map((url) => new URL(url).host))].map((host) => new URL(`https://${host}`));
  return (await Promise.all(places.map((place) => within(reaches(place, lookup), patienceMs, false)))).every(Boolean);
}

/** Whether the system's settings name a proxy: the output of `reg query` (Windows) or `scutil --proxy` (macOS). Automatic detection alone is none. */
export const namesProxy = (settings: string): boolean =>
  /ProxyEnable\s+REG_DWORD\s+0x1\b|AutoConfigURL\s+REG_SZ\s+\S/.test(settings) || /^\s*(HTTPS?|SOCKS|ProxyAutoConfig)Enable : 1\b/m.test(settings);

const commands: Readonly<Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>>> = {
  win32: ['reg', 'query', 'HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\Internet Settings'],
  darwin: ['scutil', '--proxy'],
};

async function systemSettings(): Promise<string> {
  const [command, ...args] = commands[process.platform] ?? [];
  if (command === undefined) return '';
  return new Promise((resolve) => execFile(command, args, { timeout: patienceMs }, (_, output) => resolve(output)));
}

async function reaches({ hostname, port }: URL, lookup: Lookup): Promise<boolean> {
  const { address } = await lookup.lookup(hostname);
  if (address === null) return false;
  return new Promise((resolve) => {
    const socket = connect({ host: address, port: Number(port || 443) });
    socket.setTimeout(patienceMs, () => socket.destroy());
    socket
      .once('connect', () => resolve(true))
      .once('error', () => undefined)
      .once('close', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
