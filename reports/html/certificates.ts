/** Certificates of one target over all its routes: each once, for the time line and the table. */
import type { ReportCertificate, Result } from '../../contracts/report';
import { routesPhrase } from '../words/headline';
import { certificateRoleLabels, seenInLabels } from '../words/labels';
import { dayText, instantMs, minuteText, whenText } from '../words/time';
import { certificateAnchor, type Anchors } from './anchors';
import { markup, type Markup } from './markup';

export interface MergedCertificate extends Omit<ReportCertificate, 'host'> {
  readonly hosts: readonly string[];
}

const order: readonly ReportCertificate['role'][] = ['sts-signing', 'sts-encryption', 'crm-encryption', 'tls'];

/** One entry per role and thumbprint; signing certificates first, the newest of a role first. */
export const mergedCertificates = (results: readonly Result[]): MergedCertificate[] => {
  const merged = new Map<string, MergedCertificate>();
  for (const { certificates } of results)
    for (const { host, ...certificate } of certificates) {
      const key = `${certificate.role} ${certificate.sha1}`;
      const known = merged.get(key);
      merged.set(key, {
        ...certificate,
        primary: known?.primary || certificate.primary,
        hosts: [...new Set([...(known?.hosts ?? []), host])],
        seenIn: [...new Set([...(known?.seenIn ?? []), ...certificate.seenIn])],
      });
    }
  return [...merged.values()].sort((a, b) => order.indexOf(a.role) - order.indexOf(b.role) || (instantMs(b.notBefore) ?? 0) - (instantMs(a.notBefore) ?? 0));
};

/** `primary now`, `secondary`, `no longer published`; only signing certificates have a standing. */
export const standing = (certificate: MergedCertificate): string | null => {
  if (certificate.role !== 'sts-signing') return null;
  if (certificate.primary) return 'primary now';
  const published = certificate.seenIn.includes('metadata') || certificate.seenIn.includes('metadata-signature');
  return `${published ? 'secondary' : 'no longer published'}${certificate.seenIn.includes('last-good') ? ', in use at the last good sign-in' : ''}`;
};

export const certificateTable = (certificates: readonly MergedCertificate[], target: string, now: string, anchors: Anchors): Markup => {
  const anchored = new Set<string>();
  const row = (certificate: MergedCertificate): Markup => {
    const id = anchored.has(certificate.sha1) ? null : certificateAnchor(anchors.ofTarget(target), certificate.sha1);
    anchored.add(certificate.sha1);
    const ended = (instantMs(certificate.notAfter) ?? 0) < (instantMs(now) ?? 0);
    return markup`<tr${id === null ? '' : markup` id="${id}"`}>
<th scope="row">${certificateRoleLabels[certificate.role]}${standing(certificate) ? markup`<br/><span class="muted">${standing(certificate)}</span>` : ''}</th>
<td data-label="Certificate">${certificate.subject}<br/><code class="muted${/^[0-9A-Fa-f]{40}$/.test(certificate.sha1) ? ' thumbprint' : ''}">\
${certificate.sha1}</code></td>
<td data-label="Valid"><span class="nowrap">${dayText(certificate.notBefore)}</span> to <b class="nowrap">${dayText(certificate.notAfter)}</b><br/>\
<span class="muted">${ended ? 'ended' : 'ends'} ${whenText(now, certificate.notAfter)}</span></td>
<td data-label="Seen">${certificate.hosts.join(', ')}<br/><span class="muted">${certificate.seenIn.map((place) => seenInLabels[place]).join(', ')}\
</span></td></tr>`;
  };
  return markup`<table class="stack"><thead><tr><th>Role</th><th>Certificate, SHA-1 thumbprint</th><th>Valid</th><th>Where seen</th></tr></thead>\
<tbody>${certificates.map(row)}</tbody></table>`;
};

/** The last good sign-in, in a sentence for each different one. */
export const lastGoodNote = (results: readonly Result[], now: string, anchors: Anchors): Markup => {
  const known = results.filter((result) => result.lastGood !== null);
  const keyOf = ({ lastGood }: Result): string => `${lastGood?.savedAt} ${lastGood?.stsPrimarySha1}`;
  return markup`${[...new Set(known.map(keyOf))].map((key) => {
    const same = known.filter((result) => keyOf(result) === key);
    const lastGood = same[0]?.lastGood;
    if (!lastGood) return null;
    return markup`<p class="small free">${same.map((result) => markup`<span id="${anchors.ofResult(result)}-last-good"></span>`)}\
<b>Last good sign-in over ${routesPhrase(same, results)}:</b> ${minuteText(lastGood.savedAt)}, ${whenText(now, lastGood.savedAt)}; AD FS signed with ${
      lastGood.stsPrimarySha1 ? markup`<code class="hash">${lastGood.stsPrimarySha1}</code>` : 'an unknown certificate'
    }.</p>`;
  })}`;
};
