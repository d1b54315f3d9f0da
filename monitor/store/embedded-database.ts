import { execFile } from 'node:child_process';
import { existsSync, fsyncSync } from 'node:fs';
import { chmod, mkdir, readdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { PGlite } from '@electric-sql/pglite' with { 'resolution-mode': 'import' };
import { move } from '../../system/move';
import { ProbeFault } from '../../contracts/probe-fault';
import type { Database, Queries } from './database';
import { lockFolder } from './folder-lock';
import { schemaName } from './postgres-database';
import { storable } from './storable';
import { syncFolder, syncTree } from './sync-tree';

/**
 * Postgres within this process, its files in `folder` (made when missing). PGlite does not lock its folder, and two processes on one lose rows without
 * a word: a lock of our own keeps the second one out (ProbeFault). Every commit is on the disk before it counts, as with a Postgres server.
 */
export async function openEmbedded(folder: string): Promise<Database> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const lock = await lockFolder(folder);
  let pglite: PGlite;
  try {
    await createOutside(join(folder, 'data'));
    pglite = await start(join(folder, 'data'));
  } catch (error) {
    lock.release();
    throw new ProbeFault(
      `The store in ${folder} could not be opened (${error instanceof Error ? error.message.split('\n')[0] : String(error)}). ` +
        `Restore a backup of the folder, or move it away to begin a new one.`,
    );
  }
  await pglite.exec(`CREATE SCHEMA IF NOT EXISTS ${schemaName}; SET search_path TO ${schemaName}`);
  const run = async <Row extends object>(on: Pick<PGlite, 'query' | 'exec'>, text: string, values?: readonly unknown[]): Promise<Row[]> => {
    if (values !== undefined) return (await on.query<Row>(text, storable(values))).rows;
    return ((await on.exec(text)).at(-1)?.rows ?? []) as Row[];
  };
  const outside = async <Row extends object>(text: string, values?: readonly unknown[]): Promise<Row[]> => {
    try {
      return await run<Row>(pglite, text, values);
    } catch (error) {
      // Several statements with a BEGIN among them leave the one connection in a failed transaction.
      if (values === undefined) await pglite.exec('ROLLBACK').catch(() => undefined);
      throw error;
    }
  };
  return {
    kind: 'embedded',
    query: outside,
    script: async (text) => void (await outside(text)),
    transaction: <T>(work: (db: Queries) => Promise<T>) =>
      pglite.transaction<T>((tx) => work({ query: (text, values) => run(tx as unknown as PGlite, text, values) })),
    close: async () => {
      await pglite.close();
      lock.release();
    },
  };
}

/** What every folder of Postgres has (https://www.postgresql.org/docs/current/storage-file-layout.html). */
const partsOfStore = ['PG_VERSION', 'base', join('global', 'pg_control'), 'pg_wal'];

/**
 * The first time, the files are made by a process of its own: making them takes 800 MB for some seconds, which a process that stays would never give back.
 * What a killed one left unfinished is made anew. It makes them without syncing, so they are brought to the disk before they count: a power cut soon after
 * the first start would leave files that are named but empty.
 */
async function createOutside(dataFolder: string): Promise<void> {
  const there = await stat(dataFolder).catch(() => null);
  if (there && process.getuid && there.uid !== process.getuid()) throw new Error(`${dataFolder} belongs to another user`);
  if (there) {
    // Postgres would begin anew in what is left of a store, and write over it.
    const gone = partsOfStore.filter((name) => !existsSync(join(dataFolder, name)));
    if (gone.length > 0) throw new Error(`${gone.join(', ')} missing in ${dataFolder}`);
    return process.platform === 'win32' ? undefined : chmod(dataFolder, 0o700);
  }
  const unfinished = `${dataFolder}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  await promisify(execFile)(process.execPath, ['-e', making, require.resolve('@electric-sql/pglite'), unfinished], { timeout: 120_000 });
  await chmodTree(unfinished);
  await syncTree(unfinished);
  await move(unfinished, dataFolder);
  await syncFolder(dirname(dataFolder));
}

async function chmodTree(folder: string): Promise<void> {
  const entries = process.platform === 'win32' ? [] : await readdir(folder, { recursive: true, withFileTypes: true });
  await Promise.all(entries.map((entry) => chmod(join(entry.parentPath, entry.name), entry.isDirectory() ? 0o700 : 0o600)));
}

/** In a folder nobody else can enter from the first moment on. */
const making = 'process.umask(0o077); const store = new (require(process.argv[1]).PGlite)(process.argv[2]); store.waitReady.then(() => store.close());';

/** Loaded here only: it is 27 MB, and a fleet on Postgres never needs it. */
async function start(dataFolder: string): Promise<PGlite> {
  const { PGlite } = await import('@electric-sql/pglite');
  const { NodeFS } = await import('@electric-sql/pglite/nodefs');
  /** PGlite's file system takes every fsync for done; this one does it, so that a power cut costs nothing that was committed. */
  class DurableFiles extends NodeFS {
    override async init(...args: Parameters<InstanceType<typeof NodeFS>['init']>): ReturnType<InstanceType<typeof NodeFS>['init']> {
      const { emscriptenOpts } = await super.init(...args);
      const before = emscriptenOpts.preRun ?? [];
      const hook = (module: unknown): void => {
        const { NODEFS, FS } = module as Emscripten;
        // Postgres means 0600; what it is compiled with gives everybody everything, whatever the umask.
        const { mknod, setattr } = NODEFS.node_ops;
        NODEFS.node_ops.mknod = (parent, name, mode, device) => mknod(parent, name, ownersOnly(mode), device);
        NODEFS.node_ops.setattr = (node, { mode, ...more }) => setattr(node, mode == null ? more : { ...more, mode: ownersOnly(mode) });
        NODEFS.stream_ops.fsync = ({ nfd, node }) =>
          NODEFS.tryFSOperation(() => {
            if (process.platform !== 'win32' || !FS.isDir(node.mode)) fsyncSync(nfd); // Windows has no way to sync a folder, and needs none
            return 0;
          });
      };
      return { emscriptenOpts: { ...emscriptenOpts, preRun: [...(Array.isArray(before) ? before : [before]), hook] } };
    }
  }
  const pglite = new PGlite({ fs: new DurableFiles(dataFolder), startParams: [...startParams] });
  await pglite.waitReady;
  return pglite;
}

/** As far as it is used here. `tryFSOperation` turns errors into those Postgres reads: a sync that failed then stops the commit. */
interface Emscripten {
  readonly FS: { isDir(mode: number): boolean };
  readonly NODEFS: {
    readonly node_ops: {
      mknod(parent: object, name: string, mode: number, device: number): object;
      setattr(node: object, attributes: { readonly mode?: number | null }): void;
    };
    readonly stream_ops: { fsync?: (stream: { readonly nfd: number; readonly node: { readonly mode: number } }) => number };
    tryFSOperation<T>(work: () => T): T;
  };
}

const ownersOnly = (mode: number): number => mode & ~0o077;

/** PGlite's own, without `-F` (no fsync), and with a smaller cache: 32 MB hold a month of fifty targets' indexes in use. */
const startParams: readonly string[] = [
  '--single',
  '-O',
  '-j',
  ...Object.entries({
    search_path: 'public',
    exit_on_error: 'false',
    log_checkpoints: 'false',
    max_worker_processes: '0',
    max_parallel_workers: '0',
    max_parallel_workers_per_gather: '0',
    max_parallel_maintenance_workers: '0',
    io_method: 'sync',
    fsync: 'on',
    wal_sync_method: 'fsync',
    shared_buffers: '32MB',
  }).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
];
