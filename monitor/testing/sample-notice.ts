import { randomUUID } from 'node:crypto';
import type { Message } from '../alerts/message';
import type { Notice } from '../alerts/notice';

/** A rollover that broke two targets, as a channel gets it. */
export function sampleMessage(changes: Partial<Notice> = {}, alert: Partial<Notice['alert']> = {}): Message {
  const member = (target: string, route: 'internal' | 'ifd') => ({
    target,
    route,
    location: 'hq',
    since: '2026-03-02T02:10:00.000Z',
    runId: '20260302-021000-ab12',
  });
  const id = randomUUID();
  return {
    deliveryId: randomUUID(),
    notice: {
      schema: 1,
      event: 'opened',
      at: '2026-03-02T02:16:00.000Z',
      alert: {
        id,
        kind: 'verdict',
        state: 'open',
        severity: 'critical',
        title: 'AD FS signing certificate rolled over, CRM still trusts the old one',
        verdict: 'broken',
        cause: 'adfs-signing-cert-rolled',
        kb: '2686840',
        sts: 'https://sts.contoso.test',
        breaksAt: null,
        members: [member('contoso', 'internal'), member('contoso', 'ifd'), member('fabrikam', 'ifd')],
        openedAt: '2026-03-02T02:15:00.000Z',
        recoveredAt: null,
        acknowledgedBy: null,
        ...alert,
      },
      left: [],
      silenced: 0,
      summary: 'broken: AD FS signing certificate rolled over, CRM still trusts the old one (KB 2686840, confirmed)',
      during: [],
      ...changes,
    },
    foretold: null,
    nextStep: { text: 'On the AD FS server, update the relying-party trust of CRM.', command: 'Update-AdfsRelyingPartyTrust -TargetName "CRM"' },
    links: { alert: `https://probe.contoso.test/alerts/${id}`, run: 'https://probe.contoso.test/runs/20260302-021000-ab12/report.html' },
  };
}

/** What a hostile page title could try in any of the formats. */
const hostileText =
  '</td><script>alert(1)</script> <!channel> <@U1|x> *bold* [link](https://evil.test) {{DATE(2026-01-01,SHORT)}} ${x} :tada: ' +
  '& "quoted" \r\nBcc: evil@evil.test\u202e';

export const hostileMessage = (): Message => {
  const message = sampleMessage({ summary: hostileText }, { title: hostileText });
  return { ...message, nextStep: { text: hostileText, command: hostileText } };
};
