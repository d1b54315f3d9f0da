import { type CertificateRecord, certificateRecordSchema } from '../../../contracts/monitoring';
import type { Queries } from '../database';
import { iso, type Row } from '../slot-rows';

/** Certificates over all series, one entry per STS, role, host and thumbprint, the next to end first. */
export async function readCertificates(
  db: Queries,
  {
    all = false,
    target,
    firstSeen,
  }: { readonly all?: boolean; readonly target?: string; readonly firstSeen?: { readonly from: string; readonly to: string } } = {},
): Promise<CertificateRecord[]> {
  const rows = await db.query<Row>(
    `SELECT c.role, c.host, c.sha1, c.sts, min(c.sha256) AS sha256, min(c.subject) AS subject, min(c.not_before) AS not_before, min(c.not_after) AS not_after,
       bool_or(c.is_primary) AS is_primary, min(c.first_seen) AS first_seen, max(c.last_seen) AS last_seen, bool_or(c.current) AS current,
       json_agg(json_build_object('target', r.target, 'route', r.route, 'location', r.location) ORDER BY r.target, r.route, r.location) AS seen_by
     FROM certificates c JOIN series r ON r.id = c.series_id
     WHERE r.active AND ($1 OR c.current) AND ($2::text IS NULL OR r.target = $2)
     GROUP BY c.role, c.host, c.sha1, c.sts
     HAVING $3::timestamptz IS NULL OR (min(c.first_seen) >= $3 AND min(c.first_seen) <= $4::timestamptz)
     ORDER BY min(c.not_after), c.host, c.role`,
    [all, target ?? null, firstSeen?.from ?? null, firstSeen?.to ?? null],
  );
  return rows.map((row) =>
    certificateRecordSchema.parse({
      role: row.role,
      host: row.host,
      sha1: row.sha1,
      sha256: row.sha256,
      subject: row.subject,
      notBefore: iso(row.not_before as Date),
      notAfter: iso(row.not_after as Date),
      primary: row.is_primary,
      sts: row.sts,
      seenBy: row.seen_by,
      firstSeen: iso(row.first_seen as Date),
      lastSeen: iso(row.last_seen as Date),
      current: row.current,
    } satisfies Record<keyof CertificateRecord, unknown>),
  );
}
