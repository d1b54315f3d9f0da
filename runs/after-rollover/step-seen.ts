import type { RepairProbing, RepairStep, RouteSight, StepState } from '../../contracts/repair';
import { listed, shortThumbprint } from '../../diagnosis/facts/wording';
import { expected } from '../../system/expected';

type Ticked = Pick<RepairStep, 'state' | 'seen'>;

const says = (state: StepState, seen: string): Ticked => ({ state, seen });
const names = (routes: readonly RouteSight[]): string => listed(routes.map(({ route }) => (route === 'ifd' ? 'IFD' : 'internal claims')));

/**
 * A step that the operator says is done, against what is visible from outside before and after it. Only what changed, or cannot be otherwise,
 * counts as seen; the rest is the operator's word. `before` = the last probing before the round; null = there was none. Pure.
 */
export function tick(step: Pick<RepairStep, 'kind' | 'round'>, before: RepairProbing | null, after: RepairProbing): Ticked {
  switch (step.kind) {
    case 'list-trusts':
    case 'note-settings':
      return says('reported', 'A reading: it changes nothing that could be seen.');
    case 'update-trusts':
      return updatedTrusts(before, after);
    case 'iisreset':
      return restarted(step.round, before, after);
    case 'restart-adfs':
      return says('reported', `Not visible from here: ${stsAnswers(after) ? 'AD FS answers, as it may have all along' : 'AD FS does not answer now'}.`);
    case 'disable-claims':
      return claimsOff(after);
    case 'configure-claims':
      return claimsOn(before, after);
    case 'configure-ifd':
      return ifdOn(after);
  }
}

function updatedTrusts(before: RepairProbing | null, after: RepairProbing): Ticked {
  const mended = after.routes.filter(({ route, encryption }) => encryption === 'match' && sightOf(before, route)?.encryption === 'mismatch');
  if (mended.length > 0) return says('seen', `AD FS encrypts for the certificate CRM publishes now, which it did not before (${names(mended)}).`);
  const stale = after.routes.filter(({ encryption }) => encryption === 'mismatch');
  if (stale.length > 0) return says('contradicted', `AD FS still encrypts for another certificate than CRM publishes (${names(stale)}).`);
  const fits = after.routes.filter(({ encryption }) => encryption === 'match');
  return says(
    'reported',
    fits.length > 0
      ? `Not visible from here: AD FS knows the realm and encrypts for CRM's certificate (${names(fits)}), as before.`
      : 'Not visible from here: no token was issued that would show it.',
  );
}

/** What the wizards write comes into force with an iisreset, so a change that is seen shows both. */
function restarted(round: number, before: RepairProbing | null, after: RepairProbing): Ticked {
  const silent = after.routes.filter(({ redirectsToSts }) => redirectsToSts === null);
  if (silent.length === after.routes.length) return says('contradicted', 'CRM gives no answer: it may still be starting.');
  if (round === 2 && claimsOff(after).state === 'seen') return says('seen', 'CRM answers, and what was changed is in force.');
  if (round === 3 && claimsOn(before, after).state === 'seen') return says('seen', 'CRM answers, and what was changed is in force.');
  if (healed(after) && before && !healed(before)) return says('reported', 'Not visible by itself; CRM answers, and sign-in works now.');
  return says('reported', 'Not visible from here: CRM answers, as it may have all along.');
}

function claimsOff({ routes }: RepairProbing): Ticked {
  const internal = internalOf(routes);
  if (isOff(internal)) return says('seen', `CRM no longer sends the browser to AD FS (${names([internal])})${wsdlWords([internal])}.`);
  if (internal.redirectsToSts === null) return says('contradicted', 'CRM gives no answer that would show it.');
  return says('contradicted', `CRM still sends the browser to AD FS (${names([internal])}): claims are on, or iisreset was not run on every front end.`);
}

function claimsOn(before: RepairProbing | null, after: RepairProbing): Ticked {
  const internal = internalOf(after.routes);
  if (isOff(internal))
    return says('contradicted', `CRM does not send the browser to AD FS (${names([internal])})${wsdlWords([internal])}: claims are still off.`);
  if (internal.redirectsToSts === null) return says('contradicted', 'CRM gives no answer that would show it.');
  const took = after.routes.find(({ crmUpdated }) => crmUpdated.is === 'yes');
  if (took)
    return says(
      'seen',
      `CRM sends the browser to AD FS again and takes a token${took.stsPrimarySha1 ? ` signed with ${shortThumbprint(took.stsPrimarySha1)}` : ''}.`,
    );
  const was = sightOf(before, internal.route);
  if (was && isOff(was)) return says('seen', 'CRM sends the browser to AD FS again; whether it knows the new certificate shows at sign-in.');
  return says('reported', 'Not visible from here: CRM sends the browser to AD FS, as before.');
}

function ifdOn({ routes }: RepairProbing): Ticked {
  const ifd = routes.find(({ route }) => route === 'ifd');
  if (!ifd) return says('reported', 'Not visible: the configuration has no IFD route.');
  if (ifd.signedIn === 'yes') return says('seen', 'Sign-in over IFD works.');
  if (ifd.redirectsToSts === null) return says('contradicted', 'The IFD address gives no answer.');
  if (isOff(ifd)) return says('contradicted', 'The IFD address does not send the browser to AD FS.');
  // An IFD that is off answers like the internal address: it asks for Windows authentication (field guide §1.2).
  if (/authentication:windows$/i.test(ifd.wauth ?? '')) return says('contradicted', 'The IFD address asks AD FS for Windows authentication, as without IFD.');
  return /password$/i.test(ifd.wauth ?? '')
    ? says('seen', 'The IFD address sends the browser to AD FS and asks for the sign-in form.')
    : says('reported', 'Not visible from here: the IFD address sends the browser to AD FS, without a method.');
}

/** The route whose answer shows whether claims are on: IFD can be off by itself. */
const internalOf = (routes: readonly RouteSight[]): RouteSight => expected(routes.find(({ route }) => route === 'internal') ?? routes[0], 'a route');
const isOff = ({ redirectsToSts }: RouteSight): boolean => redirectsToSts === false;
export const healed = ({ routes }: RepairProbing): boolean => routes.every(({ signedIn }) => signedIn === 'yes');
const stsAnswers = ({ routes }: RepairProbing): boolean => routes.some(({ stsPrimarySha1 }) => stsPrimarySha1 !== null);
const sightOf = (probing: RepairProbing | null, route: RouteSight['route']): RouteSight | null => probing?.routes.find((each) => each.route === route) ?? null;

function wsdlWords(routes: readonly RouteSight[]): string {
  const said = routes.find(({ wsdlAuthentication }) => wsdlAuthentication !== null)?.wsdlAuthentication;
  return said ? `; its WSDL says "${said}"` : '';
}
