import { ServerResponse } from 'node:http';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { type Lab, startLab } from '../lab/start-lab';
import { runOnLab } from './testing/run-lab';

let lab: Lab;
let out: string;
/** What the lab's servers really sent: the values that must be nowhere. */
const sent = { cookies: new Set<string>(), signatures: new Set<string>() };

test.beforeAll(async () => {
  [lab, out] = await Promise.all([startLab(), mkdtemp(join(tmpdir(), 'signin-probe-secrets-'))]);
  // Clear tokens, so that the signature value is in the browser's hands and could leak.
  for (const trust of lab.adfs.relyingParties) Object.assign(trust, { encryptClaims: false });
  listen();
});
test.afterAll(async () => {
  await lab?.close();
  await rm(out, { recursive: true, force: true });
});

/** Notes every cookie value and signature that leaves a server of this process, whoever sends it. */
function listen(): void {
  const { setHeader, appendHeader, writeHead, end, write } = ServerResponse.prototype;

  const note = (name: unknown, value: unknown): void => {
    if (String(name).toLowerCase() !== 'set-cookie') return;
    for (const line of [value].flat()) {
      const cookie = /^[^=;]+=([^;]*)/.exec(String(line))?.[1] ?? '';
      if (cookie.length >= 16) sent.cookies.add(cookie);
    }
  };
  const notePage = (chunk: unknown): void => {
    const text = Buffer.isBuffer(chunk) ? chunk.toString() : typeof chunk === 'string' ? chunk : '';
    for (const [, value] of text.matchAll(/SignatureValue(?:>|&gt;)([A-Za-z0-9+/=\s]+)/g))
      if (text.includes('wresult')) sent.signatures.add((value ?? '').replace(/\s/g, ''));
  };
  Object.assign(ServerResponse.prototype, {
    setHeader(this: ServerResponse, ...args: Parameters<typeof setHeader>) {
      note(args[0], args[1]);
      return setHeader.apply(this, args);
    },
    appendHeader(this: ServerResponse, ...args: Parameters<typeof appendHeader>) {
      note(args[0], args[1]);
      return appendHeader.apply(this, args);
    },
    writeHead(this: ServerResponse, ...args: unknown[]) {
      const headers = args.find((arg) => typeof arg === 'object' && arg !== null);
      for (const [name, value] of Array.isArray(headers) ? (headers as [string, unknown][]) : Object.entries(headers ?? {})) note(name, value);
      return Reflect.apply(writeHead, this, args) as ServerResponse;
    },
    write(this: ServerResponse, ...args: unknown[]) {
      notePage(args[0]);
      return Reflect.apply(write, this, args) as boolean;
    },
    end(this: ServerResponse, ...args: unknown[]) {
      notePage(args[0]);
      return Reflect.apply(end, this, args) as ServerResponse;
    },
  });
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

/** The ways a value may stand in a file. */
function encodings(value: string): string[] {
  const html = value.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
  return [
    value,
    encodeURIComponent(value),
    encodeURIComponent(encodeURIComponent(value)),
    new URLSearchParams({ v: value }).toString().slice(2),
    JSON.stringify(value).slice(1, -1),
    html,
    html.replace(/'/g, '&#39;'),
    Buffer.from(value).toString('base64'),
    Buffer.from(value, 'utf16le').toString('base64'),
    Buffer.from(value).toString('hex'),
  ];
}

test('neither password nor session cookies nor token signatures are in any file of healthy and broken runs', async () => {
  await runOnLab(lab, out, 'healthy');
  for (const face of ['errorhandler', '401', 'sts-loop'] as const) {
    lab.setFace(face);
    await lab.rollover('promote');
    await runOnLab(lab, out, face);
    await lab.setFaults([]);
  }
  await lab.setFaults(['wrong-password']);
  await runOnLab(lab, out, 'wrong password');
  expect(sent.cookies.size).toBeGreaterThan(10);
  expect(sent.signatures.size).toBeGreaterThan(3);
  const secrets = [lab.credentials.password, ...sent.cookies, ...sent.signatures];
  const files = [...(await filesBelow(out)), ...(await filesBelow(join(lab.folder, '.signin-probe')))];
  expect(files.length).toBeGreaterThan(30);
  const found: string[] = [];
  for (const file of files) {
    const bytes = await readFile(file);
    for (const secret of secrets) if (encodings(secret).some((text) => bytes.includes(text))) found.push(`${file.slice(out.length)}: ${secret.slice(0, 4)}…`);
  }
  expect(found).toEqual([]);
});
