import { dirname, resolve } from 'node:path';
import { channelKinds } from '../../contracts/alert-config';
import type { ConfigFile } from '../../contracts/target';
import { alertPolicy } from './alert-policy';
import { openChannel } from './channels/open-channel';
import type { Alerting } from './start-alerts';

/** `alerts:` of a configuration that was read: policy, routes and channels. Opens no connection and no secret. */
export function readAlerting(config: ConfigFile, configPath: string): Alerting {
  const folder = dirname(resolve(configPath));
  const inFolder = {
    path: (path: string) => resolve(folder, path),
    secret: (reference: string) => (reference.startsWith('file:') ? `file:${resolve(folder, reference.slice('file:'.length))}` : reference),
  };
  const channels = config.alerts?.channels ?? [];
  return {
    policy: alertPolicy(config.alerts, Object.fromEntries(config.targets.flatMap(({ name, alert }) => (alert ? [[name, alert]] : [])))),
    routes: channels.map((channel) => ({
      name: channel.name,
      kind: channelKinds.find((kind) => channel[kind] !== undefined) ?? 'command',
      from: channel.from ?? 'info',
      events: channel.events ?? null,
      targets: channel.targets ?? null,
    })),
    channels: channels.map((channel) => openChannel(channel, inFolder)),
    baseUrl: config.web?.baseUrl?.replace(/\/$/, '') ?? null,
  };
}
