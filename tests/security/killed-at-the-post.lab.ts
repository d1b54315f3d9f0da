/**
 * The program as its users start it, at an STS that counts: killed at the password's POST, its browser stopped there, and with a folder for parked accounts
 * that takes nothing.
 */
import { execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { reportSchema } from '../../contracts/report';
import { canFindProcesses, stillThere, stopBrowser } from '../../probes/testing/foreign/browser-processes';
import { account, equipment, goodPassword } from '../../probes/testing/foreign/foreign-world';
import { identityProvider } from '../../probes/testing/foreign/identity-provider';
import { relyingParty } from '../../probes/testing/foreign/relying-party';
import { tells } from '../../probes/testing/foreign/sign-in-attempt';
import { type Answer, startVirtualHosts, type VirtualHosts } from '../../probes/testing/foreign/virtual-hosts';
import { runCli } from '../../cli/testing/run-cli';
import { noteSubmissions } from './testing/note-submissions';

const variable = 'SIGNIN_PROBE_KILLED_PASSWORD';
const starts = process.env.SECURITY_FULL ? 10 : 3;
test.describe.configure({ timeout: 60_000 + starts * 15_000 });

let hosts: VirtualHosts;
let folder: string;
let onPassword: () => Answer = () => 'never';

test.beforeEach(async () => {
  const { pki, key } = await equipment();
  [hosts, folder] = [await startVirtualHosts(pki), await mkdtemp(join(tmpdir(), 'signin-probe-test-'))];
  const idp = hosts.origin('idp.example.test');
  const provider = identityProvider(idp, { account, key, refuse: () => onPassword(), afterPassword: () => onPassword() });
  const party = relyingParty(hosts.origin('app.example.test'), { signInUrl: `${idp}/wsfed`, trusted: key.certificate });
  hosts.put('idp.example.test', provider.site);
  hosts.put('app.example.test', party.site);
  const target = {
    name: 'abroad',
    ifd: { url: party.url },
    sts: idp,
    account: { user: account.user, password: `env:${variable}` },
    signedIn: { selector: '#welcome', api: false },
    tls: { ca: hosts.caFile },
    resolve: { 'app.example.test': '127.0.0.1', 'idp.example.test': '127.0.0.1' },
    deadlineSeconds: 20,
  };
  await writeFile(join(folder, 'signin-probe.yaml'), JSON.stringify({ targets: [target] }));
});
test.afterEach(async () => {
  await hosts.close();
  await rm(folder, { recursive: true, force: true });
});

const arrived = (): number => hosts.arrivals.filter(({ raw }) => tells(raw, goodPassword)).length;
const run = (state: string, onStderr?: (text: string, pid: number) => void) =>
  runCli(['run', '--config', join(folder, 'signin-probe.yaml'), '--out', join(folder, 'out'), '--json'], {
    env: { SIGNIN_PROBE_STATE: state, [variable]: goodPassword },
    onStderr,
  });

test(`a probe that is killed at the POST and started again ${starts} times submits the password once`, async () => {
  test.skip(process.platform === 'win32', 'signals are another matter there');
  let pid = 0;
  onPassword = () => {
    process.kill(pid, 'SIGKILL');
    return 'never';
  };
  for (let start = 1; start <= starts; start++) {
    const { exitCode, stdout, stderr } = await run(join(folder, 'state'), (_, id) => (pid = id));
    expect(exitCode, stderr).toBe(start === 1 ? null : 3);
    if (start === 1) continue;
    const [result] = reportSchema.parse(JSON.parse(stdout)).results;
    expect(result).toMatchObject({ verdict: 'unknown', parked: { state: 'unclear', how: 'nothing is known of the answer' } });
    expect(result?.why).toMatch(/^Not tried: this account is parked since .* tried again by itself after .*account release "probe@example\.test"/);
  }
  noteSubmissions(starts, arrived());
  expect(arrived()).toBe(1);
});

for (const what of process.env.SECURITY_FULL ? (['everything', 'browser', 'renderers'] as const) : (['everything'] as const))
  test(`a probe whose browser is stopped at the POST (${what}) says so after its deadline, and submits nothing when it is started again`, async () => {
    test.skip(!canFindProcesses, 'needs /proc and signals');
    let ids: readonly number[] = [];
    onPassword = () => {
      ids = stopBrowser(what);
      return 'never';
    };
    const state = join(folder, 'state');
    for (let start = 1; start <= 2; start++) {
      const { exitCode, stdout, stderr } = await run(state);
      expect([exitCode, stdout !== ''], stderr).toEqual([3, true]);
      const [result] = reportSchema.parse(JSON.parse(stdout)).results;
      expect(result).toMatchObject({ verdict: 'unknown', ...(start === 1 ? {} : { parked: { state: 'unclear' } }) });
      expect(result?.why).toMatch(start === 1 ? /^The probe could not go on.*(process of the browser was stopped|browser no longer answers)/ : /^Not tried/);
    }
    expect(ids.length).toBeGreaterThan(0);
    expect(stillThere(ids), 'left over').toEqual([]);
    noteSubmissions(2, arrived());
    expect(arrived()).toBe(1);
  });

/** A file system of this size, on which nothing more can be written. */
function fillUp(path: string): () => void {
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k,mode=0700', 'tmpfs', path]);
  return () => execFileSync('umount', [path]);
}

test('where the folder of parked accounts is full, nothing is submitted, and the message names the folder', async () => {
  // A name that no redaction takes for a secret.
  const state = join(tmpdir(), `signin-probe-full-${[...String(process.pid)].map((digit) => 'abcdefghij'[Number(digit)]).join('')}`);
  const accounts = join(state, 'accounts');
  await mkdir(accounts, { recursive: true });
  await chmod(state, 0o700);
  let undo: () => void;
  try {
    undo = fillUp(accounts);
  } catch {
    return test.skip(true, 'Mounting is not allowed here.');
  }
  try {
    await writeFile(join(accounts, 'filler'), Buffer.alloc(128 * 1024)).catch(() => undefined);
    const { exitCode, stdout, stderr } = await run(state);
    expect(exitCode, stderr).toBe(3);
    const [result] = reportSchema.parse(JSON.parse(stdout)).results;
    expect(result?.verdict).toBe('unknown');
    expect(result?.why).toContain(`The folder ${accounts} cannot be written (ENOSPC)`);
    noteSubmissions(1, arrived(), 0);
    expect(arrived()).toBe(0);
  } finally {
    undo();
    await rm(state, { recursive: true, force: true });
  }
});
