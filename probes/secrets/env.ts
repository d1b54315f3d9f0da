import { Secret, type SecretResult } from './secret';

/** `env:NAME`: the environment variable NAME. */
export function secretFromEnvironment(name: string): SecretResult {
  const value = process.env[name];
  if (value === undefined) return { ok: false, why: `${name} is not set: expected the secret in this environment variable; set it and run again.` };
  return { ok: true, value: new Secret(value) };
}
