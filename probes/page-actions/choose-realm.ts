import type { Page } from 'playwright';

export interface RealmChoice {
  readonly chosen: boolean;
  /** The claims providers on offer, by name. */
  readonly offered: readonly string[];
}

/**
 * Chooses a claims provider on the home realm page on screen: by the name it shows or by its identifier, upper and lower case alike. Without a
 * wanted one, or where it is not offered, nothing is chosen.
 */
export async function chooseRealm(page: Page, wanted: string | null): Promise<RealmChoice> {
  return page.evaluate(chooseInDocument, { wanted });
}

/** Runs inside the page: must not refer to anything outside itself. */
function chooseInDocument({ wanted }: { wanted: string | null }): RealmChoice {
  const plain = (text: string | null | undefined): string => (text ?? '').replace(/\s+/g, ' ').trim();
  const isWanted = (names: readonly string[]): boolean => wanted !== null && names.some((name) => name.toLowerCase() === plain(wanted).toLowerCase());
  // The tiles' scripts carry the identifier: HRD.selection('AD AUTHORITY').
  const identifierOf = (tile: Element): string => /HRD\.selection\(\s*'([^']*)'/.exec(tile.getAttribute('onclick') ?? '')?.[1] ?? '';
  const tiles = [...document.querySelectorAll<HTMLElement>('#hrd .idp, #hrdArea .idp, [onclick*="HRD.selection"]')].map((element) => ({
    names: [plain(element.getAttribute('aria-label')), plain(element.innerText), identifierOf(element)].filter(Boolean),
    choose: () => element.click(),
  }));
  const list = document.querySelector<HTMLSelectElement>('select[id$="PassiveIdentityProvidersDropDownList"], form select');
  const options = [...(list?.options ?? [])].map((option) => ({
    names: [plain(option.text), option.value].filter(Boolean),
    choose: () => {
      if (list) list.value = option.value;
      const button = list?.form?.querySelector<HTMLElement>('input[id$="PassiveSignInButton"], input[type=submit], button');
      if (button) button.click();
      else list?.form?.requestSubmit();
    },
  }));
  const providers = [...tiles, ...options].filter(({ names }) => names.length > 0);
  const match = providers.find(({ names }) => isWanted(names));
  match?.choose();
  return { chosen: match !== undefined, offered: [...new Set(providers.map(({ names }) => names[0] ?? ''))] };
}
