import { type ChannelConfig, type ChannelKind, channelKinds, durationMs } from '../../../contracts/alert-config';
import { createRedactor } from '../../../probes/redaction';
import { resolveSecret } from '../../../probes/secrets';
import { shorten } from '../../../reports/safe-text';
import type { Message } from '../message';
import { type Channel, type SendResult, sendTimeoutMs } from './channel';
import { sendEmail } from './email';
import { writeEvent } from './event-log';
import { httpsPost, type PostWay } from './https-post';
import { pagerDutyAddress, pagerDutyBodies } from './pagerduty';
import { runCommand } from './run-command';
import { slackBody } from './slack';
import { teamsBody } from './teams';
import { jsonBody, signedHeaders } from './webhook';

/** A channel of the configuration; `inFolder` makes its paths and `file:` references absolute. Secrets are fetched for each message and forgotten. */
export function openChannel(config: ChannelConfig, inFolder: { path(path: string): string; secret(reference: string): string }): Channel {
  const kind = channelKinds.find((each) => config[each] !== undefined);
  if (!kind) throw new Error('a channel has a kind');
  return { name: config.name, kind, send: (message, signal) => withSecrets((secret) => sendBy(kind, config, [message, secret, inFolder, signal])) };

  async function withSecrets(work: (secret: (reference: string) => Promise<string>) => Promise<SendResult>): Promise<SendResult> {
    const redactor = createRedactor();
    const secret = async (reference: string): Promise<string> => {
      const found = await resolveSecret(inFolder.secret(reference), { interactive: false });
      if (!found.ok) throw new NoSecret(found.why);
      const value = found.value.use();
      // An answer may repeat what it was sent: of an address, the path and its parts are the secret.
      const parts = URL.canParse(value) ? [new URL(value).pathname, ...new URL(value).pathname.split('/'), new URL(value).search] : [];
      for (const part of [value, ...parts.filter((each) => each.length >= 8)]) redactor.add(part, 'password');
      return value;
    };
    try {
      const result = await work(secret);
      const clean = (text: string): string => shorten(redactor.ownText(text), 300);
      return result.ok ? { ok: true, note: clean(result.note) } : { ...result, why: clean(result.why) };
    } catch (error) {
      // A fault of ours must not stop the other channels' messages.
      const why = error instanceof NoSecret ? error.message : `The message could not be made (${error instanceof Error ? error.name : 'unknown fault'}).`;
      return { ok: false, why: redactor.ownText(why) };
    }
  }
}

class NoSecret extends Error {}

type Sending = [message: Message, secret: (reference: string) => Promise<string>, inFolder: { path(path: string): string }, signal: AbortSignal | undefined];

/** What a kind of channel has in the configuration. */
type Settings<K extends ChannelKind> = NonNullable<ChannelConfig[K]>;
type Senders = { readonly [K in ChannelKind]: (settings: Settings<K>, ...sending: Sending) => Promise<SendResult> };

function sendBy<K extends ChannelKind>(kind: K, config: ChannelConfig, sending: Sending): Promise<SendResult> {
  const settings = config[kind];
  if (!settings) throw new Error('a channel has a kind');
  return senders[kind](settings, ...sending);
}

const wayOf = (
  { ca, proxy }: { ca?: string | undefined; proxy?: string | undefined },
  inFolder: { path(path: string): string },
  signal?: AbortSignal,
): PostWay => ({
  caFile: ca === undefined ? null : inFolder.path(ca),
  proxy: proxy ?? null,
  signal,
});

const senders: Senders = {
  email: async (email, message, secret, inFolder, signal) =>
    sendEmail(message, {
      config: email,
      password: email.password === undefined ? null : await secret(email.password),
      caFile: email.ca === undefined ? null : inFolder.path(email.ca),
      signal,
    }),
  teams: async (teams, message, secret, inFolder, signal) =>
    httpsPost(await secret(teams.url), JSON.stringify(teamsBody(message)), {}, wayOf(teams, inFolder, signal)),
  slack: async (slack, message, secret, inFolder, signal) =>
    httpsPost(await secret(slack.url), JSON.stringify(slackBody(message)), {}, wayOf(slack, inFolder, signal)),
  pagerduty: async (pagerduty, message, secret, inFolder, signal) => {
    let result: SendResult = { ok: true, note: 'nothing to send' };
    for (const body of pagerDutyBodies(message, await secret(pagerduty.routingKey))) {
      result = await httpsPost(pagerduty.url ?? pagerDutyAddress, JSON.stringify(body), {}, wayOf(pagerduty, inFolder, signal));
      if (!result.ok) return result;
    }
    return result;
  },
  webhook: async (webhook, message, secret, inFolder, signal) => {
    const body = JSON.stringify(jsonBody(message));
    const headers = signedHeaders(message.deliveryId, body, await secret(webhook.secret), new Date());
    return httpsPost(await secret(webhook.url), body, headers, wayOf(webhook, inFolder, signal));
  },
  command: (command, message, _secret, _inFolder, signal) =>
    runCommand(command.run, `${JSON.stringify(jsonBody(message))}\n`, command.timeout === undefined ? sendTimeoutMs : durationMs(command.timeout), signal),
  eventLog: (eventLog, message, _secret, _inFolder, signal) => writeEvent(message, eventLog.source ?? 'signin-probe', signal),
};
