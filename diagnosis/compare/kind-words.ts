import type { ChangeKind } from '../../contracts/comparison';

/** Each word of `--expect` as the subject of a sentence. */
export const kindWords: Readonly<Record<ChangeKind, string>> = {
  'signing-certificate': 'A change of AD FS’s token-signing certificates',
  'decrypting-certificate': 'A change of AD FS’s token-decrypting certificate',
  'encryption-certificate': 'A change of CRM’s encryption certificate',
  'tls-certificate': 'A change of TLS certificates',
  'tls-protocol': 'A change of TLS versions',
  dns: 'A change of DNS',
  identifiers: 'A change of identifiers',
  endpoints: 'A change of addresses',
  methods: 'A change of how people are asked',
  claims: 'A change of claims',
  token: 'A change of the token',
  cookies: 'A change of cookies',
  version: 'A change of versions',
  user: 'A change of user or organization',
  clock: 'A change of clocks',
  timing: 'A change of times',
  routes: 'A change of routes',
};
