/** Every format a report is written in, by name: for tests that try all of them. */
import type { Report } from '../../contracts/report';
import { renderHar } from '../har';
import { renderHtml } from '../html';
import { renderJunit } from '../junit';
import { renderMarkdown } from '../markdown';
import { renderNagios } from '../nagios';
import { renderPrometheus } from '../prometheus';
import { safeJson } from '../safe-json';
import { renderTerminal } from '../terminal';

export const renderers: Readonly<Record<string, (report: Report) => string>> = {
  html: (report) => renderHtml(report, {}),
  json: (report) => `${safeJson(report, 2)}\n`,
  md: renderMarkdown,
  junit: renderJunit,
  har: renderHar,
  nagios: renderNagios,
  prometheus: renderPrometheus,
  terminal: (report) => renderTerminal(report, { color: false, reportPath: null }),
};
