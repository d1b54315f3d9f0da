import { type BrowserChoice, findBrowser } from '../../probes/browser/browser';
import { installBrowser } from '../../probes/browser/install-browser';
import { ProbeFault } from '../../contracts/probe-fault';

/** Finds a browser that starts, or installs one; says what was chosen and why others were passed over. For the scripts of a fresh machine. */
export async function ensureBrowser(say: (text: string) => void): Promise<BrowserChoice> {
  let search = await findBrowser({ configured: null });
  if (!search.ok) {
    say('No browser found; installing one …');
    const installed = await installBrowser({ say });
    if (!installed.ok) throw new ProbeFault(`${search.why} ${installed.why}`);
    search = await findBrowser({ configured: null });
  }
  for (const { name, why } of search.passedOver) say(`browser ${name} passed over: ${why}`);
  if (!search.ok) throw new ProbeFault(search.why);
  for (const warning of search.warnings) say(warning);
  say(`browser: ${search.choice.name} ${search.choice.version}`);
  return search.choice;
}
