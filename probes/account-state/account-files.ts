import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ProbeFault } from '../../contracts/probe-fault';
import { type AccountRecord, readAccountRecord } from './account-record';
import { writeStateFile } from './state-file';
import { stateFileName } from './state-folder';

/** Where records of accounts are kept, by a key that tells one account from another. */
export interface AccountStore {
  /** For messages. */
  readonly place: string;
  read(key: string): AccountRecord | null;
  /** Returns when it is kept. */
  write(key: string, record: AccountRecord): void;
  remove(key: string): void;
  keys(): readonly string[];
}

/** One file (0600, in a shared state folder 0640) per account, named by a hash of STS and name, so that neither stands in the folder's listing. */
export class AccountFiles implements AccountStore {
  constructor(readonly place: string) {
    this.upgrade();
  }

  read(key: string): AccountRecord | null {
    return this.readFile(this.pathOf(key));
  }

  /** Whole or not at all, and on the disk when it returns. Throws ProbeFault, with the folder, where that cannot be had. */
  write(key: string, record: AccountRecord): void {
    writeStateFile(this.pathOf(key), `${JSON.stringify(record, null, 1)}\n`, 'a password from being submitted twice');
  }

  remove(key: string): void {
    rmSync(this.pathOf(key), { force: true });
  }

  keys(): readonly string[] {
    return this.files().flatMap((path) => {
      const record = this.readFile(path);
      return record ? [`${record.stsOrigin} ${record.name}`] : [];
    });
  }

  /** Files of an older version are named otherwise. */
  private upgrade(): void {
    for (const path of this.files()) {
      const record = this.readFile(path);
      if (!record) continue;
      const key = `${record.stsOrigin} ${record.name}`;
      if (path === this.pathOf(key)) continue;
      const present = this.read(key);
      this.write(key, { ...record, tries: [...(present?.tries ?? []), ...record.tries] });
      rmSync(path, { force: true });
    }
  }

  private files(): string[] {
    return readdirSync(this.place)
      .filter((name) => name.endsWith('.json'))
      .map((name) => join(this.place, name));
  }

  private pathOf(key: string): string {
    return join(this.place, `${stateFileName(key)}.json`);
  }

  private readFile(path: string): AccountRecord | null {
    let text: string;
    try {
      text = readFileSync(path, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw new ProbeFault(`${path}: expected a parked account, could not read it (${(error as NodeJS.ErrnoException).code}); check its rights.`);
    }
    try {
      return readAccountRecord(JSON.parse(text));
    } catch {
      // To go on as if nothing were parked could lock the account.
      throw new ProbeFault(`${path}: expected a parked account, found a damaged file. Look whether the account is locked, then delete the file.`);
    }
  }
}
