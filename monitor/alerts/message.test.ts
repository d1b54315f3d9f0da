import { expect, test } from '@playwright/test';
import { hostileMessage, sampleMessage } from '../testing/sample-notice';
import { htmlOf } from './channels/email';
import { eventArguments } from './channels/event-log';
import { pagerDutyBodies } from './channels/pagerduty';
import { slackBody } from './channels/slack';
import { teamsBody } from './channels/teams';
import { jsonBody, signedHeaders } from './channels/webhook';
import { messageText, plainText } from './message';

const manyTargets = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    target: `organisation-with-a-rather-long-name-${index}`,
    route: 'ifd' as const,
    location: 'hq',
    since: '2026-03-02T02:10:00.000Z',
    runId: null,
  }));

test('a message says what is broken, since when, where, and what to do next', () => {
  const message = sampleMessage();
  expect(plainText(message)).toBe(`[signin-probe] BROKEN: AD FS signing certificate rolled over, CRM still trusts the old one (KB 2686840), 2 targets

Found:            broken: AD FS signing certificate rolled over, CRM still trusts the old one (KB 2686840, confirmed)
Since:            2 Mar 2026 02:10 UTC, for 6 minutes
STS:              https://sts.contoso.test

- contoso: internal claims and IFD, from hq, since 2 Mar 2026 02:10 UTC
- fabrikam: IFD, from hq, since 2 Mar 2026 02:10 UTC

Next step: On the AD FS server, update the relying-party trust of CRM.
    Update-AdfsRelyingPartyTrust -TargetName "CRM"

Alert: ${message.links.alert}
Report of the run: https://probe.contoso.test/runs/20260302-021000-ab12/report.html
`);
});

test('each event has a subject that tells it from the others', () => {
  const subject = (...args: Parameters<typeof sampleMessage>): string =>
    messageText(sampleMessage(...args))
      .subject.replace('[signin-probe] ', '')
      .split(':')[0]!;
  const forecast = { kind: 'forecast', verdict: null, breaksAt: '2026-03-16T02:00:00.000Z' } as const;
  expect([
    subject({ event: 'worsened' }),
    subject({ event: 'cause-changed' }),
    subject({ event: 'reminder' }),
    subject({ event: 'recovered' }, { state: 'recovered' }),
    subject({ event: 'acknowledged' }),
    subject({ event: 'forecast' }, forecast),
    subject({ event: 'opened' }, { kind: 'coverage', verdict: null }),
    subject({ event: 'opened' }, { verdict: 'at-risk' }),
    subject({ event: 'test' }),
  ]).toEqual(['WORSE, BROKEN', 'CAUSE CHANGED, BROKEN', 'STILL BROKEN', 'RECOVERED', 'ACKNOWLEDGED', 'BREAKS IN 13 DAYS', 'NO VERDICTS', 'AT RISK', 'TEST']);
});

test('who is still broken comes first, then who recovered when; what was foretold is said', () => {
  const [internal, ifd, fabrikam] = sampleMessage().notice.alert.members;
  const left = { at: '2026-03-02T03:20:00.000Z', how: 'recovered' as const };
  const message = sampleMessage(
    {
      event: 'reminder',
      at: '2026-03-02T06:16:00.000Z',
      left: [
        { ...internal!, left },
        { ...fabrikam!, left },
      ],
    },
    { members: [ifd!] },
  );
  const text = plainText({ ...message, foretold: { at: '2026-02-25T02:00:00.000Z', breaksAt: '2026-03-02T02:00:00.000Z' } });
  expect(text.split('\n')[0]).toBe('[signin-probe] STILL BROKEN: AD FS signing certificate rolled over, CRM still trusts the old one (KB 2686840), contoso');
  expect(text).toContain('No longer:        1 of 2 targets, below');
  expect(text).toContain('Foretold:         25 Feb 2026 02:00 UTC, for 2 Mar 2026 02:00 UTC');
  expect(text.split('\n').filter((line) => line.startsWith('- '))).toEqual([
    '- contoso: IFD, from hq, since 2 Mar 2026 02:10 UTC',
    '- contoso: internal claims, from hq, recovered 2 Mar 2026 03:20 UTC',
    '- fabrikam: IFD, from hq, recovered 2 Mar 2026 03:20 UTC',
  ]);
  expect(jsonBody(message)).toMatchObject({
    left: [
      { target: 'contoso', left },
      { target: 'fabrikam', left },
    ],
  });
});

test('an end says what kind of end it is', () => {
  const subject = (event: 'recovered' | 'closed', how: 'recovered' | 'happened' | 'moved' | 'removed', kind: 'verdict' | 'forecast' = 'verdict'): string => {
    const sample = sampleMessage();
    const members = sample.notice.alert.members.map((member) => ({ ...member, left: { at: '2026-03-02T03:20:00.000Z', how } }));
    return messageText(sampleMessage({ event }, { kind, state: how, members })).subject.replace(/^\[signin-probe\] ([^:]+):.*$/, '$1');
  };
  expect([
    subject('recovered', 'recovered'),
    subject('recovered', 'recovered', 'forecast'),
    subject('closed', 'happened', 'forecast'),
    subject('closed', 'moved'),
    subject('closed', 'removed'),
  ]).toEqual(['RECOVERED', 'AVERTED', 'HAPPENED AS FORETOLD', 'CLOSED, SEE OTHER ALERT', 'CLOSED, NO LONGER MONITORED']);
  expect(pagerDutyBodies(sampleMessage({ event: 'closed' }, { state: 'happened' }), 'key')).toMatchObject([{ event_action: 'resolve' }]);
});

test('hostile text stays text in HTML, Slack, Teams and on one subject line', () => {
  const message = hostileMessage();
  const { subject } = messageText(message);
  expect(subject).not.toMatch(/[\r\n\u202e]/);
  const html = htmlOf(message);
  expect(html).not.toContain('<script');
  expect(html).toContain('&lt;script&gt;');

  const slack = slackBody(message) as {
    text: string;
    blocks: { type: string; text?: { type: string }; fields?: { type: string }[]; elements?: { text: string }[] }[];
  };
  expect(slack.text).toContain('&lt;!channel&gt;');
  expect(slack.text).not.toMatch(/<[!@]/);
  for (const block of slack.blocks)
    if (block.type === 'context')
      expect(block.elements?.[0]?.text).toMatch(/^<https:\/\/probe\.contoso\.test\/alerts\/[\w-]+\|Alert> · <https:[^|]+\|Report of the run>$/);
    else for (const text of [block.text, ...(block.fields ?? [])]) if (text) expect(text.type).toBe('plain_text');

  const teams = JSON.stringify(teamsBody(message));
  expect(teams).not.toContain('{{DATE');
  // Text blocks and fact sets read Markdown; only text runs are used for values.
  expect(teams).not.toMatch(/"(TextBlock|FactSet)"/);
});

test('a message about three hundred targets stays within what Teams and Slack take, and says how many are not listed', () => {
  const message = sampleMessage({}, { members: manyTargets(300) });
  const teams = JSON.stringify(teamsBody(message));
  expect(Buffer.byteLength(teams)).toBeLessThan(28_000);
  expect(teams).toMatch(/and 2\d\d more/);
  const slack = slackBody(message) as { blocks: { text?: { text: string } }[] };
  expect(slack.blocks.length).toBeLessThanOrEqual(50);
  for (const { text } of slack.blocks) expect(text?.text.length ?? 0).toBeLessThanOrEqual(3000);
  expect(plainText(message)).toContain('- and 240 more');
});

test('PagerDuty: one incident per alert, opened, acknowledged and resolved under the same key; a test leaves none open', () => {
  const key = (message: ReturnType<typeof sampleMessage>) =>
    pagerDutyBodies(message, 'KEY').map((body) => `${(body as { event_action: string }).event_action} ${(body as { dedup_key: string }).dedup_key}`);
  const { id } = sampleMessage().notice.alert;
  expect(key(sampleMessage({}, { id }))).toEqual([`trigger signin-probe:${id}`]);
  expect(key(sampleMessage({ event: 'reminder' }, { id }))).toEqual([`trigger signin-probe:${id}`]);
  expect(key(sampleMessage({ event: 'acknowledged' }, { id }))).toEqual([`acknowledge signin-probe:${id}`]);
  expect(key(sampleMessage({ event: 'recovered' }, { id }))).toEqual([`resolve signin-probe:${id}`]);
  expect(key(sampleMessage({ event: 'test' })).map((line) => line.split(' ')[0])).toEqual(['trigger', 'resolve']);
  expect(pagerDutyBodies(sampleMessage(), 'KEY')[0]).toMatchObject({
    routing_key: 'KEY',
    payload: { severity: 'critical', source: 'https://sts.contoso.test', class: 'adfs-signing-cert-rolled' },
  });
});

test('a webhook’s signature covers timestamp and body', () => {
  const headers = signedHeaders('id-1', '{"a":1}', 'key', new Date('2026-03-02T02:16:00Z'));
  // echo -n '1772417760.{"a":1}' | openssl dgst -sha256 -hmac key
  expect(headers).toEqual({
    'x-signin-probe-delivery': 'id-1',
    'x-signin-probe-timestamp': '1772417760',
    'x-signin-probe-signature': 'v1=d5a29816361586d131d27a7267278b710a9daf1d7d00c61da075d239eb08b784',
  });
  expect(jsonBody(sampleMessage())).toMatchObject({
    schema: 1,
    event: 'opened',
    alert: { cause: 'adfs-signing-cert-rolled' },
    nextStep: { command: expect.any(String) },
  });
});

test('an entry of the Windows event log has type, id and text', () => {
  const [, , , type, , source, , id, , text] = eventArguments(sampleMessage(), 'signin-probe');
  expect([type, source, id]).toEqual(['ERROR', 'signin-probe', '701']);
  expect(text).toContain('KB 2686840');
  expect(text).not.toContain('"');
  expect(eventArguments(sampleMessage({ event: 'recovered' }), 'x')).toContain('INFORMATION');
});
