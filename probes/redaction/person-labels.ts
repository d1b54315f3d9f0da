import { binaryVariants } from './binary-variants';

/** UPNs and mail addresses (they look alike) as `user-1`, `user-2` …: who is the same stays the same within a run, who it is stays out of the report. */

/** An address as texts, URLs and HTML write it. A service principal (`HTTP/sts.contoso.com@CONTOSO.COM`) names no person. */
const address =
  /(?<![\p{L}\p{N}._+-])(?<!\b(?:HTTP|HOST)\/)[\p{L}\p{N}._+-]{1,64}(?:@|%(?:25)*40|&#64;|&#x40;|\\u0040)(?:[\p{L}\p{N}-]{1,63}\.){1,8}[\p{L}\p{N}-]{2,63}/giu;
const at = /%(?:25)*40|&#64;|&#x40;|\\u0040/i;
/** A page may list a thousand people; those who are met first are looked for in packed form, too. */
const mostPacked = 50;

export class PersonLabels {
  readonly #labels = new Map<string, string>();
  readonly #packed = new Map<string, string>();

  /** The text with a label for each address. */
  in(text: string): string {
    const labelled = text.includes('@') || at.test(text) ? text.replace(address, (found) => this.#labelOf(found.replace(at, '@'))) : text;
    return this.packedIn(labelled);
  }

  /** The text with a label for Base64 and hexadecimal forms of the addresses met so far; addresses in clear stay. */
  packedIn(text: string): string {
    let result = text;
    for (const [form, label] of this.#packed) if (result.includes(form)) result = result.replaceAll(form, label);
    return result;
  }

  #labelOf(person: string): string {
    const key = person.toLowerCase();
    const known = this.#labels.get(key);
    if (known) return known;
    const label = `user-${this.#labels.size + 1}`;
    this.#labels.set(key, label);
    if (this.#labels.size <= mostPacked) for (const form of binaryVariants(person)) this.#packed.set(form, label);
    return label;
  }
}
