import { spawn, spawnSync } from 'node:child_process';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { expect, test } from '@playwright/test';
import { hostileReport } from '../testing/hostile';
import { brokenSample, healthySample } from '../testing/sample-reports';
import { renderZabbix } from './zabbix';

test.skip(spawnSync('zabbix_sender', ['--version']).status !== 0, 'zabbix_sender is not installed (Debian: zabbix-sender)');

interface Sent {
  readonly data: readonly { readonly host: string; readonly key: string; readonly value: string }[];
}

/** A trapper that takes everything (https://www.zabbix.com/documentation/current/en/manual/appendix/protocols/header_datalen). */
async function sentBy(lines: string): Promise<Sent['data']> {
  const received: Sent['data'][number][] = [];
  const answer = (socket: Socket): void => {
    let all = Buffer.alloc(0);
    socket.on('data', (chunk: Buffer) => {
      all = Buffer.concat([all, chunk]);
      if (all.length < 13 || all.length < 13 + all.readUInt32LE(5)) return;
      const { data } = JSON.parse(all.subarray(13, 13 + all.readUInt32LE(5)).toString('utf8')) as Sent;
      received.push(...data);
      const body = Buffer.from(
        JSON.stringify({ response: 'success', info: `processed: ${data.length}; failed: 0; total: ${data.length}; seconds spent: 0.1` }),
      );
      const header = Buffer.alloc(13);
      header.write('ZBXD\x01', 'latin1');
      header.writeUInt32LE(body.length, 5);
      socket.end(Buffer.concat([header, body]));
    });
  };
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const child = spawn('zabbix_sender', ['-z', '127.0.0.1', '-p', String((server.address() as AddressInfo).port), '-s', 'crm', '-i', '-']);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString('utf8')));
  child.stdin.end(lines);
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  await new Promise((resolve) => server.close(resolve));
  expect(code, said).toBe(0);
  return received;
}

for (const [name, report] of [
  ['a broken sign-in', brokenSample()],
  ['a healthy one', healthySample()],
  ['one with an attack in every text', hostileReport(healthySample())],
] as const)
  test(`the real zabbix_sender reads every line of ${name}`, async () => {
    const lines = renderZabbix(report);
    const data = await sentBy(lines);
    expect(data).toHaveLength(lines.trimEnd().split('\n').length);
    expect(new Set(data.map(({ host }) => host))).toEqual(new Set(['crm']));
    const [discovery] = data;
    expect(discovery?.key).toBe('signin.discovery');
    const found = JSON.parse(discovery?.value ?? '') as readonly Record<string, string>[];
    expect(found).toHaveLength(report.results.length);
    for (const each of found) expect(data.map(({ key }) => key)).toContain(`signin.verdict[${each['{#TARGET}']},${each['{#ROUTE}']}]`);
  });
