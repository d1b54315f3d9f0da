/** The value, where the code around it makes sure that there is one. Throws an Error naming `what` where that is not so: a mistake of ours, not of a user. */
export function expected<T>(value: T, what: string): NonNullable<T> {
  if (value === null || value === undefined) throw new Error(`expected ${what}, found none`);
  return value;
}
