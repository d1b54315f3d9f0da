import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright';
import type { RouteEvidence } from '../../contracts/evidence';
import type { Target } from '../../contracts/target';
import type { Redactor } from '../redaction/redact';
import { drawnPage } from './drawn-page';
import { PictureRule } from './picture-rule';

export interface Screenshots {
  readonly taken: RouteEvidence['screenshots'];
  /** Files that show no page, but a sheet with what the page said. */
  readonly drawn: ReadonlySet<string>;
  /** Takes a picture of the page on screen; returns its file name within the run folder, or null when the page is gone. */
  take(caption: string): Promise<string | null>;
}

export interface ScreenshotOptions {
  /** The run folder; pictures go to its `screens/`. */
  readonly folder: string;
  /** Keeps targets and routes apart. */
  readonly prefix: string;
  /** The journey's zero, by performance.now(). */
  readonly startedAt: number;
  readonly target: Pick<Target, 'url' | 'stsOrigin'>;
  /** Where CRM takes tokens, by its own metadata. */
  readonly crmAddresses: Promise<readonly string[]>;
  readonly redactor: Redactor;
  /** Whether this run has given a password to the STS, on whatever route. */
  readonly stsKnowsPassword: () => boolean;
}

/**
 * One picture per page change. Fields are covered: whatever stands in an input is not in the picture. Once the STS knows the password, only pages that cannot
 * have it are pictured (PictureRule); of any other a sheet is drawn from its redacted text. To be called before the page is sent anywhere.
 */
export async function captureScreenshots(page: Page, options: ScreenshotOptions): Promise<Screenshots> {
  const taken: RouteEvidence['screenshots'] = [];
  const drawn = new Set<string>();
  const { folder, prefix, startedAt, redactor, stsKnowsPassword } = options;
  const rule = await PictureRule.start(page, options);
  const picture = (masked: readonly Locator[] = []): Promise<Buffer> =>
    page.screenshot({
      timeout: 3_000,
      animations: 'disabled',
      mask: [page.locator('input:not([type=button], [type=submit], [type=reset], [type=checkbox], [type=radio], [type=image]), textarea'), ...masked],
      maskColor: '#808080',
    });
  return {
    taken,
    drawn,
    take: async (caption) => {
      const atMs = Math.round(performance.now() - startedAt);
      const file = `screens/${prefix}-${String(taken.length + 1).padStart(2, '0')}.png`;
      try {
        const seen = stsKnowsPassword() ? await rule.picture(picture).catch(() => null) : await picture();
        const shown = seen ?? (await drawnPage(page, redactor));
        if (!shown) return null;
        await writeFile(join(folder, file), shown, { mode: 0o600 });
        if (!seen) drawn.add(file);
        taken.push({ file, caption: seen ? caption : `${caption} (drawn from its text, as the password had been given)`, atMs });
        return file;
      } catch {
        return null; // the page is being replaced or the browser is gone: the exchange record says so
      }
    },
  };
}
