import { markup, type Markup } from '../../../reports/html/markup';

/** Shows that a form was made for this visitor (gate.ts). */
export const hiddenToken = (token: string): Markup => markup`<input type="hidden" name="token" value="${token}">`;

/** A choice; `null` is "any". */
export const select = (name: string, label: string, options: readonly (readonly [value: string, text: string])[], chosen: string): Markup =>
  markup`<label><span>${label}</span><select name="${name}">\
${options.map(([value, text]) => markup`<option value="${value}"${value === chosen ? markup` selected` : ''}>${text}</option>`)}</select></label>`;
