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
    `Error\t11/23/2026 9:30:01 AM\tAD FS\t364\tNone\t"Encountered error during federation passive request. \n\nActivity ID: ${activityId}\n` +
      `Exception details: MSIS7042: The ""same"" client"`,
    `Warning\t11/23/2026 9:30:02 AM\tASP.NET 4.0.30319.0\t1309\tWeb Event\t"Event code: 3005 \nEvent time: 11/23/2026 10:30:02 AM \n` +
      `Event time (UTC): 11/23/2026 9:30:02 AM \n${id4175}"`,
  ].join('\r\n');
  const [first, second] = entriesOf(text);
  expect(first).toMatchObject({ source: 'AD FS', id: 364, level: 'error', activityId, zoned: false, atMs: local(2026, 10, 23, 9, 30, 1) });
  expect(first?.message).toContain('The "same" client');
  expect(second).toMatchObject({ id: 1309, level: 'warning', zoned: true, atMs: Date.UTC(2026, 10, 23, 9, 30, 2) });
});

test('details copied as text are read, German ones too', () => {
  const [english] = entriesOf(
    `Log Name:      Application\r\nSource:        ASP.NET 4.0.30319.0\r\nDate:          23/11/2026 21:30:01\r\nEvent ID:      1309\r\n` +
      `Task Category: Web Event\r\nLevel:         Warning\r\nComputer:      CRM01\r\nDescription:\r\nEvent code: 3005\r\n${id4175}\r\n`,
  );
  expect(english).toMatchObject({ log: 'Application', id: 1309, level: 'warning', computer: 'CRM01', atMs: local(2026, 10, 23, 21, 30, 1) });
  expect(english?.message).toContain(id4175);
  const [german] = entriesOf(
    `Protokollname: AD FS/Admin\nQuelle:        AD FS\nDatum:         23.11.2026 10:30:01\nEreignis-ID:   364\n` +
      `Ebene:         Fehler\nBeschreibung:\nMSIS7007: x\n`,
  );
  expect(german).toMatchObject({ log: 'AD FS/Admin', source: 'AD FS', id: 364, level: 'error', atMs: local(2026, 10, 23, 10, 30, 1) });
});

test('Get-WinEvent | Format-List is read, event after event', () => {
  const text =
    `\nTimeCreated : 11/23/2026 9:30:01 PM\nActivityId  : ${activityId}\nProviderName : AD FS\nId          : 364\n` +
    `Message     : Encountered error during federation passive request.\n              MSIS7042: ` +
    `The same client browser session has made '6' requests.\n\nTimeCreated : 5/4/2026 9:30:02 AM\nActivityId  : \nProviderName : AD FS\n` +
    `Id          : 111\nMessage     : other\n`;
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
    'Index              : 4711\nEntryType          : Warning\nInstanceId         : 2147484957\nMessage            : ID4175: refused\n' +
      'Source             : ASP.NET 4.0.30319.0\nTimeGenerated      : 11/23/2026 9:30:02 AM\n',
  );
  expect(list.ok && list.entries).toMatchObject([{ id: 1309, level: 'warning', message: expect.stringContaining('ID4175') }]);
});

test('a binary .evtx and a file of something else are refused with what to do', () => {
  const binary = readEventLog(Buffer.from('ElfFile\0\0\0\0'));
  expect(binary.ok ? '' : binary.why).toContain('wevtutil qe FILE.evtx /lf:true');
  const other = readEventLog('Dear colleagues, it does not work.');
  expect(other.ok ? '' : other.why).toContain('expected events');
});

/** The same event of ASP.NET, as people paste it. */
const utcMs = Date.UTC(2026, 10, 28, 20, 11, 52);
const body = (utc: string, ...labels: [string, string, string]): string =>
  `${labels[0]}: 3005\n${labels[1]}: x\n${labels[2]}: 28.11.2026 21:11:52\n${labels[2]} (UTC): ${utc}\nID: 7c097f8c\n    ID4175: ` +
  `refused\n   at System.IdentityModel.Tokens.X()\n`;

test('copied details are read in any language, by the place of their lines', () => {
  const heads: readonly (readonly string[])[] = [
    ['Имя журнала:   Application', 'Источник:      ASP.NET 4.0.30319.0', 'Дата:          28.11.2026 23:11:52', 'Код события:   1309',
      'Категория задачи:Веб-событие', 'Уровень:       Предупреждение', 'Компьютер:     CRM01', 'Описание:'],
    ['日志名称:          Application', '来源:            ASP.NET 4.0.30319.0', '日期:            2026/11/29 4:11:52', '事件 ID:         1309', '任务类别:          Web 事件',
      '级别:            警告', '计算机:           CRM01', '描述:'],
    ['Nome do Log:   Application', 'Fonte:         ASP.NET 4.0.30319.0', 'Data:          28/11/2026 17:11:52', 'Identificação do Evento:1309',
      'Categoria da Tarefa:Evento da Web', 'Nível:         Aviso', 'Computador:    CRM01', 'Descrição:'],
  ]; // prettier-ignore
  for (const head of heads) {
    const [entry, ...more] = entriesOf([...head, body('28.11.2026 20:11:52', 'Код события', 'Сообщение', 'Время события')].join('\r\n'));
    expect(more).toEqual([]);
    expect(entry).toMatchObject({ source: 'ASP.NET 4.0.30319.0', log: 'Application', id: 1309, level: 'warning', computer: 'CRM01', zoned: true, atMs: utcMs });
    expect(entry?.message).toContain('ID4175: refused');
  }
});

test("the message alone suffices, by its own line in UTC; a mail's quote marks and a forum's blank lines are no part of it", () => {
  const message = body('28/11/2026 20:11:52', "Code d'événement", "Message d'événement", "Heure de l'événement");
  const quoted = `Hello,\nsee below.\n\n${message.split('\n').map((line) => `>> ${line}`).join('\n')}\n`; // prettier-ignore
  for (const text of [message, quoted, message.replace(/\n/g, '  \n\n'), `    ${message.replace(/\n/g, '\n    ')}`])
    expect(entriesOf(text)).toMatchObject([{ id: 1309, zoned: true, atMs: utcMs, message: expect.stringContaining('ID4175: refused') }]);
});

test('the half of the day is read in the languages that write it in words', () => {
  for (const time of ['2026-11-28 오후 8:11:52', '2026. 11. 28. 오후 8:11:52', '2026/11/28 下午 08:11:52', '2026/11/28 午後 8:11:52', '28/11/2026 8:11:52 p. m.',
    '11/28/2026 8:11:52\u202fPM', '28/11/2026 8:11:52 μμ', 'Saturday, November 28, 2026 8:11:52 PM', '28.11.2026 20.11.52', '28/11/2569 20:11:52'])
    expect(entriesOf(body(time, 'Event code', 'Event message', 'Event time'))[0]?.atMs, time).toBe(utcMs); // prettier-ignore
  expect(entriesOf(body('2026/11/28 上午 12:11:52', 'a', 'b', 'c'))[0]?.atMs).toBe(Date.UTC(2026, 10, 28, 0, 11, 52));
});

test('columns in any order, CSV and JSON of PowerShell, and the list of a log shipper are read', () => {
  const json = (time: unknown): string =>
    JSON.stringify({ TimeCreated: time, Id: 1309, ProviderName: 'ASP.NET 4.0.30319.0', Level: 3, LevelDisplayName: 'Warning', Message: 'ID4175: refused' });
  const texts = [
    `"TimeCreated","Id","ProviderName","Message"\r\n"2026-11-28T20:11:52Z","1309","ASP.NET 4.0.30319.0","Line\nID4175: refused"\r\n`,
    `ProviderName;Id;Message;TimeCreated\nASP.NET 4.0.30319.0;1309;"ID4175: refused";2026-11-28T20:11:52Z\n`,
    json('2026-11-28T20:11:52.000Z'),
    json(`/Date(${utcMs})/`),
    `[${json({ value: `/Date(${utcMs})/`, DisplayHint: 2, DateTime: 'Samstag, 28. November 2026 21:11:52' })}]`,
    JSON.stringify({ '@timestamp': '2026-11-28T20:11:52Z', winlog: { event_id: 1309, provider_name: 'ASP.NET 4.0.30319.0' }, message: 'ID4175: refused' }),
    JSON.stringify({
      Event: {
        System: {
          Provider: { '#attributes': { Name: 'ASP.NET 4.0.30319.0' } },
          EventID: 1309,
          TimeCreated: { '#attributes': { SystemTime: '2026-11-28T20:11:52Z' } },
        },
        EventData: { Data: ['3005', 'ID4175: refused'] },
      },
    }),
  ];
  for (const text of texts)
    expect(entriesOf(text), text).toMatchObject([
      { id: 1309, source: 'ASP.NET 4.0.30319.0', atMs: utcMs, message: expect.stringContaining('ID4175: refused') },
    ]);
});

test('an event pasted into a forum has lost the escapes of its texts, and is read all the same', () => {
  const xml = aspNet('2026-11-28T20:11:52Z', id4175);
  const pasted = xml.replace(id4175, `${id4175} at X.Issue(IList\`1& claims, List<string> more) & so on`);
  expect(entriesOf(pasted)).toMatchObject([{ id: 1309, atMs: utcMs, message: expect.stringContaining('IList`1& claims, List<string> more') }]);
  expect(entriesOf(xml.replace(/</g, '&lt;').replace(/>/g, '&gt;'))).toMatchObject([{ id: 1309, atMs: utcMs }]);
});

test('a trace of CRM is read, and the one local zone in which it falls together with the refusal is found by the matcher', () => {
  const [entry] = entriesOf(
    '# CRM Tracing Version 2.0\n[2026-11-28 14:11:52.611] Process: w3wp |Organization:x |Level: Error |ReqId: ' +
      '6f1a3a6e-1f0e-4c3a-9a5e-0a6f4f6d1c11 | Log\n>Exception type: X\nID4175: refused\n',
  );
  expect(entry).toMatchObject({ source: 'CRM trace', id: null, level: 'error', zoned: false, message: expect.stringContaining('ID4175: refused') });
});

test('where no layout fits, a time and a code suffice: the friendly view, Format-Table', () => {
  const friendly =
    '- System\n  - Provider\n   [ Name] ASP.NET 4.0.30319.0\n  - EventID 1309\n  - TimeCreated\n   [ SystemTime] 2026-11-28T20:11:52.000000000Z\n' +
    '- EventData\n   3005\n   ID4175: refused\n';
  expect(entriesOf(friendly)).toMatchObject([{ id: 1309, source: 'ASP.NET 4.0.30319.0', atMs: utcMs }]);
  const [row] = entriesOf(
    'TimeCreated   Id LevelDisplayName Message\n-----------   -- ----- -------\n11/28/2026 2:11:52 PM         1309 Warning          ID4175: refused\n',
  );
  expect(row).toMatchObject({ id: 1309, atMs: local(2026, 10, 28, 14, 11, 52) });
});
