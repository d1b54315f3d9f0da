import { escapeHiddenField, escapeXml } from '../xml';

/** The auto-POST page, one line without white space between tags, fields in the order wa, wresult, wctx (field guide section 2). */
export function workingPage(action: string, wresult: string, wctx: string | null): string {
  const field = (name: string, value: string): string => `<input type="hidden" name="${name}" value="${escapeHiddenField(value)}" />`;
  return (
    `<html><head><title>Working...</title></head><body><form method="POST" name="hiddenform" action="${escapeXml(action)}">` +
    field('wa', 'wsignin1.0') +
    field('wresult', wresult) +
    (wctx === null ? '' : field('wctx', wctx)) +
    '<noscript><p>Script is disabled. Click Submit to continue.</p><input type="submit" value="Submit" /></noscript></form>' +
    `<script language="javascript">window.setTimeout('document.forms[0].submit()', 0);</script></body></html>`
  );
}
