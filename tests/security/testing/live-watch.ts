/** `watch` as a user starts it, beside the lab, with somebody's webhook as its channel of alerts. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

const root = join(__dirname, '..', '..', '..');

export interface LiveWatch {
  readonly process: ChildProcess;
  /** Where its page is. */
  readonly page: string;
  /** All it printed. */
  said(): string;
  /** What the webhook was sent, one text each: headers and body. */
  readonly alerts: readonly string[];
  /** Ends it as an operator does; its exit code. */
  stop(): Promise<number | null>;
}

export interface LiveWatchWishes {
  /** The lab's configuration, or one like it: `monitor`, `web` and `alerts` are added, and a schedule to its target. */
  readonly config: string;
  readonly folder: string;
  readonly state: string;
  readonly schedule: string;
}

/** Resolves once its page answers; rejects with what it printed when it ends before. */
export async function startLiveWatch({ config, folder, state, schedule }: LiveWatchWishes): Promise<LiveWatch> {
  const alerts: string[] = [];
  const hook = createServer((request, response) => {
    let body = '';
    request.on('data', (part: Buffer) => (body += part.toString()));
    request.on('end', () => {
      alerts.push(`${JSON.stringify(request.headers)}\n${body}`);
      response.writeHead(204).end();
    });
  }).listen(0, '127.0.0.1');
  await once(hook, 'listening');
  const own = join(folder, 'watch.yaml');
  const text = (await readFile(config, 'utf8')).replace('  - name: contoso', `  - name: contoso\n    schedule: ${schedule}`);
  const channels = 'channels: [{ name: hook, webhook: { url: env:LIVE_WATCH_WEBHOOK, secret: env:LIVE_WATCH_SECRET } }]';
  await writeFile(
    own,
    `${text}\nmonitor: { confirmAfterSeconds: 0, concurrency: 2 }\nweb: { listen: '127.0.0.1:0' }\nalerts: { after: 1, of: 1, gather: 1s, ${channels} }\n`,
  );
  const child = spawn(process.execPath, [join(root, 'bin', 'signin-probe.js'), 'watch', '--config', own, '--out', join(folder, 'watch')], {
    env: {
      ...process.env,
      SIGNIN_PROBE_STATE: state,
      LIVE_WATCH_WEBHOOK: `http://127.0.0.1:${(hook.address() as AddressInfo).port}/`,
      LIVE_WATCH_SECRET: 'a secret of the webhook',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  const ended = once(child, 'exit') as Promise<[number | null]>;
  const page = await new Promise<string>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (part: Buffer) => {
        said += part.toString();
        const address = /page\s+(http:\S+)/.exec(said)?.[1];
        if (address) resolve(address);
      });
    child.once('exit', () => reject(new Error(`watch ended: ${said}`)));
  });
  const stop = async (): Promise<number | null> => {
    child.kill('SIGTERM');
    const [code] = await ended;
    hook.close();
    return code;
  };
  return { process: child, page, said: () => said, alerts, stop };
}

/** Every page that `watch` links to from these, with its text: at most `most`, breadth first. Addresses of other hosts are not asked. */
export async function readSite(origin: string, from: readonly string[], most = 150): Promise<[string, string][]> {
  const [waiting, known, pages] = [[...from], new Set(from), [] as [string, string][]];
  for (let path = waiting.shift(); path !== undefined && pages.length < most; path = waiting.shift()) {
    const answer = await fetch(new URL(path, origin));
    const text = await answer.text();
    pages.push([`${answer.status} ${path}`, `${JSON.stringify([...answer.headers])}\n${text}`]);
    if (!(answer.headers.get('content-type') ?? '').includes('html')) continue;
    for (const [, link = ''] of text.matchAll(/(?:href|src|action)="([^"#]+)/g)) {
      const to = new URL(link.replaceAll('&amp;', '&'), new URL(path, origin));
      const next = to.pathname + to.search;
      if (to.origin !== origin || known.has(next) || to.pathname === '/live') continue;
      known.add(next);
      waiting.push(next);
    }
  }
  return pages;
}
