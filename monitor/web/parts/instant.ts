import { markup, type Markup } from '../../../reports/html/markup';
import { minuteText, whenText } from '../../../reports/words/time';

/** `3 hours ago`, with the instant on hover and for machines. */
export const since = (now: string, iso: string | null): Markup =>
  iso === null ? markup`<span class="muted">–</span>` : markup`<time datetime="${iso}" title="${minuteText(iso)}">${whenText(now, iso)}</time>`;

/** `18 Nov 2025 02:47 UTC` */
export const instant = (iso: string): Markup => markup`<time datetime="${iso}" class="nowrap">${minuteText(iso)}</time>`;
