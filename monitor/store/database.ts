/** What runs SQL: a transaction, or the database itself. Postgres dialect; `$1` parameters; timestamps come back as Date. */
export interface Queries {
  query<Row extends object = Record<string, unknown>>(text: string, values?: readonly unknown[]): Promise<Row[]>;
}

/** Postgres, or the same embedded. */
export interface Database extends Queries {
  readonly kind: 'postgres' | 'embedded';
  /** All of the work, or nothing of it. Within it, use only the given `Queries`. */
  transaction<T>(work: (db: Queries) => Promise<T>): Promise<T>;
  /** Several statements without parameters. */
  script(text: string): Promise<void>;
  close(): Promise<void>;
}
