import type { Repair, RepairProbing, RouteSight } from '../../contracts/repair';
import { instant, listed, withoutStop } from '../../diagnosis/facts/wording';
import { summaryWords } from '../../reports/words/repair';
import { halfDoneCause, kbCause } from './rollover-state';
import { healed } from './step-seen';

/** What a probing means for the repair. `other` = what is broken is something else than KB 2686840, or no known cause. */
export type Fit =
  | { readonly kind: 'healed'; readonly why: string }
  | { readonly kind: 'rolled'; readonly why: string }
  | { readonly kind: 'half-done'; readonly why: string }
  | { readonly kind: 'starting'; readonly why: string }
  | { readonly kind: 'refused'; readonly why: string }
  | { readonly kind: 'unknown'; readonly why: string }
  | { readonly kind: 'other'; readonly why: string };

/** Servers that were just restarted answer late. */
const startingCauses: readonly string[] = ['crm-app-pool-down', 'adfs-service-down'];

const routeNames = (routes: readonly RouteSight[]): string => listed(routes.map(({ route }) => (route === 'ifd' ? 'IFD' : 'internal claims')));
const named = ({ cause, summary }: RouteSight): string => (cause ? `${cause.title} (${cause.id}, ${cause.certainty})` : `no known cause fits (${summary})`);

/** "internal claims and IFD: TLS certificate expired (tls-cert-expired, confirmed)": routes with the same cause together. */
function causesOf(routes: readonly RouteSight[]): string {
  const words = [...new Set(routes.map(named))];
  return words.map((each) => `${routeNames(routes.filter((route) => named(route) === each))}: ${each}`).join('; ');
}

/** Judges whether what is broken is the KB's. Another root cause is never led through the KB's repair, even where the KB may come after it. Pure. */
export function fitOf(probing: RepairProbing): Fit {
  const broken = probing.routes.filter(({ signedIn }) => signedIn !== 'yes');
  if (healed(probing)) return { kind: 'healed', why: 'Sign-in works over every route.' };
  const by = (id: string): RouteSight[] => broken.filter(({ cause }) => cause?.id === id);
  const [rolled, halfDone] = [by(kbCause), by(halfDoneCause)];
  const rest = broken.filter((route) => !rolled.includes(route) && !halfDone.includes(route));
  const besides = rest.length > 0 ? ` Besides, ${causesOf(rest)}: this repair does not mend that.` : '';
  if (broken.some(({ credentialsRefused }) => credentialsRefused))
    return {
      kind: 'refused',
      why: 'AD FS refused the account itself, so nothing more is submitted: correct the account or its password first, and begin again then.',
    };
  const found = rolled[0]?.cause;
  if (found) {
    const { certainty, doubts } = found;
    const doubt = certainty === 'confirmed' || doubts.length === 0 ? '' : ` What would settle it: ${doubts[0]}`;
    return {
      kind: 'rolled',
      why: `KB 2686840 fits (${certainty}) over ${routeNames(rolled)}: AD FS signs with a new certificate, CRM trusts the old one.${doubt}${besides}`,
    };
  }
  if (halfDone.length > 0 && halfDone.some(({ promoted }) => promoted.is !== 'no'))
    return { kind: 'half-done', why: `CRM stands in the middle of KB 2686840's long way: claims or IFD is switched off (${routeNames(halfDone)}).${besides}` };
  if (broken.every(({ signedIn }) => signedIn === 'unknown'))
    return {
      kind: 'unknown',
      why: `Could not tell whether people can sign in: ${[...new Set(broken.map((route) => withoutStop(summaryWords(route))))].join('; ')}.`,
    };
  const starting = broken.find(({ cause }) => cause !== null && startingCauses.includes(cause.id));
  if (starting) return { kind: 'starting', why: `${routeNames([starting])}: ${named(starting)}. A server that was just restarted may still be starting.` };
  return { kind: 'other', why: `Not KB 2686840, but ${causesOf(broken)}.` };
}

const proof = (probing: RepairProbing): string =>
  listed(probing.routes.map((route) => `${routeNames([route])}${route.signedInAs ? ` as ${route.signedInAs}` : ''}`));

/** A rollover that is still to come is no matter of this repair, but must not be missed. */
function ahead({ routes }: RepairProbing): string {
  const waiting = routes.find(({ generated, promoted }) => generated.is === 'yes' && promoted.is === 'no');
  if (!waiting) return '';
  const when = waiting.breaksAt ? ` about ${instant(waiting.breaksAt)}` : '';
  return (
    ` But AD FS has a new signing certificate that it does not use yet: sign-in will break when it is promoted${when}. ` +
    `What to do by then: signin-probe forecast.`
  );
}

type Outcome = Pick<Repair, 'state' | 'round' | 'why'>;

/** The first look, or a look without a round: where the repair begins, or why there is none. */
export function outcomeOfLook(probing: RepairProbing, { anyway, open }: { readonly anyway: boolean; readonly open: Outcome | null }): Outcome {
  const fit = fitOf(probing);
  const lead = (round: number, why: string): Outcome => ({ state: 'open', round: Math.max(round, open?.round ?? 1), why });
  switch (fit.kind) {
    case 'healed':
      return open
        ? { state: 'healed', round: null, why: `Sign-in works again: ${proof(probing)}.` }
        : { state: 'nothing-to-repair', round: null, why: `Sign-in works: ${proof(probing)}.${ahead(probing)}` };
    case 'rolled':
      return lead(1, fit.why);
    case 'half-done':
      return moveTo(3, fit.why);
    case 'unknown':
      return open ? lead(1, fit.why) : { state: 'could-not-tell', round: null, why: fit.why };
    case 'refused':
      return open ? lead(1, fit.why) : { state: 'another-cause', round: null, why: fit.why };
    default:
      if (open) return lead(1, fit.why);
      if (anyway) return lead(1, `${fit.why} Led through KB 2686840 all the same (--anyway).`);
      return {
        state: 'another-cause',
        round: null,
        why: `${fit.why} KB 2686840's repair would not help; see the report for what does. To be led all the same: --anyway.`,
      };
  }
}

const lastRound = ({ rounds }: Repair): number => Math.max(...rounds.map(({ n }) => n));

/** After the steps of a round were said to be done and ticked. A round that what is visible contradicts is to be done again. */
export function outcomeOfRound(repair: Repair, round: number, probing: RepairProbing): Outcome {
  const fit = fitOf(probing);
  const last = lastRound(repair);
  const stay = (why: string): Outcome => ({ state: 'open', round, why });
  const next = Math.max(round + 1, repair.round ?? 1);
  const on = (why: string): Outcome => (next > last ? exhausted(why) : { state: 'open', round: next, why });
  const against = repair.steps.filter((step) => step.round === round && step.state === 'contradicted');
  const rest =
    round === last
      ? ''
      : ` ${round + 1 === last ? `Round ${last}` : `Rounds ${round + 1} to ${last}`} of the KB ${round + 1 === last ? 'was' : 'were'} not needed for it.`;
  if (fit.kind === 'healed') return { state: 'healed', round: null, why: `Sign-in works again: ${proof(probing)}.${rest}` };
  if (fit.kind === 'refused') return stay(fit.why);
  if (against.length > 0)
    return stay(`Round ${round} does not seem to be done: ${against.map(({ n, seen }) => `step ${n}: ${seen?.replace(/\.$/, '')}`).join('; ')}.`);
  if (fit.kind === 'unknown') return stay(fit.why);
  if (fit.kind === 'starting') return stay(`${fit.why} Wait, and probe again.`);
  if (fit.kind === 'half-done')
    return round === 2 ? on('As it should be now: claims are off in CRM, and nobody signs in through AD FS until the next round is done.') : moveTo(3, fit.why);
  if (fit.kind === 'rolled' || repair.anyway) return on(`Still broken. ${fit.why}`);
  return round === last
    ? { state: 'another-cause', round: null, why: `${fit.why} The KB's steps are done; see the report for this cause.` }
    : stay(`${fit.why} Repair that first, then probe again; skip the round to go on with the KB all the same.`);
}

const moveTo = (round: number, why: string): Outcome => ({ state: 'open', round, why: `${why} The repair goes on there.` });

const exhausted = (why: string): Outcome => ({
  state: 'exhausted',
  round: null,
  why:
    `${why} No round of KB 2686840 is left. Check that iisreset was run on every CRM front end, that every AD FS node publishes the same primary ` +
    `certificate (signin-probe check --each-node), and event 3005 on the CRM server; ` +
    `CRM may also be set to validate the chain of the signing certificate (crm-validates-signing-chain).`,
});

/** After the operator skipped a round: the next one, or none. */
export const outcomeOfSkip = (repair: Repair, round: number): Outcome =>
  round >= lastRound(repair) ? exhausted('The last round was skipped.') : { state: 'open', round: round + 1, why: `Round ${round} was skipped.` };
