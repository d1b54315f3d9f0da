import { expect, test } from '@playwright/test';
import { readEventLog } from './read-event-log';
import type { ServerLogEntry } from './server-log-entry';
import { activityId, id4175 } from './testing/sample-har';
import { adfs364, aspNet, events } from './testing/sample-events';

const at = '2026-11-23T09:30:01.7300000Z';
function entriesOf(file: string | Buffer): readonly ServerLogEntry[] {
  const log = readEventLog(file);
  if (!log.ok) throw new Error(log.why);
  return log.entries;
}
const local = (...parts: [number, number, number, number, number, number]): number => new Date(...parts).getTime();

test('XML is read with one root or none, in UTF-8 and UTF-16, and the event AD FS nests in its UserData counts once', () => {
  const list = [adfs364(at, activityId, 'MSIS7042: loop'), aspNet(at, id4175)];
  for (const file of [events(...list), list.join('\r\n'), Buffer.from(`\uFEFF${events(...list)}`, 'utf16le')]) {
    const [first, second, ...more] = entriesOf(file);
    expect(more).toEqual([]);
    expect(first).toMatchObject({
      source: 'AD FS',
      log: 'AD FS/Admin',
      id: 364,
      level: 'error',
      activityId,
      atMs: Date.parse('2026-11-23T09:30:01.730Z'),
      zoned: true,
    });
    expect(first?.message).toContain('MSIS7042');
    expect(second).toMatchObject({
      source: 'ASP.NET 4.0.30319.0',
      log: 'Application',
      computer: 'CRM01.contoso.com',
      id: 1309,
      level: 'warning',
      activityId: null,
    });
    expect(second?.message).toContain(id4175);
  }
});

test('a rendered message is preferred to its data', () => {
  const [entry] = entriesOf(
    aspNet(at, 'x').replace('</EventData>', '</EventData><RenderingInfo Culture="en-US"><Message>Event code: 3005 as rendered</Message></RenderingInfo>'),
  );
  expect(entry?.message).toBe('Event code: 3005 as rendered');
});

test('a broken or hostile event spoils only itself', () => {
  const log = readEventLog(
    events('<Event><!DOCTYPE x><System></Event>', '<Event><System><EventID>x</EventID></System></Event>', aspNet(at, id4175)) + '<Event><System>',
  );
  expect(log).toMatchObject({ ok: true, unreadable: 3 });
  expect(log.ok && log.entries).toHaveLength(1);
});

test("Event Viewer's tab separated text is read, messages over several lines included", () => {
  const text = [
    'Level\tDate and Time\tSource\tEvent ID\tTask Category',
    `Error\t11/23/2026 9:30:01 AM\tAD FS\t364\tNone\t"Encountered error during federation passive request. \n\nActivity ID: ${activityId}\nException details: MSIS7042: The ""same"" client"`,
    `Warning\t11/23/2026 9:30:02 AM\tASP.NET 4.0.30319.0\t1309\tWeb Event\t"Event code: 3005 \nEvent time: 11/23/2026 10:30:02 AM \nEvent time (UTC): 11/23/2026 9:30:02 AM \n${id4175}"`,
  ].join('\r\n');
  const [first, second] = entriesOf(text);
  expect(first).toMatchObject({ source: 'AD FS', id: 364, level: 'error', activityId, zoned: false, atMs: local(2026, 10, 23, 9, 30, 1) });
  expect(first?.message).toContain('The "same" client');
  expect(second).toMatchObject({ id: 1309, level: 'warning', zoned: true, atMs: Date.UTC(2026, 10, 23, 9, 30, 2) });
});

test('details copied as text are read, German ones too', () => {
  const [english] = entriesOf(
    `Log Name:      Application\r\nSource:        ASP.NET 4.0.30319.0\r\nDate:          23/11/2026 21:30:01\r\nEvent ID:      1309\r\nTask Category: Web Event\r\nLevel:         Warning\r\nComputer:      CRM01\r\nDescription:\r\nEvent code: 3005\r\n${id4175}\r\n`,
  );
  expect(english).toMatchObject({ log: 'Application', id: 1309, level: 'warning', computer: 'CRM01', atMs: local(2026, 10, 23, 21, 30, 1) });
  expect(english?.message).toContain(id4175);
  const [german] = entriesOf(
    `Protokollname: AD FS/Admin\nQuelle:        AD FS\nDatum:         23.11.2026 10:30:01\nEreignis-ID:   364\nEbene:         Fehler\nBeschreibung:\nMSIS7007: x\n`,
  );
  expect(german).toMatchObject({ log: 'AD FS/Admin', source: 'AD FS', id: 364, level: 'error', atMs: local(2026, 10, 23, 10, 30, 1) });
});

test('Get-WinEvent | Format-List is read, event after event', () => {
  const text = `\nTimeCreated : 11/23/2026 9:30:01 PM\nActivityId  : ${activityId}\nProviderName : AD FS\nId          : 364\nMessage     : Encountered error during federation passive request.\n              MSIS7042: The same client browser session has made '6' requests.\n\nTimeCreated : 5/4/2026 9:30:02 AM\nActivityId  : \nProviderName : AD FS\nId          : 111\nMessage     : other\n`;
  const [first, second, ...more] = entriesOf(text);
  expect(more).toEqual([]);
  expect(first).toMatchObject({ id: 364, activityId, atMs: local(2026, 10, 23, 21, 30, 1), orMs: null });
  expect(first?.message).toContain('MSIS7042');
  expect(second).toMatchObject({ id: 111, activityId: null, atMs: local(2026, 4, 4, 9, 30, 2), orMs: local(2026, 3, 5, 9, 30, 2) });
});

test('a binary .evtx and a file of something else are refused with what to do', () => {
  const binary = readEventLog(Buffer.from('ElfFile\0\0\0\0'));
  expect(binary.ok ? '' : binary.why).toContain('wevtutil qe FILE.evtx /lf:true');
  const other = readEventLog('Dear colleagues, it does not work.');
  expect(other.ok ? '' : other.why).toContain('expected events');
});
