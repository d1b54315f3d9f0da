/** Lines of the text exposition format 0.0.4, for every renderer that writes a textfile-collector file. */
import { oneLine, shorten } from './safe-text';
import { instantMs } from './words/time';

export type Labels = Readonly<Record<string, string>>;

export interface Metric {
  readonly name: string;
  readonly help: string;
  readonly samples: readonly { readonly labels: Labels; readonly value: number }[];
}

const escapeLabel = (value: string): string => shorten(oneLine(value), 120).replace(/\\/g, '\\\\').replace(/"/g, '\\"');

const line = (name: string, labels: Labels, value: number): string => {
  const inside = Object.entries(labels)
    .map(([key, text]) => `${key}="${escapeLabel(text)}"`)
    .join(',');
  return `${name}${inside === '' ? '' : `{${inside}}`} ${value}`;
};

/** One metric family; nothing when it has no samples. */
export const renderMetric = ({ name, help, samples }: Metric): string[] => {
  // The same series twice makes the collector refuse the whole file.
  const lines = new Map(samples.map(({ labels, value }) => [JSON.stringify(labels), line(name, labels, value)]));
  return lines.size === 0 ? [] : [`# HELP ${name} ${help}`, `# TYPE ${name} gauge`, ...lines.values()];
};

/** Seconds since 1970, or null. */
export const secondsOf = (iso: string | null): number | null => {
  const ms = iso === null ? null : instantMs(iso);
  return ms === null ? null : Math.round(ms / 1000);
};
