/** Every format a report can be written in, by name. */
import type { Report } from '../contracts/report';
import { renderHar } from './har';
import type { Screens } from './html/screens';
import { renderHtml } from './html';
import { renderJunit } from './junit';
import { renderMarkdown } from './markdown';
import { renderNagios } from './nagios';
import { renderPrometheus } from './prometheus';
import { renderTerminal } from './terminal';
import { safeJson } from './safe-json';

export type { Screens } from './html/screens';
export type { TerminalOptions } from './terminal';

export const formats = ['html', 'json', 'md', 'junit', 'har', 'nagios', 'prometheus', 'terminal'] as const;
export type Format = (typeof formats)[number];

export interface RenderOptions {
  /** Screenshots for `html`: file name as in the report → `data:image/png;base64,…`. */
  readonly screens?: Screens;
  /** Colours for `terminal`. */
  readonly color?: boolean;
  /** Path of the HTML report, for `terminal`. */
  readonly reportPath?: string | null;
  /** Width of the terminal in characters. */
  readonly columns?: number;
}

/** Pure: the same report gives the same text, wherever and whenever. */
export type Renderer = (report: Report, options?: RenderOptions) => string;

export const renderers: Readonly<Record<Format, Renderer>> = {
  html: (report, options) => renderHtml(report, options?.screens ?? {}),
  json: (report) => `${safeJson(report, 2)}\n`,
  md: renderMarkdown,
  junit: renderJunit,
  har: renderHar,
  nagios: renderNagios,
  prometheus: renderPrometheus,
  terminal: (report, options) =>
    renderTerminal(report, {
      color: options?.color ?? false,
      reportPath: options?.reportPath ?? null,
      ...(options?.columns === undefined ? {} : { columns: options.columns }),
    }),
};

/** Names of the files in a run's folder (contract: A run's folder). */
export const reportFiles: Readonly<Partial<Record<Format, string>>> = {
  html: 'report.html',
  json: 'report.json',
  md: 'report.md',
  junit: 'junit.xml',
  har: 'exchange.har',
};

export { renderHar, renderHtml, renderJunit, renderMarkdown, renderNagios, renderPrometheus, renderTerminal };
