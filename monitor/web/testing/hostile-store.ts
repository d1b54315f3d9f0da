/** A sample store in which every text that a server, a person or a configuration could choose is an attack. */
import { attack } from '../../../reports/testing/hostile';
import type { WebStore } from '../web-context';
import { SampleStore } from './sample-store';

const texts = new Set([
  'summary',
  'cause',
  'causeTitle',
  'kb',
  'why',
  'title',
  'text',
  'by',
  'reason',
  'subject',
  'host',
  'runner',
  'name',
  'lastError',
  'channel',
  'location',
  'acknowledgedBy',
  'key',
]);
/** Contract words under the same keys as texts. */
const words = new Set(['first', 'confirming', 'again']);

const poison = (value: unknown, key = ''): unknown => {
  if (typeof value === 'string') return texts.has(key) && !words.has(value) ? attack : value;
  if (Array.isArray(value)) return value.map((item) => poison(item, key));
  if (typeof value === 'object' && value !== null && !(value instanceof Date))
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [name, name === 'key' && typeof item === 'object' ? poison(item) : poison(item, name)]),
    );
  return value;
};

export function hostileStore(only?: readonly string[]): WebStore {
  const store = new SampleStore(new Date(), only);
  const reads = [
    'overview',
    'series',
    'timeline',
    'slots',
    'slot',
    'report',
    'certificates',
    'alerts',
    'alert',
    'silences',
    'windows',
    'queues',
    'runners',
  ] as const;
  return new Proxy(store, {
    get(target, property) {
      const value: unknown = Reflect.get(target, property, target);
      if (typeof value !== 'function') return value;
      const method = value.bind(target) as (...given: unknown[]) => unknown;
      return (reads as readonly unknown[]).includes(property) ? async (...given: unknown[]) => poison(await method(...given)) : method;
    },
  });
}
