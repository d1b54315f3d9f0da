export type SecretKind = 'password' | 'code' | 'cookie' | 'token' | 'signature' | 'authorization' | 'other';

export interface KnownSecret {
  readonly value: string;
  readonly kind: SecretKind;
}
