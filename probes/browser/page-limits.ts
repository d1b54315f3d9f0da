import { readFile } from 'node:fs/promises';
import type { CDPSession } from 'playwright';

/** What one sign-in may cost the machine; the heaviest real one seen loads 20 MB and takes 350 MB. */
export interface PageLimits {
  readonly receivedMb: number;
  readonly memoryMb: number;
}
export const defaultPageLimits: PageLimits = { receivedMb: 250, memoryMb: 2_000 };

const lookEveryMs = 500;

/**
 * Watches what the pages of a journey receive and what the browser takes of this machine's memory, and calls `exceeded` once, with why. Memory is
 * that of all processes of the browser (on Linux; elsewhere only a script's own memory is bounded, by the browser: `scriptMemoryFlag`).
 * Returns how to stop watching.
 */
export async function watchLimits(page: CDPSession, browser: CDPSession, limits: PageLimits, exceeded: (why: string) => void): Promise<() => void> {
  let receivedBytes = 0;
  let told = false;
  const tell = (why: string): void => {
    if (!told) exceeded(why);
    told = true;
  };
  await page.send('Network.enable');
  page.on('Network.dataReceived', ({ dataLength }) => {
    receivedBytes += dataLength;
    if (receivedBytes > limits.receivedMb * 1e6) tell(`the pages sent more than ${limits.receivedMb} MB`);
  });
  if (process.platform !== 'linux') return () => undefined;
  let looking = false;
  const timer = setInterval(() => {
    if (looking) return;
    looking = true;
    void browserMemoryMb(browser)
      .then((mb) => mb > limits.memoryMb && tell(`the browser took more than ${limits.memoryMb} MB of memory`))
      .catch(() => undefined) // the browser is gone
      .finally(() => (looking = false));
  }, lookEveryMs);
  timer.unref();
  return () => clearInterval(timer);
}

/** For the browser's command line: a script that takes more loses its page ("the page crashed"). */
export const scriptMemoryFlag = '--js-flags=--max-old-space-size=1024';

/** What all processes of the browser have for themselves. On Linux; elsewhere 0, as nobody tells. */
export async function browserMemoryMb(browser: CDPSession): Promise<number> {
  if (process.platform !== 'linux') return 0;
  const { processInfo } = await browser.send('SystemInfo.getProcessInfo');
  const sizes = await Promise.all(processInfo.map(({ id }) => readFile(`/proc/${id}/status`, 'utf8').catch(() => '')));
  // What is a process's own: shared libraries would count once for each.
  return sizes.reduce((sum, status) => sum + Number(/^RssAnon:\s+(\d+) kB/m.exec(status)?.[1] ?? 0), 0) / 1000;
}
