/** The door of this folder: what other rooms may use of it. */
export { type SecretFinder, secretFinder } from './find-secrets';
export { createRedactor, type KnownSecret, type Redactor } from './redact';
export { redactBySchema } from './redact-by-schema';
