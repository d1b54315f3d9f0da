import { randomBytes, scryptSync, timingSafeEqual } from 'node:crypto';
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { routeSchema } from '../../contracts/words';
import { ProbeFault } from '../probe-fault';
import { openStateFolder, stateFileName } from './state-folder';

/** An account is a user at an STS: the same name at another STS is another account. */
export interface AccountAtSts {
  readonly stsOrigin: string;
  readonly user: string;
}

const parkedSchema = z.object({
  schema: z.literal(1),
  stsOrigin: z.string(),
  user: z.string(),
  parkedAt: z.string(),
  runId: z.string(),
  target: z.string(),
  route: routeSchema,
  /** What the STS did, e.g. 'the sign-in form came again'. */
  how: z.string(),
  /** scrypt of the refused password, to notice that another one is given now. */
  refused: z.object({ salt: z.string(), scrypt: z.string() }),
});
type Stored = z.infer<typeof parkedSchema>;

/** Why an account is parked: when, by which run, over which route. */
export type ParkedAccount = Omit<Stored, 'schema' | 'refused'>;

/** A tenth of a second of one core and 32 MB per guess. */
const cost = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 1024 * 1024 };

/**
 * Accounts whose password an STS refused, on disk for every process of the machine: none of them submits that password again. Of the password
 * itself only a salted slow hash is kept, from which it cannot be had back. One file (0600) per account, named by a hash of STS and user.
 */
export class ParkedAccounts {
  private readonly folder: string;

  /** Throws ProbeFault when the state folder cannot be used. */
  constructor(state: string) {
    this.folder = openStateFolder(state, 'accounts');
  }

  /** Who parked the account, when this password is the refused one; null when it may be submitted. */
  objection(account: AccountAtSts, password: string): ParkedAccount | null {
    const stored = this.read(this.fileOf(account));
    return stored !== null && isRefused(stored, password) ? stored : null;
  }

  /** Notes a refused password. Returns when it is on disk. */
  park(account: AccountAtSts, password: string, circumstances: Pick<ParkedAccount, 'parkedAt' | 'runId' | 'target' | 'route' | 'how'>): void {
    const salt = randomBytes(16);
    const stored: Stored = {
      schema: 1,
      ...account,
      ...circumstances,
      refused: { salt: salt.toString('base64'), scrypt: hashOf(password, salt).toString('base64') },
    };
    const path = this.fileOf(account);
    const temporary = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
    writeFileSync(temporary, `${JSON.stringify(stored, null, 1)}\n`, { mode: 0o600 });
    renameSync(temporary, path);
  }

  /** Forgets the account: its password was taken. */
  forget(account: AccountAtSts): void {
    rmSync(this.fileOf(account), { force: true });
  }

  /** All of them, the oldest first. */
  list(): ParkedAccount[] {
    return this.files()
      .flatMap((path) => this.read(path) ?? [])
      .sort((a, b) => a.parkedAt.localeCompare(b.parkedAt));
  }

  /** Lets the account be submitted again at every STS; names are compared without regard to case, as Windows does. Returns what was released. */
  release(user: string): ParkedAccount[] {
    const released: ParkedAccount[] = [];
    for (const path of this.files()) {
      const stored = this.read(path);
      if (stored?.user.toLowerCase() !== user.toLowerCase()) continue;
      rmSync(path, { force: true });
      released.push(stored);
    }
    return released;
  }

  private fileOf({ stsOrigin, user }: AccountAtSts): string {
    return join(this.folder, `${stateFileName(`${stsOrigin} ${user.toLowerCase()}`)}.json`);
  }

  private files(): string[] {
    return readdirSync(this.folder)
      .filter((name) => name.endsWith('.json'))
      .map((name) => join(this.folder, name));
  }

  private read(path: string): Stored | null {
    let text: string;
    try {
      text = readFileSync(path, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw new ProbeFault(`${path}: expected a parked account, could not read it (${(error as NodeJS.ErrnoException).code}); check its rights.`);
    }
    try {
      return parkedSchema.parse(JSON.parse(text));
    } catch {
      // To go on as if nothing were parked could lock the account.
      throw new ProbeFault(`${path}: expected a parked account, found a damaged file. Look whether the account is locked, then delete the file.`);
    }
  }
}

const hashOf = (password: string, salt: Buffer): Buffer => scryptSync(password.normalize('NFC'), salt, 32, cost);

function isRefused({ refused }: Stored, password: string): boolean {
  const wanted = Buffer.from(refused.scrypt, 'base64');
  const found = hashOf(password, Buffer.from(refused.salt, 'base64'));
  return wanted.length === found.length && timingSafeEqual(wanted, found);
}
