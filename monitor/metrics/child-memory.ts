import { readdir, readFile } from 'node:fs/promises';

/**
 * Memory of all processes this one has started (the browsers) and theirs, in bytes: what is each one's own, as shared libraries would count once for
 * each. Linux only; null elsewhere.
 */
export async function childMemoryBytes(parent: number = process.pid): Promise<number | null> {
  if (process.platform !== 'linux') return null;
  const processes = await Promise.all((await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map((pid) => read(Number(pid))));
  const children = new Map<number, { pid: number; bytes: number }[]>();
  for (const each of processes) if (each) children.set(each.parent, [...(children.get(each.parent) ?? []), each]);
  const sum = (pid: number): number => (children.get(pid) ?? []).reduce((total, child) => total + child.bytes + sum(child.pid), 0);
  return sum(parent);
}

async function read(pid: number): Promise<{ pid: number; parent: number; bytes: number } | null> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => null);
  if (status === null) return null; // it has just ended
  const parent = Number(/^PPid:\s+(\d+)/m.exec(status)?.[1] ?? 0);
  return parent > 0 ? { pid, parent, bytes: Number(/^RssAnon:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024 } : null;
}
