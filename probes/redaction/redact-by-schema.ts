import type { z } from 'zod';

type Schema = z.core.$ZodType;

/**
 * A copy of the data with what the schema knows and nothing else (default deny): every free string passes through `clean`; words, numbers and instants the
 * schema lists stay as they are, so that a password "healthy" does not break a verdict; what has no place in the schema is dropped.
 */
export function redactBySchema<T>(schema: z.ZodType<T>, data: unknown, clean: (text: string) => string): T {
  return walk(schema, data) as T;

  function walk(part: Schema, value: unknown): unknown {
    const def = part._zod.def as unknown as Definition;
    switch (def.type) {
      case 'string':
        return typeof value === 'string' && def.format !== 'datetime' ? clean(value) : value;
      case 'nullable':
      case 'optional':
      case 'default':
        return value === null || value === undefined ? value : walk(def.innerType, value);
      case 'array':
        return Array.isArray(value) ? value.map((each) => walk(def.element, each)) : value;
      case 'record':
        return entriesOf(value, (key, each) => [clean(key), walk(def.valueType, each)]);
      case 'object':
        return entriesOf(value, (key, each) => {
          const shape = Object.hasOwn(def.shape, key) ? def.shape[key] : undefined;
          return shape ? [key, walk(shape, each)] : null;
        });
      case 'union': {
        // Words before free strings, and the object that fits.
        const fitting = def.options.find((option) => (option as unknown as z.ZodType).safeParse(value).success);
        return fitting ? walk(fitting, value) : null;
      }
      case 'enum':
      case 'literal':
      case 'number':
      case 'boolean':
      case 'null':
        return value;
      default:
        return null; // a kind of schema nobody has thought about here: better nothing than a secret
    }
  }
}

type Definition =
  | { readonly type: 'string'; readonly format?: string }
  | { readonly type: 'nullable' | 'optional' | 'default'; readonly innerType: Schema }
  | { readonly type: 'array'; readonly element: Schema }
  | { readonly type: 'record'; readonly valueType: Schema }
  | { readonly type: 'object'; readonly shape: Readonly<Record<string, Schema>> }
  | { readonly type: 'union'; readonly options: readonly Schema[] }
  | { readonly type: 'enum' | 'literal' | 'number' | 'boolean' | 'null' };

function entriesOf(value: unknown, each: (key: string, value: unknown) => readonly [string, unknown] | null): unknown {
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).flatMap(([key, part]) => [each(key, part)].filter((entry) => entry !== null)));
}
