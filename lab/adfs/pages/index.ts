import type { AdfsGeneration } from '../generation';
import { type ErrorPageOptions, errorPage } from './error-page';
import { type FormsPageOptions, formsPage, typedIntoForm } from './forms-page';
import { type HomeRealmPageOptions, homeRealmPage } from './home-realm-page';
import type { PortalGeneration, PortalLook } from './layout';
import { type MfaPageOptions, mfaPage } from './mfa-page';
import { signOutPage } from './sign-out-page';
import { type PageLanguage, pageTexts, type PageTexts } from './texts';
import { type UpdatePasswordPageOptions, updatePasswordPage } from './update-password-page';
import { chosenInWebForm, typedIntoWebForm, webFormsError, webFormsHomeRealm, webFormsSignIn, webFormsSignOut } from './web-forms';

/** The pages a farm shows. The auto-POST page is the same in all of them. */
export interface AdfsPages {
  readonly texts: PageTexts;
  readonly forms: (options: FormsPageOptions) => string;
  /** What was typed into the posted form; null when it is another one. */
  readonly typed: (form: URLSearchParams) => { userName: string; password: string } | null;
  readonly wrongPasswordText: string;
  readonly homeRealm: (options: HomeRealmPageOptions) => string;
  /** The claims provider chosen in the posted form. */
  readonly chosenRealm: (form: URLSearchParams) => string | null;
  readonly error: (options: ErrorPageOptions) => string;
  readonly signOut: (displayName: string, cleanupAddresses: readonly string[]) => string;
  /** Null: AD FS 2.x has no additional authentication. */
  readonly mfa: ((options: MfaPageOptions) => string) | null;
  /** Null: AD FS 2.x has no page to change a password. */
  readonly updatePassword: ((options: UpdatePasswordPageOptions) => string) | null;
}

/** What an administrator made of the pages. */
export interface PageStyle {
  /** User name and password on one page each; AD FS 3.0 and later. */
  readonly paginated?: boolean | undefined;
  /** An onload.js of the administrator's own changes words and places; AD FS 3.0 and later. */
  readonly customised?: boolean | undefined;
  /** The only language installed, whatever the browser asks for; English unless given. */
  readonly language?: PageLanguage | undefined;
}

/** The pages of a farm. Throws for a style that the generation does not know. */
export function createPages(generation: AdfsGeneration, style: PageStyle = {}): AdfsPages {
  const texts = pageTexts[style.language ?? 'en'];
  if (generation !== '2.0' && generation !== '2.1') return portalPages(generation, style, texts);
  if (style.paginated || style.customised)
    throw new Error(
      `AD FS ${generation} has no paginated sign-in and no onload.js: ` +
        `choose generation 3.0 or later for ${style.paginated ? 'paginated' : 'customised'} pages.`,
    );
  const look = { idPrefix: generation === '2.0' ? ('ctl00_ContentPlaceHolder1_' as const) : ('ContentPlaceHolder1_' as const), texts };
  return {
    texts,
    forms: (options) => webFormsSignIn(look, options),
    typed: typedIntoWebForm,
    wrongPasswordText: texts.wrongPassword2,
    homeRealm: (options) => webFormsHomeRealm(look, options),
    chosenRealm: chosenInWebForm,
    error: (options) => webFormsError(look, options),
    signOut: (displayName, cleanupAddresses) => webFormsSignOut(look, displayName, cleanupAddresses),
    mfa: null,
    updatePassword: null,
  };
}

function portalPages(generation: PortalGeneration, { paginated = false, customised = false }: PageStyle, texts: PageTexts): AdfsPages {
  const look: PortalLook = { generation, paginated, customised, texts };
  return {
    texts,
    forms: (options) => formsPage(look, options),
    typed: typedIntoForm,
    wrongPasswordText: texts.wrongPassword,
    homeRealm: (options) => homeRealmPage(look, options),
    chosenRealm: (form) => form.get('HomeRealmSelection'),
    error: (options) => errorPage(look, options),
    signOut: (displayName, cleanupAddresses) => signOutPage(look, displayName, cleanupAddresses),
    mfa: (options) => mfaPage(look, options),
    updatePassword: (options) => updatePasswordPage(look, options),
  };
}
