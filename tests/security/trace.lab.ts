/** `run --trace` against the lab: the archive opens in Playwright's own viewer, shows the journey, and holds nothing that signs anybody in. */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { unzipSync } from 'fflate';
import { chromium } from 'playwright';
import { startLab } from '../../lab/start-lab';
import { findBrowser } from '../../probes/browser/browser';
import { createLog } from '../../system/log';
import { createRedactor } from '../../probes/redaction/redact';
import { loadTargets } from '../../config/targets';
import { scanFolders } from '../../runs/testing/independent-scanner';
import { runTargets } from '../../runs/run-targets';

const root = join(__dirname, '..', '..');

/** Playwright's own command, serving its viewer on loopback. */
async function serveViewer(file: string): Promise<{ url: string; close: () => Promise<void> }> {
  const cli = join(root, 'node_modules', 'playwright', 'cli.js');
  const server = spawn(process.execPath, [cli, 'show-trace', '--host', '127.0.0.1', '--port', '0', file], { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<void>((resolve) => server.on('close', () => resolve()));
  let text = '';
  const url = await new Promise<string>((resolve, reject) => {
    const look = (data: Buffer): void => {
      text += data.toString();
      const found = /http:\/\/127\.0\.0\.1:\d+\S*/.exec(text)?.[0];
      if (found) resolve(found);
    };
    server.stdout.on('data', look);
    server.stderr.on('data', look);
    server.on('exit', () => reject(new Error(`the viewer ended: ${text}`)));
  });
  return { url, close: () => (server.kill(), ended) };
}

test('trace.zip opens in Playwright’s viewer with actions, page and network, and holds no secret', async () => {
  const [lab, search, out] = await Promise.all([startLab(), findBrowser({ configured: null }), mkdtemp(join(tmpdir(), 'signin-probe-trace-'))]);
  try {
    if (!search.ok) throw new Error(search.why);
    const loaded = loadTargets(lab.config);
    if (!loaded.ok) throw new Error('the lab’s configuration');
    const redactor = createRedactor();
    const { report, folder } = await runTargets({
      targets: loaded.targets.filter(({ route }) => route === 'ifd'),
      browser: search.choice,
      log: createLog({ level: 'error', quiet: true, redactor }),
      redactor,
      outFolder: out,
      label: null,
      interactive: false,
      trace: true,
      stateFolder: join(out, 'state'),
    });
    expect(report.verdict).toBe('healthy');
    const entries = unzipSync(await readFile(join(folder, 'trace.zip')));
    expect(Object.keys(entries).sort().slice(0, 2)).toEqual(['contoso-ifd.network', 'contoso-ifd.trace']);
    const secrets = redactor.known().map(({ kind, value }) => ({ kind, value }));
    const count = scanFolders(
      [folder],
      secrets.filter(({ kind, value }) => kind === 'password' || value.length >= 16),
    );
    test
      .info()
      .annotations.push(
        { type: 'threat', description: 'secrets in trace.zip (actions, page structure, network, pictures)' },
        { type: 'attempts', description: String(count.secrets * count.encodings) },
        { type: 'leaks', description: String(count.found.length) },
      );
    expect(count.found).toEqual([]);

    const viewer = await serveViewer(join(folder, 'trace.zip'));
    const browser = await chromium.launch({
      ...(search.choice.executablePath ? { executablePath: search.choice.executablePath } : {}),
      chromiumSandbox: process.getuid?.() !== 0,
    });
    try {
      const page = await browser.newPage({ viewport: { width: 1500, height: 900 } });
      await page.goto(viewer.url);
      await expect(page.getByTestId('actions-tree').getByText('crm-shell: arrived')).toBeVisible({ timeout: 30_000 });
      await page.getByTestId('actions-tree').getByText('sts-forms: typed the credentials').click();
      const shown = page.frameLocator('iframe.snapshot-visible[name=snapshot]');
      await expect(shown.locator('input[type=password]')).toBeVisible({ timeout: 15_000 });
      await expect(shown.locator('input[type=password]')).toHaveValue('');
      await page.getByRole('tab', { name: 'Network' }).click();
      await expect(page.getByText('/adfs/ls/').or(page.getByText('ls')).first()).toBeVisible();
    } finally {
      await browser.close();
      await viewer.close();
    }
  } finally {
    await lab.close();
    await rm(out, { recursive: true, force: true });
  }
});
