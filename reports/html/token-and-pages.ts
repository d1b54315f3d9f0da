/** What is readable of the token, and the pages the journey met. */
import type { Result } from '../../contracts/report';
import { shorten } from '../safe-text';
import { pageKindLabels, signatureLabels } from '../words/labels';
import { bytesText, durationText, secondText } from '../words/time';
import type { Anchors } from './anchors';
import { markup, type Markup, type MarkupValue } from './markup';

const fact = (name: string, value: MarkupValue): Markup | null =>
  value === null || value === '' || value === undefined ? null : markup`<dt>${name}</dt><dd>${value}</dd>`;

const token = (result: Result, anchors: Anchors): Markup => {
  const { token: seen } = result;
  if (!seen) return markup``;
  return markup`<div class="card" id="${anchors.ofResult(result)}-token"><h4>The token that left the browser</h4><dl class="facts">
    ${fact('Could not be read', seen.unreadable)}
    ${fact('Type', seen.type)}
    ${fact('Size', bytesText(seen.bytes))}
    ${fact('Posted to', seen.postedTo)}
    ${fact('For', seen.appliesTo)}
    ${fact('Valid', seen.lifetime ? `${secondText(seen.lifetime.created)} to ${secondText(seen.lifetime.expires)}` : null)}
    ${fact('Encrypted', seen.encrypted ? `yes${seen.encryptedFor ? `, for ${seen.encryptedFor.issuer}, serial ${seen.encryptedFor.serial}` : ''}` : 'no')}
    ${fact('Algorithms', [seen.dataAlgorithm, seen.keyAlgorithm].flatMap((name) => (name ? [name.replace(/^http:\/\/www\.w3\.org\/.*#/, '')] : [])).join(', '))}
    ${fact('Signature', signatureLabels[seen.signature])}
    ${fact('Signed by', seen.signer ? `${seen.signer.subject} (${seen.signer.sha1})` : null)}
    ${fact('Issuer', seen.issuer)}
    ${fact('Audience', seen.audience)}
    ${fact('Claims', seen.claims.join(', '))}
  </dl></div>`;
};

const pages = (result: Result, anchors: Anchors): Markup =>
  result.pages.length === 0
    ? markup``
    : markup`<table class="stack"><thead><tr><th>Page</th><th>Recognised as</th><th>What the probe did</th><th>Texts and codes</th></tr></thead>\
<tbody>${result.pages.map(
        (page) => markup`<tr id="${anchors.ofResult(result)}-page-${page.n}">\
<th scope="row">${page.n}. ${page.title === '' ? 'without a title' : `“${shorten(page.title, 80)}”`}</th>
<td data-label="Recognised as">${pageKindLabels[page.kind]}${page.recognisedBy ? markup` <code class="muted">${page.recognisedBy}</code>` : ''}</td>
<td data-label="Probe">${page.action} <span class="muted nowrap">(at ${durationText(page.atMs)})</span></td>
<td data-label="Texts">${[...page.codes, ...Object.entries(page.texts).map(([name, value]) => `${name}: ${shorten(value, 200)}`)].join('; ') || '–'}</td></tr>`,
      )}</tbody></table>`;

export const tokenAndPages = (result: Result, anchors: Anchors): Markup => markup`${token(result, anchors)}${pages(result, anchors)}`;
