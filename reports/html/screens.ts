/** Screenshots inside the file, as data addresses. */
import type { Result } from '../../contracts/report';
import { durationText } from '../words/time';
import { routePart } from './fold';
import { markup, type Markup } from './markup';

/** File name as in the report → `data:image/png;base64,…`. */
export type Screens = Readonly<Record<string, string>>;

type Screenshot = Result['screenshots'][number];

const isPng = (address: string | undefined): address is string => address !== undefined && /^data:image\/png;base64,[A-Za-z0-9+/]+=*$/.test(address);

export const screenFigure = ({ file, caption, atMs }: Screenshot, screens: Screens): Markup => {
  const address = Object.hasOwn(screens, file) ? screens[file] : undefined;
  return markup`<figure>${
    isPng(address) ? markup`<img src="${address}" alt="Screenshot: ${caption}"/>` : markup`<p class="small muted">Not included: <code>${file}</code></p>`
  }
<figcaption>${caption} <span class="nowrap">(at ${durationText(atMs)})</span></figcaption></figure>`;
};

export const screenSection = (results: readonly Result[], screens: Screens): Markup =>
  markup`${results
    .filter(({ screenshots }) => screenshots.length > 0)
    .map((result) => routePart(result, results, markup`<div class="screens">${result.screenshots.map((shot) => screenFigure(shot, screens))}</div>`))}`;
