/** What takes secrets out of everything this room hands on; probes/redaction/redact.ts is one. Given from outside, because rooms that read share it. */
export interface Redactor {
  /** Makes a secret known: it is replaced wherever it occurs afterwards. */
  add(secret: string, kind: 'password' | 'cookie' | 'token' | 'authorization' | 'other'): void;
  text(text: string): string;
  /** An address without user information, tokens and secret parameters. */
  url(address: string): string;
  deep<T>(data: T): T;
}
