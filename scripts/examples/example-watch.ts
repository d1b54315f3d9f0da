import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type Browser, chromium } from 'playwright';
import { type Lab, startLab } from '../../lab/start-lab';
import { kbRepairOrder } from '../../lab/repair';
import { ensureBrowser } from '../start/ensure-browser';

/**
 * `npm run example:watch`: monitoring of the embedded lab, time compressed, from healthy over a rollover to recovery, with a picture of the web page at each
 * stage.
 */
const out = join('output', 'example-watch');
const startedAt = performance.now();
const say = (text: string): void => console.log(`${((performance.now() - startedAt) / 1000).toFixed(1).padStart(6)} s  ${text}`);

interface Message {
  readonly event: string;
  readonly text: string;
  /** The forecast alarm that told of it. */
  readonly foretold: object | null;
}

/** Somebody's webhook: keeps what it is sent. */
async function receiver(): Promise<{ readonly server: Server; readonly url: string; readonly messages: Message[] }> {
  const messages: Message[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (part: Buffer) => (body += part.toString()));
    request.on('end', () => {
      const { event, text, foretold } = JSON.parse(body) as Message;
      messages.push({ event, text, foretold });
      say(`    alert ${event}: ${text}`);
      response.writeHead(204).end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/alerts`, messages };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function configure(lab: Lab, port: number): Promise<string> {
  const config = join(lab.folder, 'watch.yaml');
  const text = (await readFile(lab.config, 'utf8')).replace('  - name: contoso', '  - name: contoso\n    schedule: every 10s');
  await writeFile(
    config,
    `${text}
monitor: { confirmAfterSeconds: 1, concurrency: 1 }
web: { listen: '127.0.0.1:${port}', baseUrl: 'http://127.0.0.1:${port}', local: operator }
alerts: { after: 1, of: 1, gather: 5s, channels: [{ name: example, webhook: { url: env:EXAMPLE_WEBHOOK, secret: env:EXAMPLE_WEBHOOK_SECRET } }] }
`,
  );
  return config;
}

async function startWatch(config: string, webhook: string, state: string): Promise<{ child: ChildProcess; page: string }> {
  const child = spawn(process.execPath, [join(__dirname, '..', '..', 'bin', 'signin-probe.js'), 'watch', '--config', config, '--out', out, '--quiet'], {
    env: { ...process.env, EXAMPLE_WEBHOOK: webhook, EXAMPLE_WEBHOOK_SECRET: 'for the example only', SIGNIN_PROBE_STATE: state },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  const page = await new Promise<string>((resolve, reject) => {
    child.stdout?.on('data', (part: Buffer) => {
      said += part.toString();
      const address = /page\s+(http:\S+)/.exec(said)?.[1];
      if (address) resolve(address);
    });
    child.once('exit', (code) => reject(new Error(`watch ended with ${code}: ${said}`)));
  });
  return { child, page };
}

/** The message that names the KB for a sign-in that no longer works. */
const isBroken = ({ event, text }: Message): boolean =>
  ['opened', 'worsened', 'cause-changed'].includes(event) && text.includes('BROKEN') && text.includes('2686840');

async function until(what: string, holds: () => boolean | Promise<boolean>, withinMs = 120_000): Promise<void> {
  const end = performance.now() + withinMs;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`NOT AS EXPECTED: no "${what}" within ${withinMs / 1000} s`);
    await wait(500);
  }
}

async function example(): Promise<void> {
  const choice = await ensureBrowser(say);
  const [lab, hook] = await Promise.all([startLab({ face: 'errorhandler' }), receiver()]);
  await rm(out, { recursive: true, force: true });
  await mkdir(out, { recursive: true });
  const browser: Browser = await chromium.launch({
    ...(choice.executablePath ? { executablePath: choice.executablePath } : {}),
    chromiumSandbox: process.getuid?.() !== 0,
  });
  const watch = await startWatch(await configure(lab, await freePort()), hook.url, join(lab.folder, 'state'));
  try {
    say(`watching the lab every 10 s (which stands for 5 minutes); the web page: ${watch.page}`);
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    const picture = async (name: string): Promise<void> => {
      await page.goto(watch.page);
      await page.screenshot({ path: join(out, `${name}.png`) });
      say(`    picture: ${join(out, `${name}.png`)}`);
    };
    const shows = async (text: string): Promise<boolean> => {
      await page.goto(watch.page);
      return (await page.locator('main').innerText()).toLowerCase().includes(text);
    };
    const told = (event: string, from = 0): boolean => hook.messages.slice(from).some((message) => message.event === event);
    const untilTold = (what: string, event: string, from = 0): Promise<void> => until(what, () => told(event, from));

    say('1. healthy');
    await until('all healthy', () => shows('2 of 2'));
    await picture('1-healthy');
    say('2. AD FS generates its next signing certificate, to be promoted in five days');
    await lab.rollover('generate');
    await untilTold('a forecast alarm', 'forecast');
    await picture('2-forecast');
    say('3. AD FS promotes it; CRM still trusts the old one');
    await lab.rollover('promote');
    await until('an alert', () => hook.messages.some(isBroken));
    await untilTold('the end of the forecast: it has happened', 'closed');
    await picture('3-rollover');
    say("4. the KB's repair");
    for (const step of kbRepairOrder) await lab.repair(step);
    await untilTold('a recovery', 'recovered', hook.messages.findIndex(isBroken));
    await until('all healthy', () => shows('2 of 2'));
    await picture('4-recovered');
    const opened = hook.messages.filter(isBroken);
    say(`messages: ${hook.messages.map(({ event }) => event).join(', ')}`);
    if (opened.length > 1) throw new Error(`NOT AS EXPECTED: ${opened.length} messages for one rollover`);
    if (!opened[0]?.foretold) throw new Error('NOT AS EXPECTED: the alert does not say that it was foretold');
    const good = hook.messages.filter(({ event }) => event === 'recovered');
    if (good.length !== 1) throw new Error(`NOT AS EXPECTED: ${good.length} times good news; the forecast was not averted, it happened`);
    say('Done, as expected.');
  } finally {
    watch.child.removeAllListeners('exit');
    watch.child.kill('SIGTERM');
    if (watch.child.exitCode === null) await once(watch.child, 'exit');
    await browser.close();
    hook.server.close();
    await lab.close();
  }
}

example().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(2);
  },
);
