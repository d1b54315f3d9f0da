import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CauseId } from '../../contracts/causes';
import type { FaultId } from '../../lab/lab-types';
import { type Evidence, evidenceSchema, type RouteEvidence } from '../../contracts/evidence';
import type { Report } from '../../contracts/report';
import { diagnose } from '../../diagnosis/diagnose';
import { refusalFaces } from '../../lab/crm/crm-types';
import { faults as allFaults } from '../../lab/faults';
import { type Lab, startLab } from '../../lab/start-lab';
import { writeRepairOnRecord } from '../../probes/captures/repair-on-record';
import { runOnLab } from '../../runs/testing/run-lab';
import type { Cell } from './cell';
import { lessOf } from '../../diagnosis/testing/taking-away';
import { resultOf, rises, wrongOf } from '../../diagnosis/testing/what-must-hold';
import { type FaultPair, pairNamed } from './fault-pair';
import { endOf, kb, type Pair } from './pair';

/** A process of its own with a lab of its own: gets one fault or pair of faults at a time, answers with its cells. */
type Setting = Pick<Cell, 'face' | 'texts'>;

const causesOf = ({ causes }: Report['results'][number]): Cell['causes'] => causes.map(({ id, certainty }) => ({ id: id as CauseId, certainty }));

function cellsOf(fault: FaultId, setting: Setting, report: Report, tried: Evidence | null): Cell[] {
  return report.results.map((result, index) => ({
    fault,
    route: result.route,
    ...setting,
    history: tried !== null,
    verdict: result.verdict,
    signedIn: result.signedIn,
    withLess: tried?.results[index] && setting.face === 'errorhandler' && setting.texts === 'english' ? withLess(tried.results[index]) : null,
    causes: causesOf(result),
  }));
}

/** What does not hold of this evidence with a part taken away, each kind once. */
function withLess(evidence: RouteEvidence): readonly string[] {
  const whole = resultOf(evidence);
  const all = [...lessOf(evidence, { pairs: 30 })].flatMap(({ what, evidence: less }) => {
    const result = resultOf(less);
    return [...rises(whole, result), ...wrongOf(result, less)].map((sentence) => ({ sentence, what }));
  });
  return [...new Map(all.map(({ sentence, what }) => [sentence, `${sentence} (without ${what})`])).values()];
}

/** How KB 2686840 alone ends over each route; measured once. */
let kbEnds: ReadonlyMap<string, string> | null = null;
const endsOf = ({ results }: Evidence): ReadonlyMap<string, string> => new Map(results.map((result) => [result.route, endOf(result)]));

interface Measured {
  readonly cells: readonly Cell[];
  readonly pairs: readonly Pair[];
}

type Look = (setting: Setting, faults: readonly FaultId[]) => Promise<{ report: Report; evidence: Evidence }>;

/** Signs in to the lab with these faults, as after a good sign-in of the healthy lab, whatever earlier runs have recorded. */
function lookWith(lab: Lab, out: string, label: string): Look {
  const lastGood = join(lab.folder, '.signin-probe');
  const kept = join(out, 'last-good');
  return async (setting, faults) => {
    await rm(lastGood, { recursive: true, force: true });
    await cp(kept, lastGood, { recursive: true });
    lab.setFace(setting.face);
    lab.setTexts(setting.texts);
    await lab.setFaults(faults);
    if (faults.some((id) => allFaults[id].repaired)) await recordRepair(lab);
    const { report, folder } = await runOnLab(lab, out, label);
    const evidence = evidenceSchema.parse(JSON.parse(await readFile(join(folder, 'evidence.json'), 'utf8')));
    await rm(folder, { recursive: true, force: true });
    return { report, evidence };
  };
}

const plain: Setting = { face: 'errorhandler', texts: 'english' };

async function measurePair(lab: Lab, out: string, faults: FaultPair['faults']): Promise<FaultPair[]> {
  const { report } = await lookWith(lab, out, faults.join('-'))(plain, faults);
  return report.results.map((result) => ({ faults, route: result.route, verdict: result.verdict, causes: causesOf(result) }));
}

async function measure(lab: Lab, out: string, fault: FaultId): Promise<Measured> {
  const cells: Cell[] = [];
  const look = lookWith(lab, out, fault);
  const run = async (setting: Setting): Promise<Evidence> => {
    const { report, evidence } = await look(setting, [fault]);
    cells.push(...cellsOf(fault, setting, report, evidence));
    // The same evidence, judged as if nothing were known of before.
    const first = { ...evidence, results: evidence.results.map((result) => ({ ...result, lastGood: null, repairOnRecord: null })) };
    cells.push(...cellsOf(fault, setting, diagnose(first), null));
    return evidence;
  };
  const seen = await run(plain);
  // Faces are CRM's ways of refusing a token: where none is refused there is but one.
  const refused = seen.results.some(({ journey }) => journey.failedAt === 'token-post');
  for (const face of refused ? refusalFaces.filter((each) => each !== 'errorhandler') : []) await run({ face, texts: 'english' });
  await run({ face: 'errorhandler', texts: 'customised' });
  return { cells, pairs: fault === kb || allFaults[fault].repaired ? [] : await withKb(endsOf(seen)) };

  async function withKb(alone: ReadonlyMap<string, string>): Promise<Pair[]> {
    kbEnds ??= endsOf((await look(plain, [kb])).evidence);
    const { report, evidence } = await look(plain, [kb, fault]);
    const ends = endsOf(evidence);
    return report.results.map(({ route, causes }) => {
      const end = ends.get(route);
      const met = [...(end === alone.get(route) ? [fault] : []), ...(end === kbEnds?.get(route) ? [kb] : [])];
      return { fault, route, met: met.length > 0 ? met : [fault, kb], named: causes.map(({ id }) => id as CauseId) };
    });
  }
}

/** As `after-rollover` leaves it behind when the operator has done every step. */
const recordRepair = (lab: Lab): Promise<unknown> =>
  writeRepairOnRecord(
    { configFolder: lab.folder, name: 'contoso' },
    {
      schema: 1,
      target: 'contoso',
      finishedAt: new Date().toISOString(),
      stsPrimarySha1: lab.state().certificates.signingPrimary.sha1,
      claimsReconfigured: true,
    },
  );

async function work(): Promise<void> {
  const [lab, out] = await Promise.all([startLab(), mkdtemp(join(tmpdir(), 'signin-probe-matrix-'))]);
  const end = async (): Promise<void> => {
    await lab.close();
    await rm(out, { recursive: true, force: true });
    process.exit(0);
  };
  const { report } = await runOnLab(lab, out, 'healthy');
  if (report.verdict !== 'healthy') throw new Error(`The healthy lab is ${report.verdict}: ${report.results.map(({ summary }) => summary).join('; ')}`);
  await cp(join(lab.folder, '.signin-probe'), join(out, 'last-good'), { recursive: true });
  process.on('message', (job: string) => {
    if (job === 'end') return void end();
    const faults = pairNamed(job);
    const work = faults ? measurePair(lab, out, faults).then((together) => ({ together })) : measure(lab, out, job as FaultId);
    work.then(
      (measured) => process.send?.({ job, ...measured }),
      (error: unknown) => process.send?.({ job, error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
    );
  });
  process.send?.({ ready: true });
}

work().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
