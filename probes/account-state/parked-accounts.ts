import { randomBytes, scryptSync, timingSafeEqual } from 'node:crypto';
import type { Parked } from '../../contracts/kept-state';
import { AccountFiles, type AccountStore } from './account-files';
import { accountName } from '../../contracts/account-name';
import { type AccountRecord, defaultLockoutWindowMinutes, type Try } from './account-record';
import { openStateFolder } from './state-folder';

/** An account is a user at an STS: the same name at another STS is another account. Spellings that may be one are one (account-name.ts). */
export interface AccountAtSts {
  readonly stsOrigin: string;
  readonly user: string;
}

/** The directory's clock and this one need not agree to the minute. */
const graceMinutes = 1;
/** So many different passwords of one account may be refused within a window; a third waits. */
const mostRefusedInWindow = 2;

/** Who submits: the run, and for which sign-in. */
export type Circumstances = Pick<Parked, 'runId' | 'target' | 'route'>;

/** A parked account as `account list` shows it. */
export interface ParkedAccount extends Parked {
  readonly stsOrigin: string;
  readonly user: string;
}

/** A tenth of a second of one core and 32 MB per guess. */
const cost = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 1024 * 1024 };

/**
 * Which passwords were submitted and are not known to be accepted, for every process of the machine. A record is on the disk before a password is typed; only a
 * proven acceptance of that very password removes it. So whatever happens after the submission (an error, a crash, a power cut), nobody submits it again by
 * mistake:
 * - `unclear` (the record as it is first written): no password of the account is submitted until the directory has forgotten a wrong one, or a person releases
 *   it;
 * - `refused`: that password is not submitted until a person releases it; another password is.
 */
export class ParkedAccounts {
  private readonly hashes = new Map<string, Buffer>();

  private constructor(
    private readonly store: AccountStore,
    private readonly now: () => number,
  ) {}

  /** Throws ProbeFault when the state folder cannot be used. */
  static in(state: string, now: () => number = Date.now): ParkedAccounts {
    return new ParkedAccounts(new AccountFiles(openStateFolder(state, 'accounts')), now);
  }

  /** Known to this process alone: for tests of a single sign-in. */
  static inMemory(now: () => number = Date.now): ParkedAccounts {
    const records = new Map<string, AccountRecord>();
    const store: AccountStore = {
      place: 'this process',
      read: (key) => records.get(key) ?? null,
      write: (key, record) => void records.set(key, record),
      remove: (key) => void records.delete(key),
      keys: () => [...records.keys()],
    };
    return new ParkedAccounts(store, now);
  }

  /**
   * Why this password of the account must not be submitted now; null = it may. One refusal in a run is enough:
   * no other password of the account is tried in the same run. Throws ProbeFault when the record cannot be read.
   */
  objection(account: AccountAtSts, password: string, runId: string): Parked | null {
    const tries = this.read(account)?.tries ?? [];
    const unclear = tries.find((one) => one.state === 'unclear' && this.untilOf(one) > this.now());
    if (unclear) return this.parkedOf(unclear);
    const refused = tries.find((one) => one.state === 'refused' && (one.runId === runId || this.isOf(one, password)));
    if (refused) return this.parkedOf(refused);
    const lately = tries.filter((one) => one.state === 'refused' && this.untilOf(one) > this.now());
    const [oldest] = lately;
    return oldest && lately.length >= mostRefusedInWindow ? { ...this.parkedOf(oldest), until: isoOf(this.untilOf(oldest)) } : null;
  }

  /** Notes, before it leaves, that the password is submitted. Returns when that is on disk; throws ProbeFault where it cannot be written. */
  begin(account: AccountAtSts, password: string, circumstances: Circumstances, windowMinutes = defaultLockoutWindowMinutes): void {
    const others = this.others(account, password);
    // One salt for all of an account: one slow hash tells whether a password is among them.
    const salt = others[0]?.salt ?? randomBytes(16).toString('base64');
    const scrypt = this.hashOf(password, salt).toString('base64');
    const since = isoOf(this.now());
    const how = 'nothing is known of the answer';
    this.write(account, [...others, { ...circumstances, user: account.user, state: 'unclear', since, how, found: null, windowMinutes, salt, scrypt }]);
  }

  /** Notes how the submission that `begin` noted ended. */
  ended(account: AccountAtSts, password: string, state: Parked['state'], how: string): void {
    this.change(account, (one) => (this.isOf(one, password) ? { ...one, state, how } : one));
  }

  /** The STS took this password, or it never left the browser. What is known of the account's other passwords stays. */
  forget(account: AccountAtSts, password: string): void {
    this.write(
      account,
      this.others(account, password).filter((one) => one.state === 'refused' || this.untilOf(one) > this.now()),
    );
  }

  /**
   * Adds what the diagnosis of that run said of the sign-in: words of pages come only here, where every secret of the run is known and masked.
   * A password that has expired was the right one: as soon as its date is renewed the directory takes it again, so it is tried again by itself.
   */
  explain(account: AccountAtSts, { runId, target, route }: Circumstances, found: NonNullable<Parked['found']>): void {
    const lapses = found.causes[0]?.id === 'password-expired-or-must-change';
    this.change(account, (one) =>
      one.runId === runId && one.target === target && one.route === route ? { ...one, found, how: found.why, state: lapses ? 'unclear' : one.state } : one,
    );
  }

  /** All of them, the oldest first. */
  list(): ParkedAccount[] {
    return this.all()
      .flatMap(({ stsOrigin, tries }) => tries.map((one) => ({ stsOrigin, user: one.user, ...this.parkedOf(one) })))
      .sort((a, b) => a.since.localeCompare(b.since));
  }

  /** Lets the account be submitted again at every STS, by any spelling of its name that stands in a record. Returns what was released. */
  release(user: string): ParkedAccount[] {
    const wanted = user.toLowerCase();
    const released = this.all().filter(({ tries }) => tries.some((one) => one.user.toLowerCase() === wanted));
    for (const { stsOrigin, name } of released) this.store.remove(keyOf({ stsOrigin, user: name }));
    return released.flatMap(({ stsOrigin, tries }) => tries.map((one) => ({ stsOrigin, user: one.user, ...this.parkedOf(one) })));
  }

  private parkedOf(one: Try): Parked {
    const { state, since, runId, target, route, how, found } = one;
    return { state, since, runId, target, route, how, found, until: state === 'unclear' ? isoOf(this.untilOf(one)) : null };
  }

  private untilOf({ since, windowMinutes }: Try): number {
    return Date.parse(since) + (windowMinutes + graceMinutes) * 60_000;
  }

  private all(): AccountRecord[] {
    return this.store.keys().flatMap((key) => this.store.read(key) ?? []);
  }

  /** A record from a time that has not come yet (the clock was set back) counts from now: never early, and not for ever. */
  private read(account: AccountAtSts): AccountRecord | null {
    const record = this.store.read(keyOf(account));
    const now = this.now();
    if (!record?.tries.some(({ since }) => Date.parse(since) > now)) return record;
    const tries = record.tries.map((one) => (Date.parse(one.since) > now ? { ...one, since: isoOf(now) } : one));
    this.store.write(keyOf(account), { ...record, tries });
    return { ...record, tries };
  }

  private others(account: AccountAtSts, password: string): Try[] {
    return (this.read(account)?.tries ?? []).filter((one) => !this.isOf(one, password));
  }

  private change(account: AccountAtSts, change: (one: Try) => Try): void {
    const tries = this.read(account)?.tries;
    if (tries) this.write(account, tries.map(change));
  }

  private write(account: AccountAtSts, tries: Try[]): void {
    const key = keyOf(account);
    if (tries.length === 0) this.store.remove(key);
    else this.store.write(key, { schema: 2, stsOrigin: account.stsOrigin, name: accountName(account.user), tries });
  }

  private isOf({ salt, scrypt }: Try, password: string): boolean {
    const wanted = Buffer.from(scrypt, 'base64');
    const found = this.hashOf(password, salt);
    return wanted.length === found.length && timingSafeEqual(wanted, found);
  }

  private hashOf(password: string, salt: string): Buffer {
    const key = `${salt} ${password}`;
    const known = this.hashes.get(key);
    if (known) return known;
    const hash = scryptSync(password.normalize('NFC'), Buffer.from(salt, 'base64'), 32, cost);
    this.hashes.set(key, hash);
    return hash;
  }
}

const isoOf = (ms: number): string => new Date(ms).toISOString();
const keyOf = ({ stsOrigin, user }: AccountAtSts): string => `${stsOrigin} ${accountName(user)}`;
