import { markup, type Markup } from '../../../reports/html/markup';

export const targetAddress = (target: string): string => `/targets/${encodeURIComponent(target)}`;
export const targetLink = (target: string): Markup => markup`<a href="${targetAddress(target)}">${target}</a>`;
export const reportAddress = (runId: string): string => `/runs/${encodeURIComponent(runId)}/report.html`;
