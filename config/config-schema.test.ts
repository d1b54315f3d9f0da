import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { configJsonSchema } from './config-schema';

test('the shipped JSON Schema is the one the program reads configurations with', () => {
  const shipped: unknown = JSON.parse(readFileSync(join(__dirname, '..', 'signin-probe.schema.json'), 'utf8'));
  expect(shipped, 'run npm run schema').toEqual(JSON.parse(JSON.stringify(configJsonSchema())));
});
