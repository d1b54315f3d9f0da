import { Client, Pool, type PoolClient } from 'pg';
import { isLoopbackHost } from '../../probes/network';
import { ProbeFault } from '../../contracts/probe-fault';
import type { Database, Queries } from './database';
import { storable } from './storable';

export interface PostgresOptions {
  /** postgres://user:password@host/database; TLS by `sslmode` and `sslrootcert`. */
  readonly url: string;
  /** Connections at most (8). */
  readonly max?: number | undefined;
  /** Told when an idle connection breaks; the next query takes a new one. */
  readonly onError?: (error: Error) => void;
}

/** The tables' schema; pg-boss has its own beside it. */
export const schemaName = 'signin_probe';

/** A pool on Postgres 13 or later. Connects with the first query. Throws ProbeFault for an address that is none, or that switches TLS checks off. */
export function openPostgres({ url, max = 8, onError = () => undefined }: PostgresOptions): Database {
  checkAddress(url);
  const pool = new Pool({
    connectionString: url,
    max,
    connectionTimeoutMillis: 5_000,
    statement_timeout: 60_000,
    application_name: 'signin-probe',
    keepAlive: true,
    // Before anybody gets the connection. JIT compiles a query that takes 50 ms for 300 ms, when there are millions of rows it will not touch.
    verify: (client, done) => void client.query(`SET search_path TO ${schemaName}; SET jit TO off`).then(() => done(), done),
  });
  pool.on('error', onError);
  return {
    kind: 'postgres',
    query: (text, values) => rows(pool, text, values),
    script: async (text) => void (await pool.query(text)),
    transaction: (work) => inTransaction(pool, work),
    close: () => pool.end(),
  };
}

async function rows<Row extends object>(on: Pick<PoolClient, 'query'>, text: string, values?: readonly unknown[]): Promise<Row[]> {
  // Without values the simple protocol is used, which takes several statements and then answers with a list.
  const result = await on.query<Row>(text, values && storable(values));
  return Array.isArray(result) ? ((result.at(-1) as { rows: Row[] }).rows ?? []) : result.rows;
}

async function inTransaction<T>(pool: Pool, work: (db: Queries) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  // The pool listens to idle connections only. One that breaks between two queries would end the process; the next query on it fails anyway.
  const unheard = (): void => undefined;
  client.on('error', unheard);
  let broken = true;
  try {
    await client.query('BEGIN');
    try {
      const outcome = await work({ query: (text, values) => rows(client, text, values) });
      await client.query('COMMIT');
      broken = false;
      return outcome;
    } catch (error) {
      broken = await client.query('ROLLBACK').then(
        () => false,
        () => true,
      );
      throw error;
    }
  } finally {
    client.release(broken);
    if (!broken) client.off('error', unheard);
  }
}

/** What pg makes of the address (and of PGSSLMODE) counts, not how it is written. */
function checkAddress(url: string): void {
  // The address holds a password: it is not repeated.
  const none = 'The database address is none: expected postgres://USER:PASSWORD@HOST/DATABASE, found something else (not shown).';
  if (!URL.canParse(url) || !['postgres:', 'postgresql:'].includes(new URL(url).protocol)) throw new ProbeFault(none);
  let client: Client;
  try {
    client = new Client({ connectionString: url });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new ProbeFault(code === undefined ? none : `A file that the database address names for TLS cannot be read (${code}).`);
  }
  const { host } = client;
  const ssl: unknown = client.ssl;
  // A path is a socket of this machine.
  if ((ssl === false || ssl === undefined) && (isLoopbackHost(host) || host.startsWith('/'))) return;
  // pg takes these for verify-full today, and says that it will not for ever.
  const modes = new URL(url).searchParams.getAll('sslmode');
  const unsure = modes.some((mode) => ['no-verify', 'allow', 'prefer'].includes(mode));
  const checked = !unsure && (ssl === true || (typeof ssl === 'object' && ssl !== null && !('rejectUnauthorized' in ssl) && !('checkServerIdentity' in ssl)));
  if (!checked)
    throw new ProbeFault(
      'The database address does not have the server checked: expected `sslmode=verify-full` (with `sslrootcert=FILE` for an authority of your ' +
        'own), or none on this machine. TLS checks are never switched off.',
    );
}
