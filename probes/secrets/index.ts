/** The door of this folder: what other rooms may use of it. */
export { keepByDpapi } from './dpapi';
export { readTotpKey } from './one-time-codes';
export { readHidden } from './prompt';
export { resolveSecret } from './resolve-secret';
export type { Secret } from './secret';
