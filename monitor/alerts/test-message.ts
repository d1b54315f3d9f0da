import { randomUUID } from 'node:crypto';
import type { ChannelConfig } from '../../contracts/alert-config';
import type { Message } from './message';

/** What `signin-probe alert test` sends: recognisable as a test, with the looks of an alert. */
export function testMessage(
  { name, targets }: Pick<ChannelConfig, 'name' | 'targets'>,
  knownTargets: readonly string[],
  baseUrl: string | null,
  now: Date,
): Message {
  const at = now.toISOString();
  const target = targets?.[0] ?? knownTargets[0] ?? 'contoso';
  return {
    deliveryId: randomUUID(),
    notice: {
      schema: 1,
      event: 'test',
      at,
      alert: {
        id: randomUUID(),
        kind: 'verdict',
        state: 'open',
        severity: 'info',
        title: `Test of the alert channel ${name}; nothing is wrong`,
        verdict: null,
        cause: null,
        kb: null,
        sts: null,
        breaksAt: null,
        members: [{ target, route: 'ifd', location: 'local', since: at, runId: null }],
        openedAt: at,
        recoveredAt: null,
        acknowledgedBy: null,
      },
      left: [],
      silenced: 0,
      summary: 'Sent by signin-probe alert test.',
      during: [],
    },
    foretold: null,
    nextStep: { text: 'Nothing to do: this message shows that alerts arrive here.' },
    links: { alert: baseUrl === null ? null : `${baseUrl}/alerts`, run: null },
  };
}
