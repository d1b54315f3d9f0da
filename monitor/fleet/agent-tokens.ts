import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { type AgentToken, agentTokenSchema } from '../../contracts/monitoring';
import type { Queries } from '../store/database';
import { iso, isoOrNull, type Row } from '../store/slot-rows';

/** 256 random bits: the hash needs neither salt nor cost. */
const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');

/** A new token for an agent at a location. It is in the answer only; the store keeps its hash. */
export async function createAgentToken(db: Queries, agent: string, location: string): Promise<{ token: string; record: AgentToken }> {
  const token = `spa_${randomBytes(32).toString('base64url')}`;
  const [row] = await db.query<Row>('INSERT INTO agent_tokens (id, agent, location, hash, created_at) VALUES ($1, $2, $3, $4, now()) RETURNING *', [
    randomUUID(),
    agent,
    location,
    hashOf(token),
  ]);
  return { token, record: recordOf(row ?? {}) };
}

export async function listAgentTokens(db: Queries): Promise<AgentToken[]> {
  return (await db.query<Row>('SELECT * FROM agent_tokens ORDER BY created_at, id', [])).map(recordOf);
}

/** Every token of the agent stops working with its next request. Returns how many there were. */
export async function revokeAgentTokens(db: Queries, agent: string): Promise<number> {
  return (await db.query('UPDATE agent_tokens SET revoked_at = now() WHERE agent = $1 AND revoked_at IS NULL RETURNING id', [agent])).length;
}

/** Who has this token; null when nobody (any more). */
export async function whoHasToken(db: Queries, token: string): Promise<AgentToken | null> {
  const [row] = await db.query<Row>('SELECT * FROM agent_tokens WHERE hash = $1 AND revoked_at IS NULL', [hashOf(token)]);
  if (!row) return null;
  const record = recordOf(row);
  // Once a minute is exact enough.
  await db.query(`UPDATE agent_tokens SET last_used_at = now() WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute')`, [
    record.id,
  ]);
  return record;
}

function recordOf(row: Row): AgentToken {
  return agentTokenSchema.parse({
    id: row.id,
    agent: row.agent,
    location: row.location,
    createdAt: iso(row.created_at as Date),
    lastUsedAt: isoOrNull(row.last_used_at as Date | null),
    revokedAt: isoOrNull(row.revoked_at as Date | null),
  } satisfies Record<keyof AgentToken, unknown>);
}
