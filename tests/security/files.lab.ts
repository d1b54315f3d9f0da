/** What others on the same machine may do to what the program writes: read it where the umask lets everybody, or plant a link where it will write. */
import { lstatSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { type Lab, startLab } from '../../lab/start-lab';
import { openStore } from '../../monitor/store/open-store';
import { writeUsers } from '../../monitor/web/guard/users-file';
import { ParkedAccounts } from '../../probes/account-state/parked-accounts';
import { stateFileName, takeStateLock } from '../../probes/account-state/state-folder';
import { visitSts } from '../../probes/account-state/sts-visits';
import { lastGoodFile, writeLastGood } from '../../probes/captures/last-good';
import { writeComparison } from '../../runs/comparison-run';
import { RunFolder } from '../../runs/run-folder';
import { sameComparison } from '../../reports/testing/sample-comparisons';
import { runCli } from '../../cli/testing/run-cli';

test.skip(process.platform === 'win32', 'rights of POSIX; on Windows files have the rights of their folder');
test.describe.configure({ mode: 'default' });

const full = process.env.SECURITY_FULL === '1';
const note = (attempts: number, leaks: number): void =>
  void test.info().annotations.push({ type: 'attempts', description: String(attempts) }, { type: 'leaks', description: String(leaks) });

let folder: string;
test.beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'signin-probe-files-'));
});
test.afterEach(() => rm(folder, { recursive: true, force: true }));

/** Everything below that somebody else could read or write, with its rights. */
function open(path: string, relative = '', everybodys: readonly string[] = []): { entries: number; shared: string[] } {
  const found = readdirSync(join(path, relative), { withFileTypes: true })
    .filter(({ name }) => !everybodys.includes(name))
    .map((entry) => {
      const name = join(relative, entry.name);
      const mode = lstatSync(join(path, name)).mode & 0o777;
      const below = entry.isDirectory() ? open(path, name) : { entries: 0, shared: [] };
      return { entries: below.entries + 1, shared: [...((mode & 0o077) === 0 ? [] : [`${name} ${mode.toString(8)}`]), ...below.shared] };
    });
  return { entries: found.reduce((sum, { entries }) => sum + entries, 0), shared: found.flatMap(({ shared }) => shared) };
}

test.describe('where the umask lets everybody in', () => {
  const own = process.umask();
  let lab: Lab;
  test.beforeAll(async () => {
    lab = await startLab();
    process.umask(0);
  });
  test.afterAll(async () => {
    process.umask(own);
    await lab.close();
  });

  test('whatever a command makes is its owner’s alone', async () => {
    test.setTimeout(240_000);
    const out = join(folder, 'output');
    const options = ['--config', join(folder, 'signin-probe.yaml'), '--out', out];
    const env = { SIGNIN_PROBE_STATE: join(folder, 'state') };
    writeFileSync(join(folder, 'signin-probe.yaml'), `${await readFile(lab.config, 'utf8')}\nweb: { signIn: { passwords: users.json } }\n`, { mode: 0o600 });
    const made = ['--internal', 'https://crm.contoso.test/', '--sts', 'https://sts.contoso.test', '--user', 'CONTOSO\\probe', '--password', 'env:NO_SUCH'];
    const commands: readonly string[][] = [
      ['run', ...options, '--trace'],
      ['init', ...made, '--config', join(folder, 'made.yaml')],
      ['web', 'user', 'olga', '--config', join(folder, 'signin-probe.yaml')],
      ...(full
        ? [
            ['check', ...options],
            ['forecast', ...options],
            ['baseline', 'save', 'good', ...options],
            ['change', 'start', 'move', '--repeat', '1', ...options],
            ['change', 'finish', 'move', ...options],
            ['compare', 'good', 'now', ...options],
            ['after-rollover', ...options],
          ]
        : []),
    ];
    const said: string[] = [];
    for (const command of commands) {
      const { exitCode, stderr } = await runCli(command, { env, input: 'a long enough password\n' });
      said.push(`${command.slice(0, 2).join(' ')}: ${exitCode} ${stderr.slice(0, 300)}`);
    }
    const { entries, shared } = open(folder, '', ['signin-probe.schema.json']);
    note(entries, shared.length);
    expect(entries, said.join('\n')).toBeGreaterThan(20);
    expect(shared, said.join('\n')).toEqual([]);
  });

  test('the store is its owner’s alone from the first file on', async () => {
    const making = openStore({ folder: join(folder, 'store') });
    const shared = new Set<string>();
    let seen = 0;
    let ready = false;
    void making.then(() => (ready = true));
    while (!ready) {
      // What is below a folder that only its owner can enter is out of reach.
      for (const name of ['store', 'store/data', 'store/data.unfinished']) {
        const mode = lstatSync(join(folder, name), { throwIfNoEntry: false })?.mode;
        if (mode !== undefined) seen += 1;
        if (mode !== undefined && (mode & 0o077) !== 0) shared.add(`${name} ${(mode & 0o777).toString(8)}`);
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
    await (await making).close();
    const after = open(folder);
    note(seen + after.entries, shared.size + after.shared.length);
    expect([...shared]).toEqual([]);
    expect(after.shared).toEqual([]);
  });
});

test.describe('where somebody else may write into the folder', () => {
  const treasure = 'the file of somebody else, which the program’s user may write';

  /** Plants a link at `path` to a file or folder outside; says afterwards whether anything went through it. */
  function planted(path: string, to: 'file' | 'folder'): () => boolean {
    const outside = join(folder, `outside-${Math.random().toString(36).slice(2)}`);
    if (to === 'folder') mkdirSync(outside);
    else writeFileSync(outside, treasure);
    mkdirSync(join(path, '..'), { recursive: true });
    symlinkSync(outside, path);
    return () => (to === 'folder' ? readdirSync(outside).length > 0 : readFileSync(outside, 'utf8') !== treasure);
  }

  const out = (): string => join(folder, 'output');
  const state = (): string => join(folder, 'state');
  const place = () => ({ configFolder: folder, name: 'contoso', route: 'ifd' as const });
  const account = { stsOrigin: 'https://sts.contoso.test', user: 'CONTOSO\\probe' };
  const circumstances = { parkedAt: new Date().toISOString(), runId: 'run', target: 'contoso', route: 'ifd', how: 'refused' } as const;
  const silent = async (work: () => unknown): Promise<void> => {
    try {
      await work();
    } catch {
      // A refusal is as good: nothing went through the link.
    }
  };

  /** Where the link is planted, and what then writes there. */
  const attacks: Readonly<Record<string, { to: 'file' | 'folder'; at: () => string; write: () => unknown }>> = {
    'the unfinished run folder': {
      to: 'folder',
      at: () => join(out(), `.unfinished-known-${process.pid}`),
      write: async () => {
        const run = await RunFolder.create(out(), 'known');
        writeFileSync(join(run.path, 'evidence.json'), 'evidence');
        await run.finish();
      },
    },
    'the finished run folder': {
      to: 'folder',
      at: () => join(out(), 'known'),
      write: async () => {
        const run = await RunFolder.create(out(), 'known');
        writeFileSync(join(run.path, 'evidence.json'), 'evidence');
        await run.finish();
      },
    },
    'an unfinished comparison': {
      to: 'folder',
      at: () => join(out(), 'comparisons', `.unfinished-${sameComparison().comparison.id}-${process.pid}`),
      write: () => writeComparison(out(), sameComparison()),
    },
    'a finished comparison': {
      to: 'folder',
      at: () => join(out(), 'comparisons', sameComparison().comparison.id),
      write: () => writeComparison(out(), sameComparison()),
    },
    'a left-over of a killed run, cleaned away': {
      to: 'folder',
      at: () => join(out(), '.unfinished-old-4194000'),
      write: () => RunFolder.create(out(), 'new'),
    },
    'the times of sign-ins': {
      to: 'file',
      at: () => join(state(), 'visits', `${stateFileName('https://sts.contoso.test')}.json`),
      write: () => visitSts(state(), account.stsOrigin, { visits: 3, perSeconds: 20 }, { onWait: () => undefined }),
    },
    'the times of sign-ins, being written': {
      to: 'file',
      at: () => join(state(), 'visits', `${stateFileName('https://sts.contoso.test')}.json.new`),
      write: () => visitSts(state(), account.stsOrigin, { visits: 3, perSeconds: 20 }, { onWait: () => undefined }),
    },
    'a lock': {
      to: 'file',
      at: () => join(state(), 'locks', 'a.lock'),
      write: () => takeStateLock(join(state(), 'locks', 'a.lock'), { giveUpAfterMs: 300 }),
    },
    'a parked account': {
      to: 'file',
      at: () => join(state(), 'accounts', `${stateFileName('https://sts.contoso.test probe')}.json`),
      write: () => ParkedAccounts.in(state()).begin(account, 'a refused password', circumstances),
    },
    'the last good state': {
      to: 'file',
      at: () => lastGoodFile(place()),
      write: () => writeLastGood(place(), {} as never),
    },
    'the users of the web page': { to: 'file', at: () => join(folder, 'users.json'), write: () => writeUsers(join(folder, 'users.json'), []) },
    'the users of the web page, being written': {
      to: 'file',
      at: () => join(folder, `users.json.${process.pid}.unfinished`),
      write: () => writeUsers(join(folder, 'users.json'), []),
    },
    'the store’s files': {
      to: 'folder',
      at: () => join(folder, 'store', 'data'),
      write: () => openStore({ folder: join(folder, 'store') }).then((store) => store.close()),
    },
    'the store’s files, being made': {
      to: 'folder',
      at: () => join(folder, 'store', 'data.unfinished'),
      write: () => openStore({ folder: join(folder, 'store') }).then((store) => store.close()),
    },
    'the store’s lock': {
      to: 'file',
      at: () => join(folder, 'store', 'lock.json'),
      write: () => openStore({ folder: join(folder, 'store') }).then((store) => store.close()),
    },
  };

  test('nothing the program writes goes through a link that was planted where it writes', async () => {
    const through: string[] = [];
    for (const [what, { to, at, write }] of Object.entries(attacks)) {
      const went = planted(at(), to);
      await silent(write);
      if (went()) through.push(what);
      await rm(folder, { recursive: true, force: true });
      mkdirSync(folder, { mode: 0o700 });
    }
    note(Object.keys(attacks).length, through.length);
    expect(through).toEqual([]);
  });
});
