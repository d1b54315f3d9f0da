import { expect, test } from '@playwright/test';
import { z } from 'zod';
import { redactBySchema } from './redact-by-schema';

const schema = z.object({
  verdict: z.enum(['healthy', 'broken']),
  at: z.iso.datetime({ offset: true }),
  text: z.string().nullable(),
  texts: z.record(z.string(), z.string()),
  list: z.array(z.object({ n: z.number(), title: z.string().optional() })).default([]),
  read: z.discriminatedUnion('ok', [z.object({ ok: z.literal(true), name: z.string() }), z.object({ ok: z.literal(false), why: z.string() })]),
});

test('free strings are cleaned, listed words, numbers and instants stay, and what the schema does not know is dropped', () => {
  const data = {
    verdict: 'healthy',
    at: '2026-01-01T00:00:00Z',
    text: 'healthy?',
    texts: { healthy: 'healthy' },
    list: [{ n: 1, title: 'healthy', more: 'healthy' }],
    read: { ok: false, why: 'healthy', also: 'healthy' },
    unknown: 'healthy',
  };
  expect(redactBySchema(schema, data, (text) => text.replaceAll('healthy', '*'))).toEqual({
    verdict: 'healthy',
    at: '2026-01-01T00:00:00Z',
    text: '*?',
    texts: { '*': '*' },
    list: [{ n: 1, title: '*' }],
    read: { ok: false, why: '*' },
  });
});
