import { markup, Markup, type MarkupValue } from './markup';
import { style } from './style';

interface HtmlDocument {
  readonly title: string;
  /** What it adds to the style sheet of all. */
  readonly style?: string;
  /** Whether it shows pictures; they must be in it (`data:`). */
  readonly pictures: boolean;
  readonly main: MarkupValue;
}

/** A whole document: one file that works without script and network, in which scripts and every outside address are forbidden. Well-formed XML too. */
export const htmlDocument = ({ title, style: more = '', pictures, main }: HtmlDocument): string =>
  markup`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8"/>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline';${pictures ? ' img-src data:;' : ''} base-uri 'none'; \
form-action 'none'"/>
<meta name="viewport" content="width=device-width, initial-scale=1"/>
<meta name="referrer" content="no-referrer"/>
<meta name="color-scheme" content="light dark"/>
<title>${title}</title>
<style>${new Markup(style + more)}</style>
</head>
<body>
<main>
${main}
</main>
</body>
</html>
`.text;
