import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Result } from '../../contracts/report';
import { startLab } from '../../lab/start-lab';
import { runLab } from '../../runs/testing/run-lab';

/** `npm run benchmark [rounds]`: how long a refused sign-in takes against a healthy one, in every face of refusal, and how many tokens the farm got. */
const rounds = Number(process.argv[2] ?? 5);
const faces = ['errorhandler', '401', '500', 'sts-loop', 'sts-prompt'] as const;
const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

async function benchmark(): Promise<void> {
  const lab = await startLab();
  const out = await mkdtemp(join(tmpdir(), 'signin-probe-benchmark-'));
  const times = new Map<string, number[]>();
  const posts = new Map<string, number>();
  const note = (name: string, results: readonly Result[], tokenPosts: number): void => {
    for (const { route, timings } of results) times.set(`${name} ${route}`, [...(times.get(`${name} ${route}`) ?? []), timings.totalMs]);
    posts.set(name, Math.max(posts.get(name) ?? 0, tokenPosts));
  };
  const measure = async (name: string): Promise<void> => {
    const before = lab.crm.counters.tokenPosts;
    note(name, await runLab(lab, out, name), (lab.crm.counters.tokenPosts - before) / 2);
  };
  try {
    await runLab(lab, out, 'warm-up');
    // Interleaved, so that a busy machine slows all of them alike.
    for (let round = 0; round < rounds; round += 1) {
      await lab.setFaults([]);
      await measure('healthy');
      await lab.rollover('promote');
      for (const face of faces) {
        lab.setFace(face);
        await measure(face);
      }
    }
  } finally {
    await lab.close();
    await rm(out, { recursive: true, force: true });
  }
  console.log(
    `Medians of ${rounds}, time in the browser until the verdict; token POSTs per sign-in at the lab's CRM (on average over both routes, the worst round).`,
  );
  console.log('face          internal            ifd                 token POSTs');
  for (const name of ['healthy', ...faces]) {
    const cell = (route: string): string => {
      const ms = median(times.get(`${name} ${route}`) ?? []);
      return `${String(ms).padStart(5)} ms  × ${(ms / median(times.get(`healthy ${route}`) ?? [])).toFixed(2)}`.padEnd(20);
    };
    console.log(`${name.padEnd(14)}${cell('internal')}${cell('ifd')}${posts.get(name)}`);
  }
}

benchmark().catch((error: unknown) => {
  console.error(error);
  process.exit(3);
});
