import { closeSync, fsyncSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ProbeFault } from '../../contracts/probe-fault';
import { replaceFile } from '../../system/replace-file';
import { type AccountRecord, readAccountRecord } from './account-record';
import { stateFileMode, stateFileName, stateVariable } from './state-folder';

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
    try {
      replaceFile(this.pathOf(key), `${JSON.stringify(record, null, 1)}\n`, stateFileMode(this.place));
      syncFolder(this.place);
    } catch (error) {
      throw new ProbeFault(
        `The folder ${this.place} cannot be written (${(error as NodeJS.ErrnoException).code ?? String(error)}). What is kept there keeps a password from being submitted twice. ` +
          `Make room and give this account the right to write there, or name another folder with ${stateVariable}.`,
      );
    }
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

/** A renamed file is there after a power cut only once its folder is on the disk, too. Windows has no such thing. */
function syncFolder(path: string): void {
  if (process.platform === 'win32') return;
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
