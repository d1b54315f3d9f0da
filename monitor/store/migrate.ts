import { ProbeFault } from '../../contracts/probe-fault';
import type { Database } from './database';
import { migrations } from './migrations';
import { schemaName } from './postgres-database';

/** Brings the tables up to date, in one transaction; of several processes that start at once, one does it. Throws ProbeFault for a store of a later version. */
export async function migrate(db: Database): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.query(`SELECT pg_advisory_xact_lock(hashtext('signin-probe migrations'))`, []);
    // Not created when it exists: a role without the right to create schemas may use a prepared one.
    const [exists] = await tx.query('SELECT 1 FROM pg_namespace WHERE nspname = $1', [schemaName]);
    if (!exists) await tx.query(`CREATE SCHEMA ${schemaName}`);
    await tx.query(`SET LOCAL search_path TO ${schemaName}`);
    await tx.query('CREATE TABLE IF NOT EXISTS schema_version (version integer NOT NULL)');
    const [row] = await tx.query<{ version: number }>('SELECT max(version)::int AS version FROM schema_version', []);
    const version = row?.version ?? 0;
    if (version > migrations.length)
      throw new ProbeFault(`The store has version ${version}; this signin-probe knows ${migrations.length}. Update signin-probe (all of a fleet alike).`);
    for (const step of migrations.slice(version)) await tx.query(step);
    if (version < migrations.length) await tx.query('INSERT INTO schema_version VALUES ($1)', [migrations.length]);
  });
}
