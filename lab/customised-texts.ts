import type { RequestListener, ServerResponse } from 'node:http';

/** Whether the servers' pages speak English, or as an administrator customised or translated them. */
export interface TextStyle {
  customised: boolean;
}

/** What customisation never touches: error codes and identifiers. */
const kept = /^(?:ID\d{4}|MSIS\d{4}|0x[0-9a-fA-F]{8}|[0-9a-fA-F]{8}-[0-9a-fA-F-]{27}|\W*)$/;

const rot13 = (word: string): string =>
  word.replace(/[a-z]/gi, (letter) => {
    const base = letter <= 'Z' ? 65 : 97;
    return String.fromCharCode(((letter.charCodeAt(0) - base + 13) % 26) + base);
  });

/** Replaces every word of a text, keeping codes, addresses and numbers. */
const reworded = (text: string): string =>
  text.replace(/&[#\w]+;|[\w-]+(?:[.@:/\\][\w-]+)*/g, (word) => (word.startsWith('&') || kept.test(word) || /\d|[.@:/\\]/.test(word) ? word : rot13(word)));

/** The visible texts of a page reworded; markup, ids, scripts, styles and attributes (AD FS leaves `>` bare in them) stay. */
const rewordedPage = (html: string): string =>
  html.replace(
    /(<(script|style)\b[\s\S]*?<\/\2>|<(?:[^>"']|"[^"]*"|'[^']*')*>)|([^<]+)/gi,
    (_, markup: string | undefined, __, text: string | undefined) => markup ?? reworded(text ?? ''),
  );

/** The error text in the address of CRM's error page, reworded. */
const rewordedLocation = (location: string): string =>
  location.replace(
    /([?&]Parm0=)([^&]*)/,
    (_, name: string, value: string) => name + encodeURIComponent(reworded(decodeURIComponent(value.replace(/\+/g, ' ')))),
  );

/** Wraps a server so that its pages and error texts are customised away while `style.customised` is true: codes, ids and status must suffice then. */
export function withTexts(handler: RequestListener, style: TextStyle): RequestListener {
  return (request, response) => {
    if (style.customised) rewordAtEnd(response);
    handler(request, response);
  };
}

/** The lab's servers set their headers one by one and send the body whole: its end is where both can still change. */
function rewordAtEnd(response: ServerResponse): void {
  const end = response.end.bind(response) as (...args: unknown[]) => ServerResponse;
  response.end = (...args: unknown[]): ServerResponse => {
    const [body] = args;
    const location = response.getHeader('location');
    if (typeof location === 'string') response.setHeader('location', rewordedLocation(location));
    if (!/text\/(html|plain)/i.test(String(response.getHeader('content-type') ?? '')) || (typeof body !== 'string' && !Buffer.isBuffer(body)))
      return end(...args);
    const page = Buffer.from(rewordedPage(body.toString()));
    if (response.hasHeader('content-length')) response.setHeader('content-length', page.length);
    return end(page);
  };
}
