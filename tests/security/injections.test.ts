/** Texts of a hostile server in every format that another program reads: tables, calendars, mails, terminals, CI servers. */
import { createTransport } from 'nodemailer';
import { expect, test } from '@playwright/test';
import { reportSchema } from '../../contracts/report';
import { mailOf } from '../../monitor/alerts/channels/email';
import { pagerDutyBodies } from '../../monitor/alerts/channels/pagerduty';
import { slackBody } from '../../monitor/alerts/channels/slack';
import { teamsBody } from '../../monitor/alerts/channels/teams';
import { jsonBody } from '../../monitor/alerts/channels/webhook';
import { plainText } from '../../monitor/alerts/message';
import { csvCell } from '../../monitor/slots/export-slots';
import { sampleMessage } from '../../monitor/testing/sample-notice';
import { createLog } from '../../system/log';
import { createRedactor } from '../../probes/redaction/redact';
import { renderForecastCalendar } from '../../reports/forecast-calendar';
import { renderForecastNagios } from '../../reports/forecast-monitoring';
import { renderForecastText } from '../../reports/forecast-text';
import { renderers } from '../../reports/testing/renderers';
import { safeJson } from '../../reports/safe-json';
import { safeText } from '../../reports/safe-text';
import { hostileForecast } from '../../reports/testing/sample-forecasts';
import { hostile } from '../../reports/testing/hostile';
import { openXml } from '../../federation/gate';
import { sampleReports } from '../../reports/testing/sample-reports';
import { withoutSecrets } from '../../cli/shared/crash-output';

const note = (attempts: number, leaks: readonly string[]): void => {
  test.info().annotations.push({ type: 'attempts', description: String(attempts) }, { type: 'leaks', description: String(leaks.length) });
  expect(leaks).toEqual([]);
};

/** What drives, hides, reorders or forges text on a terminal and in an editor. */
const terminal: readonly string[] = [
  '\u001B[2J\u001B[H',
  '\u001B[31mred',
  '\u001B]0;title\u0007',
  '\u001B]8;;https://evil.example/\u0007click\u001B]8;;\u0007',
  '\u001B]52;c;ZXZpbA==\u0007',
  '\u001BP$q"p\u001B\\',
  '\u001B_G\u001B\\',
  '\u009B31m',
  '\u009D8;;https://evil.example/\u009C',
  '\u0090q\u009C',
  '\b\b\b\bgood',
  '\u007F\u0008',
  'healthy\u0000',
  '\u202Egnp.exe',
  '\u2066hidden\u2069',
  '\u061C\u200F\u200E',
  '\u200B\u2060\uFEFF',
  '\u00ADsoft',
  '\u180E\u206A\u206F',
  '\uFFF9a\uFFFAb\uFFFB',
  '\u{E0041}\u{E0042}\u{E007F}',
  '\u115F\u1160\u3164\uFFA0',
  '\u2028line\u2029paragraph',
  '\uD800lone',
  '\uFFFE\uFFFF',
  '__proto__',
  'constructor',
  'toString',
];
const drives =
  /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u00AD\u061C\u115F\u1160\u180E\u200B\u200E\u200F\u2028-\u202E\u2060-\u206F\u3164\uD800-\uDFFF\uFEFF\uFFA0\uFFF9-\uFFFB\uFFFE\uFFFF\u{E0000}-\u{E007F}]/u;

/** What a spreadsheet reads as a formula, or as the end of a cell before one. */
const formulas = [
  '=1+1',
  '+1',
  '-1+1',
  '@SUM(A1)',
  "=cmd|' /C calc'!A0",
  '=HYPERLINK("https://evil.example/","x")',
  '\uFF1D1+1',
  '\uFF0B1',
  '\uFF0D1',
  '\uFF201',
  '%0A=1',
  '|=1',
];
const cells = [
  ...formulas,
  ...formulas.flatMap((formula) =>
    [' ', '\t', '\r', '\n', '\r\n', ',', ';', '|', '"', '",', "';", ';;', '\u00A0', '\u0000', '\uFEFF', '\u200B'].map((before) => `ok${before}${formula}`),
  ),
  ...formulas.flatMap((formula) => ['\t', '\r\n', ' ', '\u0000', '\uFEFF', '\u200B', '\u00A0', '"', "''"].map((before) => `${before}${formula}`)),
];

test('no cell of the exported table is a formula, whichever separator a spreadsheet takes', () => {
  const leaks = cells.filter((value) => {
    const cell = csvCell(value);
    if (drives.test(cell)) return true;
    // The cell as RFC 4180 reads it, and what comes of the line where another character separates.
    const content = cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell;
    const pieces = [content, ...[',', ';', '\t', '|', '\n', '\r'].flatMap((separator) => `x${separator}${cell}`.split(separator))];
    return pieces.some((piece) => /^["\s]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]/.test(piece));
  });
  note(
    cells.length,
    leaks.map((leak) => JSON.stringify(leak)),
  );
});

test('no line of a calendar is the server’s, however it breaks and folds its text', () => {
  const attacks = [
    '\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:forged',
    '\nATTACH:https://evil.example/x',
    '\rATTENDEE:mailto:evil@evil.example',
    '\u2028END:VCALENDAR',
    '\u0085BEGIN:VALARM\u0085ACTION:EMAIL',
    '\\nEND:VEVENT\\n',
    `${'x'.repeat(70)}\r\n BEGIN:VEVENT`,
    `${'ä'.repeat(37)}\r\nURL:https://evil.example/`,
    ';X=1:VALUE=URI,forged',
    '\u0000\u001B]8;;x\u0007',
    '\r\n\tSUMMARY:continued',
  ];
  const names = (text: string): string[] =>
    text
      .replace(/\r\n[ \t]/g, '')
      .split(/\r\n|\r|\n/)
      .map((line) => line.replace(/[:;].*/s, ''));
  const expected = names(renderForecastCalendar(hostileForecast('x')));
  const leaks = attacks.filter((text) => {
    const calendar = renderForecastCalendar(hostileForecast(text));
    const raw = calendar.split('\r\n');
    return names(calendar).join() !== expected.join() || drives.test(calendar) || raw.some((line) => /[\r\n]/.test(line) || Buffer.byteLength(line) > 75);
  });
  note(attacks.length, leaks);
});

test('no header or part of a mail is the server’s', async () => {
  const attacks = [
    '\r\nBcc: evil@evil.example',
    '\nBcc: evil@evil.example',
    '\rBcc: evil@evil.example',
    '\r\n\r\nforged body',
    '=?utf-8?q?=0D=0ABcc:_evil?=',
    '\u2028Bcc: x@y',
    '\u0085Bcc: x@y',
    '\r\n.\r\nMAIL FROM:<evil@evil.example>',
    '\u0000\r\nBcc: e@e',
    '--boundary\r\nContent-Type: text/html\r\n\r\n<script>',
  ];
  const leaks: string[] = [];
  const transport = createTransport({ streamTransport: true, buffer: true, newline: 'windows' });
  for (const text of attacks) {
    const message = sampleMessage({ summary: text }, { title: text, cause: text, sts: text, acknowledgedBy: text });
    const sent = await transport.sendMail({
      ...mailOf({ ...message, nextStep: { text, command: text } }, { from: 'probe@contoso.test', to: ['ops@contoso.test'] } as never),
    });
    const mail = (sent.message as Buffer).toString('latin1');
    const [head = ''] = mail.split('\r\n\r\n');
    if (/^bcc:/im.test(head) || /evil/.test(JSON.stringify(sent.envelope)) || sent.envelope.to.length !== 1) leaks.push(`${JSON.stringify(text)}: ${head}`);
    if (/^\.\r?$/m.test(mail)) leaks.push(`${JSON.stringify(text)}: ends the message`);
    const parts = mail.split(/^Content-Type: /m);
    if (parts.length !== 4) leaks.push(`${JSON.stringify(text)}: ${parts.length - 1} parts`);
    if (/<script/.test(parts.find((part) => part.startsWith('text/html')) ?? '<script')) leaks.push(`${JSON.stringify(text)}: markup`);
  }
  note(attacks.length, leaks);
});

test('what goes to a terminal, an editor, a CI server, a chat or a program’s input does nothing there', async () => {
  const leaks: string[] = [];
  let attempts = 0;
  const look = (where: string, text: string, pattern = drives): void => {
    attempts += 1;
    const found = pattern.exec(text);
    if (found) leaks.push(`${where}: U+${found[0].codePointAt(0)?.toString(16)}`);
  };
  for (const text of terminal) {
    const shown = JSON.stringify(text);
    const report = hostile(reportSchema, sampleReports.broken!(), text);
    for (const [name, render] of Object.entries(renderers)) look(`${name} ${shown}`, render(report));
    if (!openXml(renderers['junit']!(report)).ok) leaks.push(`junit ${shown}: no XML`);
    const forecast = hostileForecast(text);
    look(`forecast ${shown}`, renderForecastText(forecast, { color: false }));
    look(`forecast nagios ${shown}`, renderForecastNagios(forecast));
    look(`json ${shown}`, safeJson({ [text]: [text] }));
    expect(JSON.parse(safeJson({ [text]: [text] }, 2))).toEqual({ [text]: [text] });
    look(`csv ${shown}`, csvCell(text));
    look(`a failure ${shown}`, withoutSecrets(text));
    const message = sampleMessage({ summary: text }, { title: text, sts: text });
    look(`message ${shown}`, plainText(message));
    for (const body of [slackBody(message), teamsBody(message), ...pagerDutyBodies(message, 'key')]) look(`chat ${shown}`, Object.values(strings(body)).join());
    look(`webhook ${shown}`, safeJson(jsonBody(message)));
    look(`log ${shown}`, await logged(text));
    look(`text ${shown}`, safeText(text));
  }
  note(attempts, leaks);
});

/** Every string within a value, one after the other. */
const strings = (value: unknown): string[] =>
  typeof value === 'string' ? [value] : typeof value === 'object' && value !== null ? Object.values(value).flatMap(strings) : [];

async function logged(text: string): Promise<string> {
  let written = '';
  const log = createLog({ level: 'info', quiet: false, redactor: createRedactor() });
  const console_ = process.stderr.write.bind(process.stderr);
  const stub = (chunk: string): boolean => ((written += chunk), true);
  Object.assign(process.stderr, { write: stub });
  const before = console.error;
  console.error = (line: string): void => void (written += line);
  try {
    log.info(text);
    await new Promise((resolve) => setImmediate(resolve));
  } finally {
    Object.assign(process.stderr, { write: console_ });
    console.error = before;
    log.close();
  }
  return written.replace(/\n$/, '');
}
