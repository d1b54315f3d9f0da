/** Several users of one machine, and `watch` beside `run`: one account is one account for all of them, and a stranger's folder is no state folder. */
import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync, statSync, symlinkSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';

test.skip(process.platform === 'win32' || process.getuid?.() !== 0, 'only root can work as several users');

const root = join(__dirname, '..', '..');
/** Ids that no account of the machine has; the group of the two who share a folder. */
const [olga, ivan, group, stranger] = [61_001, 61_002, 61_100, 61_003] as const;
const note = (attempts: number, leaks: number): void =>
  void test
    .info()
    .annotations.push(
      { type: 'threat', description: 'the probe is a load on AD FS, or runs get into each other’s way' },
      { type: 'attempts', description: String(attempts) },
      { type: 'leaks', description: String(leaks) },
    );

let folder: string;
test.beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'signin-probe-shared-'));
  chmodSync(folder, 0o755);
});
test.afterEach(() => rm(folder, { recursive: true, force: true }));

/** What each of `steps` gave to that user, in a process of his own: loaded as root, as the sources may be in a folder only root can enter. */
function as(uid: number, gid: number, state: string, ...steps: ('begin' | 'objection' | 'turn' | 'visit' | 'release')[]): string[] {
  const script = `
    const [{ ParkedAccounts }, { visitSts }, { openStateFolder, takeStateLock }] = ['parked-accounts', 'sts-visits', \
'state-folder'].map((name) => require('./probes/account-state/' + name));
    const [uid, gid, state, steps] = JSON.parse(process.argv[1]);
    process.setgroups([gid]); process.setgid(gid); process.setuid(uid); process.umask(0o077);
    const account = { stsOrigin: 'https://sts.contoso.test', user: 'CONTOSO\\\\probe' };
    const work = {
      begin: () => void ParkedAccounts.in(state).begin(account, 'a wrong password', { runId: 'run', target: 'contoso', route: 'ifd' }),
      objection: () => ParkedAccounts.in(state).objection(account, 'a wrong password', 'another run')?.state ?? 'none',
      turn: async () => { const lock = await takeStateLock(openStateFolder(state, 'locks') + '/a.lock', { giveUpAfterMs: 200 }); lock?.release(); \
return lock ? 'held' : 'kept out'; },
      visit: () => visitSts(state, account.stsOrigin, { visits: 100, perSeconds: 20 }, { onWait: () => undefined }),
      release: () => ParkedAccounts.in(state).release(account.user).length,
    };
    (async () => { const said = []; for (const step of steps) said.push(await Promise.resolve().then(work[step]).then((is) => step + ': ' + (is ?? \
'done'), (error) => step + ': ' + error.message)); console.log(JSON.stringify(said)); })();`;
  const out = execFileSync(process.execPath, ['-r', 'ts-node/register', '-e', script, JSON.stringify([uid, gid, state, steps])], {
    cwd: root,
    encoding: 'utf8',
  });
  return JSON.parse(out) as string[];
}

test('two users of a folder that an administrator prepared share one account: what one submitted the other does not submit again', () => {
  const state = join(folder, 'state');
  mkdirSync(state);
  chownSync(state, 0, group);
  chmodSync(state, 0o2770);
  expect(as(olga, group, state, 'turn', 'visit', 'begin')).toEqual(['turn: held', 'visit: done', 'begin: done']);
  const second = as(ivan, group, state, 'turn', 'visit', 'objection');
  expect(second).toEqual(['turn: held', 'visit: done', 'objection: unclear']);
  expect(as(0, 0, state, 'turn', 'visit', 'objection')).toEqual(['turn: held', 'visit: done', 'objection: unclear']);
  expect(as(olga, group, state, 'turn', 'visit')).toEqual(['turn: held', 'visit: done']);
  const shut = [state, ...readdirSync(state, { recursive: true }).map((name) => join(state, String(name)))].filter(
    (path) => (statSync(path).mode & 0o007) !== 0,
  );
  expect(shut, 'open to everybody').toEqual([]);
  expect(as(stranger, stranger, state, 'objection')[0]).toMatch(/The state folder .* cannot be written \(EACCES\)/);
  expect(as(ivan, group, state, 'release', 'objection')).toEqual(['release: 1', 'objection: none']);
  note(11, 0);
});

test('a state folder that somebody else made or can change is not trusted, by root neither', () => {
  const made = (name: string, uid: number, gid: number, mode: number): string => {
    const path = join(folder, name);
    mkdirSync(path);
    chownSync(path, uid, gid);
    chmodSync(path, mode);
    return path;
  };
  const theirs = made('theirs', stranger, stranger, 0o777);
  const theirsForAGroup = made('theirs-for-a-group', stranger, group, 0o2770);
  const everybodys = made('everybodys', 0, group, 0o2777);
  const linked = join(folder, 'linked');
  symlinkSync(theirs, linked);
  const ours = made('ours', 0, 0, 0o700);
  symlinkSync(theirs, join(ours, 'accounts'));
  const asked: [string, number, number][] = [
    [theirs, 0, 0],
    [theirs, olga, group],
    [theirsForAGroup, 0, 0],
    [theirsForAGroup, olga, group],
    [everybodys, 0, 0],
    [everybodys, olga, group],
    [linked, 0, 0],
    [ours, 0, 0],
  ];
  const taken = asked.filter(([state, uid, gid]) => !/not used: .*(belongs to|everybody can write)/.test(as(uid, gid, state, 'begin')[0] ?? ''));
  note(asked.length, taken.length);
  expect(taken).toEqual([]);
  expect([theirs, theirsForAGroup, everybodys].flatMap((path) => readdirSync(path)).filter((name) => existsSync(join(theirs, name)))).toEqual([]);
});
