import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright';
import type { RouteEvidence } from '../../contracts/evidence';

export interface Screenshots {
  readonly taken: RouteEvidence['screenshots'];
  /** Takes a picture of the page on screen; returns its file name within the run folder, or null when the page is gone. */
  take(caption: string): Promise<string | null>;
}

/**
 * One picture per page change, in `<folder>/screens/`. Fields are covered: whatever stands in an input is not in the picture.
 * `prefix` keeps targets and routes apart; `startedAt` is the journey's zero.
 */
export function captureScreenshots(page: Page, folder: string, prefix: string, startedAt: number): Screenshots {
  const taken: RouteEvidence['screenshots'] = [];
  return {
    taken,
    take: async (caption) => {
      const atMs = Math.round(performance.now() - startedAt);
      const file = `screens/${prefix}-${String(taken.length + 1).padStart(2, '0')}.png`;
      try {
        const picture = await page.screenshot({
          timeout: 3_000,
          animations: 'disabled',
          mask: [page.locator('input:not([type=button], [type=submit], [type=reset], [type=checkbox], [type=radio], [type=image]), textarea')],
          maskColor: '#808080',
        });
        await writeFile(join(folder, file), picture, { mode: 0o600 });
        taken.push({ file, caption, atMs });
        return file;
      } catch {
        return null; // the page is being replaced or the browser is gone: the exchange record says so
      }
    },
  };
}
