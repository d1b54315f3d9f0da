/** Style sheet, script and icons: served by the page itself, under names that change with their content, so that browsers may keep them for good. */
import { createHash } from 'node:crypto';
import { type SlotVerdict, slotVerdictSchema } from '../../../contracts/monitoring';
import { liveScript } from './live-script';
import { pageStyle } from './page-style';

export interface Asset {
  readonly address: string;
  readonly type: string;
  readonly body: string;
}

const asset = (name: string, ending: string, type: string, body: string): Asset => ({
  address: `/assets/${name}-${createHash('sha256').update(body).digest('hex').slice(0, 12)}.${ending}`,
  type,
  body,
});

/** Shape and colour: a tab tells how things stand. */
const drawings: Readonly<Record<SlotVerdict | 'none', readonly [colour: string, path: string]>> = {
  healthy: ['#17683a', 'M9 17l5 5 10-12'],
  broken: ['#b4141f', 'M10 10l12 12M22 10l-12 12'],
  'at-risk': ['#875100', 'M16 8v10M16 23v1'],
  flaky: ['#6242a6', 'M8 18c3-6 5-6 8-2s5 4 8-2'],
  unknown: ['#4a5563', 'M12 12c0-5 8-5 8 0 0 3-4 3-4 6M16 23v1'],
  none: ['#2f6fb3', 'M9 16h14'],
};
const icons = new Map(
  [...slotVerdictSchema.options, 'none' as const].map((tone) => {
    const [colour, path] = drawings[tone];
    const body =
      `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="${colour}"/>` +
      `<path d="${path}" fill="none" stroke="#fff" stroke-width="3.6" stroke-linecap="round" stroke-linejoin="round"/></svg>`;
    return [tone, asset(`icon-${tone}`, 'svg', 'image/svg+xml', body)] as const;
  }),
);
const style = asset('style', 'css', 'text/css; charset=utf-8', pageStyle);
const script = asset('live', 'js', 'text/javascript; charset=utf-8', liveScript);

export const assets: readonly Asset[] = [style, script, ...icons.values()];

export const assetAddresses = {
  style: style.address,
  script: script.address,
  icon: (tone: SlotVerdict | null): string => icons.get(tone ?? 'none')?.address ?? '',
};
