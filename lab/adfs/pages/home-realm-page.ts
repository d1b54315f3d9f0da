import { escapeXml } from '../xml';
import { portalLayout, type PortalLook } from './layout';

export interface HomeRealmPageOptions {
  readonly displayName: string;
  readonly action: string;
  /** Identifier and name of every claims provider, Active Directory first. */
  readonly providers: readonly { readonly id: string; readonly name: string }[];
}

const script = `
var HRD = {
  selection: function (provider) {
    document.getElementById('hrdSelection').value = provider;
    document.forms['hrd'].submit();
    return false;
  }
};
`;

/** Home realm discovery: one tile for each claims provider (field guide section 7.4). */
export function homeRealmPage(look: PortalLook, { displayName, action, providers }: HomeRealmPageOptions): string {
  const { texts } = look;
  const tiles = providers.map(
    ({ id, name }) =>
      `<div class="idp" tabindex="1" role="button" aria-label="${escapeXml(name)}" onclick="HRD.selection('${escapeXml(id)}'); return false;">` +
      `<div class="idpDescription float"><span class="largeTextNoWrap indentNonCollapsible">${escapeXml(name)}</span></div></div>`,
  );
  const content = `<div id="hrdArea">
<form id="hrd" method="post" autocomplete="off" novalidate="novalidate" action="${escapeXml(action)}">
<div id="openingMessage" class="groupMargin bigText">${texts.homeRealmMessage}</div>
<input id="hrdSelection" type="hidden" name="HomeRealmSelection" value=""/>
<div class="groupMargin">${tiles.join('\n')}</div>
</form>
</div>`;
  return portalLayout(look, { title: texts.homeRealmTitle, displayName, content, script });
}
