import { Secret, type SecretResult } from './secret';

/** `env:NAME`: the environment variable NAME. */
export function secretFromEnvironment(name: string): SecretResult {
  const value = process.env[name];
  if (value === undefined) return { ok: false, why: `Expected the password in the environment variable ${name}, found it not set; set it and run again.` };
  return { ok: true, value: new Secret(value) };
}
