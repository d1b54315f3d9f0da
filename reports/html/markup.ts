/**
 * HTML by tagged template: what is written in the template is markup, every value in it is text and is escaped.
 * So an unescaped value cannot be written by mistake; this is why the report does not use a template engine with files
 * (it also works unchanged from compiled code, with nothing to load).
 */
import { safeText } from '../safe-text';

/** Markup made by `markup`; nothing else is inserted unescaped. */
export class Markup {
  constructor(readonly text: string) {}
}

export type MarkupValue = Markup | string | number | null | undefined | false | readonly MarkupValue[];

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;', '`': '&#96;' };

/** Text for element content and for quoted attribute values alike. */
export const escapeHtml = (value: string): string => safeText(value).replace(/[&<>"'`]/g, (character) => entities[character] ?? character);

const toText = (value: MarkupValue): string => {
  if (value === null || value === undefined || value === false) return '';
  if (value instanceof Markup) return value.text;
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return escapeHtml(value);
  return value.map(toText).join('');
};

/** `markup\`<p>${text}</p>\``. Attribute values must be quoted in the template. */
export const markup = (parts: TemplateStringsArray, ...values: readonly MarkupValue[]): Markup =>
  new Markup(parts.map((part, index) => part + toText(values[index])).join(''));
