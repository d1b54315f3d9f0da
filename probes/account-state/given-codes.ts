import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { ProbeFault } from '../../contracts/probe-fault';
import { writeStateFile } from './state-file';
import { openStateFolder, stateVariable, takeStateLock } from './state-folder';

const giveUpAfterMs = 60_000;
/** Ten minutes with the usual 30 s: a clock that was set back further was wrong before, or is wrong now; codes of that time are no reason to wait. */
const rememberedSteps = 20;
const givenSchema = z.array(z.number());

/**
 * Which one-time codes of an authenticator were given, by their time steps: an STS takes each code once (RFC 6238 section 5.2), and counts a second one as a
 * wrong try. For every process of the machine; a step is on the disk before its code is typed.
 */
export class GivenCodes {
  private readonly remembered = new Map<string, readonly number[]>();

  private constructor(private readonly state: string | null) {}

  static in(state: string): GivenCodes {
    return new GivenCodes(state);
  }

  /** Known to this process alone: for tests of a single sign-in. */
  static inMemory(): GivenCodes {
    return new GivenCodes(null);
  }

  /**
   * The step whose code to give: the current one, or the first after it that was not given yet. From then on it counts as given.
   * Throws ProbeFault when it cannot be noted. Of secret and STS only a hash stands there, as the name of a file.
   */
  async take(stsOrigin: string, secret: Buffer, current: number): Promise<number> {
    const name = createHash('sha256').update(`${stsOrigin} `).update(secret).digest('hex').slice(0, 32);
    if (this.state === null) {
      const { step, given } = nextStep(this.remembered.get(name) ?? [], current);
      this.remembered.set(name, given);
      return step;
    }
    const path = join(openStateFolder(this.state, 'codes'), `${name}.json`);
    const lock = await takeStateLock(`${path}.lock`, { giveUpAfterMs });
    if (!lock)
      throw new ProbeFault(`${path}.lock: another process has held this lock for ${giveUpAfterMs / 1000} s, expected milliseconds; end it or delete the file.`);
    try {
      const { step, given } = nextStep(readGiven(path) ?? [current], current);
      writeStateFile(path, JSON.stringify(given), 'a one-time code from being given twice');
      return step;
    } finally {
      lock.release();
    }
  }
}

function nextStep(given: readonly number[], current: number): { readonly step: number; readonly given: readonly number[] } {
  const near = given.filter((each) => Math.abs(each - current) <= rememberedSteps);
  let step = current;
  while (near.includes(step)) step += 1;
  return { step, given: [...near, step] };
}

/** Null where nobody knows any more: somebody damaged the file. */
function readGiven(path: string): readonly number[] | null {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return [];
    throw new ProbeFault(
      `${path}: expected the one-time codes that were given, could not read it (${code}); check its rights, or name another folder with ${stateVariable}.`,
    );
  }
  try {
    return givenSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
