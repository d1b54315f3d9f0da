import { mkdirSync, writeFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { readNegotiations } from './negotiations';

const types = {
  AUTH_CONTROLLER: 1,
  AUTH_HANDLER_CREATE_RESULT: 2,
  AUTH_LIBRARY_IMPORT_NAME: 3,
  AUTH_LIBRARY_ACQUIRE_CREDS: 4,
  AUTH_LIBRARY_INIT_SEC_CTX: 5,
  AUTH_GENERATE_TOKEN: 6,
};
const constants = {
  logEventTypes: types,
  netError: { ERR_INVALID_AUTH_CREDENTIALS: -338, ERR_UNSUPPORTED_AUTH_SCHEME: -339, ERR_MISCONFIGURED_AUTH_ENVIRONMENT: -343 },
};

type Event = readonly [type: keyof typeof types, phase: 0 | 1 | 2, params?: object | undefined, source?: number];

/** A log as Chromium lays it out: constants in one line, one event per line. */
function log(events: readonly Event[]): string {
  const lines = events.map(([type, phase, params, id = 7]) =>
    JSON.stringify({ ...(params ? { params } : {}), phase, source: { id, start_time: '1', type: 40 }, time: '1', type: types[type] }),
  );
  return `${JSON.stringify({ constants }).slice(0, -1)},\n"events": [\n${lines.join(',\n')}],\n"polledData": []\n}\n`;
}

async function read(text: string, folder: string): Promise<unknown> {
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}/net-log.json`, text);
  return readNegotiations(`${folder}/net-log.json`);
}

const asked: Event = ['AUTH_CONTROLLER', 1, { target: 'server', url: 'https://sts.contoso.com/adfs/ls/wia?wa=wsignin1.0&wctx=x' }];
const url = 'https://sts.contoso.com/adfs/ls/wia';
const flags = { delegated: false, mutual: false, value: '0x00000000' };
const windows = (mechanism: string): object => ({
  status: { net_error: 0, security_status: 590610 },
  context: { flags, mechanism, open: true, source: 'probe@CONTOSO.COM', target: 'HTTP/sts.contoso.com' },
});

// The layout of GSSAPI's events is tested against real ones in kerberos.lab.ts; SSPI's are written after Chromium's http_auth_sspi_win.cc.
for (const [mechanism, sent] of [
  ['Kerberos', 'Negotiate-Kerberos'],
  ['NTLM', 'Negotiate-NTLM'],
] as const)
  test(`on Windows, ${mechanism} inside Negotiate is told, with account and service`, async ({}, info) => {
    const events: Event[] = [
      asked,
      ['AUTH_HANDLER_CREATE_RESULT', 0, { allows_default_credentials: true, origin: 'https://sts.contoso.com', scheme: 'negotiate' }],
      ['AUTH_GENERATE_TOKEN', 1],
      ['AUTH_LIBRARY_ACQUIRE_CREDS', 1],
      ['AUTH_LIBRARY_ACQUIRE_CREDS', 2, { status: { net_error: 0, security_status: 0 } }],
      ['AUTH_LIBRARY_INIT_SEC_CTX', 1, { flags, spn: 'HTTP/sts.contoso.com' }],
      ['AUTH_LIBRARY_INIT_SEC_CTX', 2, windows(mechanism)],
      ['AUTH_GENERATE_TOKEN', 2],
    ];
    expect(await read(log(events), info.outputPath())).toEqual([{ url, sent, account: 'probe@CONTOSO.COM', service: 'HTTP/sts.contoso.com', failure: null }]);
  });

test("on Windows, SSPI's error is told with its name", async ({}, info) => {
  const events: Event[] = [
    asked,
    ['AUTH_GENERATE_TOKEN', 1],
    ['AUTH_LIBRARY_INIT_SEC_CTX', 1, { flags, spn: 'HTTP/sts.contoso.com' }],
    ['AUTH_LIBRARY_INIT_SEC_CTX', 2, { status: { net_error: -343, security_status: 0x80090303 | 0 } }],
    ['AUTH_GENERATE_TOKEN', 2, { net_error: -343 }],
  ];
  const failure = 'Windows says 0x80090303 (SEC_E_TARGET_UNKNOWN)';
  expect(await read(log(events), info.outputPath())).toEqual([{ url, sent: null, account: null, service: 'HTTP/sts.contoso.com', failure }]);
});

test('a browser without the Kerberos library is told as such', async ({}, info) => {
  const events: Event[] = [asked, ['AUTH_HANDLER_CREATE_RESULT', 0, { net_error: -339, origin: 'https://sts.contoso.com', scheme: 'negotiate' }]];
  const failure = "the browser cannot use the system's Kerberos library (net::ERR_UNSUPPORTED_AUTH_SCHEME)";
  expect(await read(log(events), info.outputPath())).toEqual([{ url, sent: null, account: null, service: null, failure }]);
});

test('a challenge nobody tried to answer has neither answer nor failure, and proxies are none of it', async ({}, info) => {
  const events: Event[] = [asked, ['AUTH_CONTROLLER', 1, { target: 'proxy', url: 'http://127.0.0.1:3128/' }, 9], ['AUTH_GENERATE_TOKEN', 2, undefined, 9]];
  expect(await read(log(events), info.outputPath())).toEqual([{ url, sent: null, account: null, service: null, failure: null }]);
});

test('a log that ends in the middle of a line is read up to there; none, an empty one and garbage are empty', async ({}, info) => {
  const whole = log([asked, ['AUTH_GENERATE_TOKEN', 2], ['AUTH_GENERATE_TOKEN', 2, { net_error: -338 }]]);
  expect(await read(whole.slice(0, whole.lastIndexOf('net_error')), info.outputPath())).toMatchObject([{ url, sent: 'Negotiate' }]);
  for (const text of [
    '',
    '\n\n',
    '{"constants":{}}',
    'not JSON\n{"type":1}',
    '{"constants":null,\n{"type":1,"phase":1,"source":{"id":1},"params":{"target":"server","url":"https://x/"}},',
  ])
    expect(await read(text, info.outputPath())).toEqual([]);
  expect(await readNegotiations(info.outputPath('none.json'))).toEqual([]);
});
