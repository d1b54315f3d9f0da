import { defineCommand } from '../shared/define-command';
import { channelKinds } from '../../contracts/alert-config';
import { readAlerting } from '../../monitor/alerts/read-alerting';
import { testMessage } from '../../monitor/alerts/test-message';
import { nearestMatch } from '../../config/nearest-match';
import { ProbeFault } from '../../contracts/probe-fault';
import { readConfig } from '../../config/read-config';
import { safeJson } from '../../reports/safe-json';
import type { CommonOptions } from '../shared/common';
import { expected } from '../../system/expected';

/** `signin-probe alert test [channel…]`: sends a test through each channel and says what happened. Exit 0 when all took it, 2 otherwise. */
export const command = defineCommand({
  name: 'alert',
  group: 'Monitor',
  place: 5,
  args: '<action> [channel...]',
  description: 'test: send a test message through each alert channel, and say what happened',
  example: 'signin-probe alert test on-call',
  options: (command) => command.option('--json', 'print the outcomes as JSON'),
  run,
});

async function run([action, ...names]: string[], options: CommonOptions): Promise<number> {
  if (action !== 'test') throw new ProbeFault(`Expected \`signin-probe alert test [channel…]\`, found "${action ?? ''}".`);
  const read = readConfig(options.config);
  if (!read.ok) throw new ProbeFault(read.problems.map(({ text }) => text).join('\n'));
  const configured = read.config.alerts?.channels ?? [];
  if (configured.length === 0)
    throw new ProbeFault(
      `${options.config}: expected \`alerts: { channels: … }\` with at least one of ${channelKinds.join(', ')}; found none. Add one (docs/alerts.md).`,
    );
  for (const name of names)
    if (!configured.some((channel) => channel.name === name)) {
      const near = nearestMatch(
        name,
        configured.map((channel) => channel.name),
      );
      throw new ProbeFault(
        `unknown channel "${name}": ${near ? `did you mean "${near}"? ` : ''}The configuration has ${configured.map((channel) => channel.name).join(', ')}.`,
      );
    }
  const { channels, baseUrl } = readAlerting(read.config, options.config);
  const targets = read.config.targets.map(({ name }) => name);
  const outcomes = await Promise.all(
    configured
      .filter(({ name }) => names.length === 0 || names.includes(name))
      .map(async (config) => {
        const channel = expected(
          channels.find(({ name }) => name === config.name),
          `the channel ${config.name}`,
        );
        const startedAt = Date.now();
        const result = await channel.send(testMessage(config, targets, baseUrl, new Date()));
        return { channel: config.name, kind: channel.kind, ok: result.ok, text: result.ok ? result.note : result.why, durationMs: Date.now() - startedAt };
      }),
  );
  if (options.json) process.stdout.write(`${safeJson(outcomes)}\n`);
  else
    for (const { channel, kind, ok, text, durationMs } of outcomes)
      process.stdout.write(`${ok ? 'sent  ' : 'failed'}  ${channel} (${kind}), ${durationMs} ms: ${text}\n`);
  return outcomes.every(({ ok }) => ok) ? 0 : 2;
}
