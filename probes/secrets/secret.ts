import { inspect } from 'node:util';

/** A password on its way from its store to the browser. Printing it in any way gives `[secret]`; only `use()` gives the value. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The value itself; call it where it is typed or registered with the redactor, and keep no copy. */
  use(): string {
    return this.#value;
  }

  toString(): string {
    return '[secret]';
  }

  toJSON(): string {
    return '[secret]';
  }

  [Symbol.toPrimitive](): string {
    return '[secret]';
  }

  [inspect.custom](): string {
    return '[secret]';
  }
}

/** A secret, or why there is none. `note` is for the log. */
export type SecretResult = { readonly ok: true; readonly value: Secret; readonly note?: string } | { readonly ok: false; readonly why: string };

export interface SecretOptions {
  /** May a person be asked? False in watch mode, in pipes and in tests of machines. */
  readonly interactive: boolean;
}
