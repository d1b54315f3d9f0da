/** The JSON Schema of `signin-probe.yaml`, for editors; made from the schemas the program reads the file with. */
import { z } from 'zod';
import { writtenConfigSchema } from '../contracts/target';

/**
 * Plain JSON Schema (draft 2020-12), ready to be written as `signin-probe.schema.json`.
 * Rules between keys (a route at least, user with password) are checked by the program alone.
 */
export function configJsonSchema(): Record<string, unknown> {
  return { title: 'signin-probe configuration', ...withExtensions(z.toJSONSchema(writtenConfigSchema, { io: 'input' })) };
}

/** Keys that begin with x- may stand beside those of the file, of a target and of the defaults. */
function withExtensions(schema: z.core.JSONSchema.JSONSchema): Record<string, unknown> {
  const allowed = { patternProperties: { '^x-': {} } };
  const { targets, defaults } = schema.properties ?? {};
  const item = typeof targets === 'object' && targets.items;
  if (typeof item === 'object') Object.assign(item, allowed);
  if (typeof defaults === 'object') Object.assign(defaults, allowed);
  return { ...schema, ...allowed };
}

/** The keys the configuration knows at a place such as `['targets', 0, 'account']`; empty where any key may stand. */
export function knownKeysAt(path: readonly PropertyKey[]): string[] {
  let schema: unknown = writtenConfigSchema;
  for (const part of path) {
    schema = unwrapped(schema);
    if (schema instanceof z.ZodArray) schema = schema.element;
    else if (schema instanceof z.ZodObject) schema = (schema.shape as Record<string, unknown>)[String(part)];
    else return [];
  }
  schema = unwrapped(schema);
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}

function unwrapped(schema: unknown): unknown {
  return schema instanceof z.ZodOptional ? unwrapped(schema.unwrap()) : schema;
}
