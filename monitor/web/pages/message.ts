import { markup } from '../../../reports/html/markup';
import type { Page } from './layout';

/** A page that says one thing. */
export const messagePage = (title: string, text: string): Page => ({
  title,
  current: null,
  refreshSeconds: null,
  main: markup`<div class="message"><div class="card"><h1>${title}</h1><p>${text}</p><p><a href="/">To the overview</a></p></div></div>`,
});
