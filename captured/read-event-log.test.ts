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

test("ASP.NET's time in UTC is read in the server's language, and so is a table resaved with semicolons", () => {
  const message = 'Ereigniscode: 3005 \r\nEreigniszeit: 23.11.2026 21:30:02 \r\nEreigniszeit (UTC): 23.11.2026 09:30:02 \r\nAusnahmemeldung: ID4175: refused';
  for (const separator of [',', ';', '\t']) {
    const cells = ['Warnung', '23.11.2026 21:30:02', 'ASP.NET 4.0.30319.0', '1309', 'Webereignis', `"${message}"`];
    const read = readEventLog(`Ebene${separator}Datum und Uhrzeit${separator}Quelle\r\n${cells.join(separator)}\r\n`);
    expect(read.ok && read.entries).toMatchObject([{ id: 1309, level: 'warning', zoned: true, atMs: Date.UTC(2026, 10, 23, 9, 30, 2) }]);
  }
});

test('wevtutil /f:text and Get-EventLog | Format-List are read', () => {
  const wevtutil = `Event[0]:
  Log Name: Application
  Source: ASP.NET 4.0.30319.0
  Date: 2026-11-23T09:30:02.1230000Z
  Event ID: 1309
  Level: Warning
  Computer: CRM01
  Description:
Exception message: ID4175: refused
    Process ID: 4711

Event[1]:
  Log Name: Application
  Source: Other
  Date: 2026-11-23T09:31:00.0000000Z
  Event ID: 7
  Level: Information
  Description:
Nothing
`;
  const read = readEventLog(wevtutil);
  expect(read.ok && read.entries).toMatchObject([
    { id: 1309, computer: 'CRM01', source: 'ASP.NET 4.0.30319.0', atMs: Date.UTC(2026, 10, 23, 9, 30, 2, 123), message: expect.stringContaining('ID4175') },
    { id: 7, level: 'information' },
  ]);
  const list = readEventLog(
    'Index              : 4711\nEntryType          : Warning\nInstanceId         : 2147484957\nMessage            : ID4175: refused\nSource             : ASP.NET 4.0.30319.0\nTimeGenerated      : 11/23/2026 9:30:02 AM\n',
  );
  expect(list.ok && list.entries).toMatchObject([{ id: 1309, level: 'warning', message: expect.stringContaining('ID4175') }]);
});

test('a binary .evtx and a file of something else are refused with what to do', () => {
  const binary = readEventLog(Buffer.from('ElfFile\0\0\0\0'));
  expect(binary.ok ? '' : binary.why).toContain('wevtutil qe FILE.evtx /lf:true');
  const other = readEventLog('Dear colleagues, it does not work.');
  expect(other.ok ? '' : other.why).toContain('expected events');
});
