import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** The lab in a process of its own, so that what it takes counts for nobody. */
export interface LabProcess {
  readonly config: string;
  readonly urls: { readonly internal: string; readonly ifd: string; readonly sts: string };
  readonly account: { readonly user: string; readonly password: string };
  readonly pid: number;
  post(path: string, body: object): Promise<void>;
  close(): Promise<void>;
}

interface Ready {
  readonly config: string;
  readonly urls: LabProcess['urls'];
  readonly control: string;
  readonly accounts: readonly { readonly user: string; readonly passwordFile: string }[];
}

export async function startLabProcess(): Promise<LabProcess> {
  const bin = join(__dirname, '..', '..', 'bin', 'signin-probe.js');
  const child: ChildProcess = spawn(process.execPath, [bin, 'lab', '--json'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const line = await new Promise<string>((resolve, reject) => {
    if (child.stdout) createInterface(child.stdout).once('line', resolve);
    void ended.then(() => reject(new Error('the lab did not start')));
  });
  const { config, urls, control, accounts } = JSON.parse(line) as Ready;
  const [account] = accounts;
  return {
    config,
    urls,
    account: { user: account?.user ?? '', password: readFileSync(account?.passwordFile ?? '', 'utf8').trim() },
    pid: child.pid ?? 0,
    post: async (path, body) => {
      const { status } = await fetch(`${control}${path}`, { method: 'POST', body: JSON.stringify(body) });
      if (status !== 200) throw new Error(`the lab answered ${path} with ${status}`);
    },
    close: () => {
      child.kill('SIGTERM');
      return ended;
    },
  };
}
