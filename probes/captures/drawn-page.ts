import type { Page } from 'playwright';
import { readPage } from '../page-actions/page-reading';
import type { Redactor } from '../redaction/redact';
import { within } from '../../system/within';

const withinMs = 5_000;
/** What fits, and what the page is asked for: the rest is redacted along, so that a cut leaves no piece of a secret behind. */
const most = { lines: 24, characters: 2_500, read: 20_000 };

/**
 * A picture (PNG) of what the page says, drawn on a sheet of the probe's own from its redacted texts: title, address, visible text, the names of its fields and
 * buttons. Nothing of the page's own looks is in it. null when the page cannot be read or the browser is gone.
 */
export async function drawnPage(page: Page, redactor: Redactor): Promise<Buffer | null> {
  return within(draw(page, redactor), withinMs, null);
}

async function draw(page: Page, redactor: Redactor): Promise<Buffer | null> {
  const shown = await readPage(page, null);
  const browser = page.context().browser();
  if (!shown || !browser) return null;
  const text = await page.evaluate((length) => (document.body?.innerText ?? '').slice(0, length), most.read);
  const fields = shown.fields.map(({ hint, name, id, type }) => `${name || id || hint || 'unnamed'} (${type})`);
  const parts = [
    shown.title || 'A page without a title',
    redactor.url(shown.url.replace(/[?#].*$/s, '')), // the rest is in the report, and long
    '',
    text.replace(/[^\S\n]+/g, ' ').replace(/\n\s*\n+/g, '\n'),
    '',
    ...(fields.length > 0 ? [`Fields: ${fields.join(', ')}`] : []),
    ...(shown.buttons.length > 0 ? [`Buttons: ${shown.buttons.join(', ')}`] : []),
  ];
  // As one text: a secret may begin in one part and end in the next.
  const sheet = redactor.text(parts.join('\n')).slice(0, most.characters).split('\n').slice(0, most.lines).join('\n');
  const context = await browser.newContext({ javaScriptEnabled: false, offline: true, viewport: { width: 1280, height: 800 } });
  try {
    const blank = await context.newPage();
    await blank.setContent(sheetOf(sheet));
    return await blank.screenshot({ animations: 'disabled', timeout: withinMs });
  } finally {
    await context.close().catch(() => undefined);
  }
}

const escaped = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;');

const sheetOf = (text: string): string => `<!doctype html><meta charset="utf-8"><style>
body { margin: 0; background: #fff; color: #1a1a1a; font: 22px/1.4 'Segoe UI', 'Noto Sans', 'DejaVu Sans', sans-serif }
header { padding: 12px 28px; background: #ececec; border-bottom: 2px solid #8a8a8a; color: #444; font-size: 16px }
pre { margin: 20px 28px; font: inherit; white-space: pre-wrap; overflow-wrap: anywhere }
pre::first-line { font-weight: bold; font-size: 27px }
</style><header>Drawn by signin-probe from the page’s text. The page itself is not pictured, as the password had been given to the STS.</header>\
<pre>${escaped(text)}</pre>`;
