import type { OpaqueSecrets } from './opaque-secrets';
import type { KnownSecret } from './known-secret';

/** What secrets other than typed ones come to in all their spellings. */
export interface SpreadOut {
  readonly opaque: OpaqueSecrets;
  /** Of each text with structure its `longTextVariants`. */
  readonly variants: ReadonlyMap<string, readonly string[]>;
}

/** Worked out once for a list of all secrets that a redactor gave: the last look goes over the same ones, and a token has hundreds of spellings. */
export const spreadOut = new WeakMap<readonly KnownSecret[], SpreadOut>();
