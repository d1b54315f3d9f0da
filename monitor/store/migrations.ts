/**
 * The tables, one step per change, never edited once released: a store of an older version gets the missing steps when it is opened.
 * pg-boss keeps its own tables in the schema `signin_queue`.
 */
export const migrations: readonly string[] = [
  `
  CREATE TABLE series (
    id serial PRIMARY KEY,
    target text NOT NULL, route text NOT NULL, location text NOT NULL,
    active boolean NOT NULL DEFAULT true,
    planned_until timestamptz,
    sts text, verdict text, cause text, cause_title text, kb text, summary text, since timestamptz,
    last_slot_at timestamptz, last_slot_id uuid, last_run_id text, last_total_ms integer, missing text,
    latest_at timestamptz,
    forecast jsonb,
    UNIQUE (target, route, location)
  );
  CREATE TABLE slots (
    id uuid PRIMARY KEY,
    series_id integer NOT NULL REFERENCES series (id),
    slot_at timestamptz NOT NULL,
    start_before timestamptz NOT NULL,
    origin text NOT NULL,
    state text NOT NULL,
    missed_because text,
    why text, cause text, cause_title text, kb text,
    started_at timestamptz, finished_at timestamptz, total_ms integer,
    attempts smallint NOT NULL DEFAULT 0,
    run_id text,
    claim uuid, runner text, lease_until timestamptz,
    evaluated boolean NOT NULL DEFAULT false
  );
  CREATE INDEX slots_by_series ON slots (series_id, slot_at DESC);
  CREATE INDEX slots_by_time ON slots (slot_at, id);
  CREATE INDEX slots_open ON slots (slot_at) WHERE state IN ('planned', 'running');
  CREATE INDEX slots_unevaluated ON slots (slot_at) WHERE NOT evaluated AND state NOT IN ('planned', 'running');
  CREATE INDEX slots_troubled ON slots (slot_at DESC) WHERE state NOT IN ('healthy', 'planned', 'running', 'maintenance');
  CREATE TABLE attempts (
    slot_id uuid NOT NULL,
    n smallint NOT NULL,
    reason text NOT NULL, runner text NOT NULL,
    started_at timestamptz NOT NULL, finished_at timestamptz,
    verdict text, cause text, summary text, failed_at text, symptom text,
    total_ms integer, dns_ms integer, tls_ms integer, sts_ms integer, token_post_ms integer, crm_page_ms integer,
    run_id text, why text,
    PRIMARY KEY (slot_id, n)
  );
  CREATE INDEX attempts_by_run ON attempts (run_id) WHERE run_id IS NOT NULL;
  CREATE TABLE reports (
    run_id text PRIMARY KEY,
    slot_id uuid NOT NULL,
    at timestamptz NOT NULL,
    verdict text NOT NULL,
    report bytea NOT NULL,
    html bytea
  );
  CREATE INDEX reports_by_age ON reports (at);
  CREATE TABLE certificates (
    series_id integer NOT NULL REFERENCES series (id),
    role text NOT NULL, host text NOT NULL, sha1 text NOT NULL, sha256 text NOT NULL, subject text NOT NULL,
    not_before timestamptz NOT NULL, not_after timestamptz NOT NULL,
    is_primary boolean,
    sts text NOT NULL,
    first_seen timestamptz NOT NULL, last_seen timestamptz NOT NULL,
    current boolean NOT NULL,
    PRIMARY KEY (series_id, role, host, sha1)
  );
  CREATE TABLE hours (
    series_id integer NOT NULL REFERENCES series (id),
    hour timestamptz NOT NULL,
    planned integer NOT NULL, healthy integer NOT NULL, at_risk integer NOT NULL, broken integer NOT NULL, flaky integer NOT NULL,
    unknown integer NOT NULL, missed integer NOT NULL, maintenance integer NOT NULL,
    cause text,
    timed integer NOT NULL, total_ms bigint, dns_ms bigint, tls_ms bigint, sts_ms bigint, token_post_ms bigint, crm_page_ms bigint, max_ms integer,
    PRIMARY KEY (series_id, hour)
  );
  CREATE TABLE days (
    series_id integer NOT NULL REFERENCES series (id),
    day date NOT NULL,
    planned integer NOT NULL, healthy integer NOT NULL, at_risk integer NOT NULL, broken integer NOT NULL, flaky integer NOT NULL,
    unknown integer NOT NULL, missed integer NOT NULL, maintenance integer NOT NULL,
    cause text,
    timed integer NOT NULL, total_ms bigint, dns_ms bigint, tls_ms bigint, sts_ms bigint, token_post_ms bigint, crm_page_ms bigint, max_ms integer,
    PRIMARY KEY (series_id, day)
  );
  CREATE TABLE windows (
    id text PRIMARY KEY,
    kind text NOT NULL,
    targets text[],
    from_at timestamptz NOT NULL, to_at timestamptz,
    text text NOT NULL, by_whom text
  );
  CREATE INDEX windows_by_time ON windows (from_at);
  CREATE TABLE silences (
    id uuid PRIMARY KEY,
    target text, route text, location text, cause text,
    from_at timestamptz NOT NULL, to_at timestamptz NOT NULL,
    by_whom text NOT NULL, reason text NOT NULL
  );
  CREATE TABLE alerts (
    id uuid PRIMARY KEY,
    key text NOT NULL, kind text NOT NULL, state text NOT NULL, severity text NOT NULL, title text NOT NULL,
    verdict text, cause text, kb text, sts text, breaks_at timestamptz,
    members jsonb NOT NULL,
    opened_at timestamptz NOT NULL, changed_at timestamptz NOT NULL, recovered_at timestamptz,
    acknowledged_by text, acknowledged_at timestamptz, last_notified_at timestamptz
  );
  CREATE UNIQUE INDEX alerts_open ON alerts (key) WHERE state = 'open';
  CREATE INDEX alerts_by_time ON alerts (opened_at DESC);
  CREATE TABLE deliveries (
    id uuid PRIMARY KEY,
    alert_id uuid REFERENCES alerts (id),
    event text NOT NULL, channel text NOT NULL, payload jsonb NOT NULL,
    state text NOT NULL, attempts smallint NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL, next_attempt_at timestamptz NOT NULL, sent_at timestamptz, last_error text
  );
  CREATE INDEX deliveries_pending ON deliveries (next_attempt_at) WHERE state = 'pending';
  CREATE INDEX deliveries_by_alert ON deliveries (alert_id);
  CREATE TABLE runners (
    name text PRIMARY KEY,
    kind text NOT NULL, location text NOT NULL, tool text NOT NULL,
    started_at timestamptz NOT NULL, last_seen_at timestamptz NOT NULL,
    capacity integer NOT NULL, running integer NOT NULL
  );
  CREATE TABLE agent_tokens (
    id uuid PRIMARY KEY,
    agent text NOT NULL, location text NOT NULL,
    hash text NOT NULL UNIQUE,
    created_at timestamptz NOT NULL, last_used_at timestamptz, revoked_at timestamptz
  );
  CREATE TABLE heartbeat (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    at timestamptz NOT NULL
  );
  `,
  // In the order in which they were made, whatever the clock said then.
  'ALTER TABLE deliveries ADD COLUMN n bigserial',
  // When a watch last said so.
  'ALTER TABLE windows ADD COLUMN said_at timestamptz NOT NULL DEFAULT now()',
  // The probe's account, where it was refused.
  'ALTER TABLE slots ADD COLUMN account text',
];
