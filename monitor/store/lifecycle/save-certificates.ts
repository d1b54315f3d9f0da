import type { StoredResult } from '../../../contracts/monitoring';
import type { Queries } from '../database';

/**
 * The certificates a sign-in has seen: new ones are noted with the instant, known ones renewed. Of the roles and hosts it looked at, others are no longer
 * current; of those it did not get to look at (a broken sign-in sees less) nothing is concluded.
 */
export async function saveCertificates(tx: Queries, seriesId: number, seenAt: string, { certificates, sts }: StoredResult): Promise<void> {
  const seen = [
    ...new Map(
      certificates.filter(({ seenIn }) => seenIn.some((place) => place !== 'last-good')).map((each) => [`${each.role} ${each.host} ${each.sha1}`, each]),
    ).values(),
  ];
  if (seen.length === 0) return;
  const column = <T>(of: (certificate: (typeof seen)[number]) => T): T[] => seen.map(of);
  await tx.query(
    `INSERT INTO certificates (series_id, role, host, sha1, sha256, subject, not_before, not_after, is_primary, sts, first_seen, last_seen, current)
     SELECT $1, *, $10, $11, $11, true FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::timestamptz[], $8::timestamptz[],
     $9::boolean[])
     ON CONFLICT (series_id, role, host, sha1) DO UPDATE SET is_primary = EXCLUDED.is_primary, last_seen = EXCLUDED.last_seen, current = true
       WHERE certificates.last_seen <= EXCLUDED.last_seen`,
    [
      seriesId,
      column(({ role }) => role),
      column(({ host }) => host),
      column(({ sha1 }) => sha1),
      column(({ sha256 }) => sha256),
      column(({ subject }) => subject),
      column(({ notBefore }) => notBefore),
      column(({ notAfter }) => notAfter),
      column(({ primary }) => primary),
      sts,
      seenAt,
    ],
  );
  await tx.query(
    `UPDATE certificates c SET current = false WHERE series_id = $1 AND current AND last_seen < $4
       AND (role, host) IN (SELECT * FROM unnest($2::text[], $3::text[]))`,
    [seriesId, column(({ role }) => role), column(({ host }) => host), seenAt],
  );
}
