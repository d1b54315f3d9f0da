import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startLab } from '../../lab/start-lab';
import { compileProject } from '../fleet/compile';

/**
 * `npm run soak:watch [slots]`: so many slots (576 = a day of 5-minute slots over two routes) as fast as they come, with the real browser against the lab.
 * Prints what could grow: memory, open files, temporary files, profiles, processes. Linux only (it reads /proc).
 */
const wanted = Number(process.argv[2] ?? 576);
const everySeconds = 5;
const project = join(__dirname, '..', '..');
const compiled = join(project, 'output', `.soak-${process.pid}`);

async function soak(): Promise<void> {
  if (process.platform !== 'linux') return console.log('Skipped: the figures are read from /proc, which is on Linux only.');
  const lab = await startLab();
  const folder = await mkdtemp(join(tmpdir(), 'signin-probe-soak-'));
  const temporary = join(folder, 'tmp');
  await writeFile(
    join(folder, 'signin-probe.yaml'),
    `${(await readFile(lab.config, 'utf8')).replace('  - name: contoso', `  - name: contoso\n    schedule: every ${everySeconds}s`)}\n` +
      `web: { listen: '127.0.0.1:0' }\n`,
  );
  await mkdir(temporary);
  // As installed: compiled, without the TypeScript compiler in memory.
  compileProject(project, compiled);
  const watch = spawn(
    process.execPath,
    [join(compiled, 'cli', 'main.js'), 'watch', '--config', join(folder, 'signin-probe.yaml'), '--out', join(folder, 'output')],
    {
      env: { ...process.env, TMPDIR: temporary, SIGNIN_PROBE_STATE: join(folder, 'state') },
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  let ended = 0;
  let others = '';
  watch.stderr.on('data', (part: Buffer) => {
    for (const line of part.toString().split('\n'))
      if (/: (healthy|at-risk|broken|flaky|unknown)$/.test(line)) ended += 1;
      else if (line !== '') others = line;
  });
  const startedAt = Date.now();
  console.log('minute  slots  MB   MB peak  open files  threads  temporary  children  run folders');
  let next = 0;
  while (ended < wanted && watch.exitCode === null) {
    await pause(1_000);
    if (Date.now() < startedAt + next * 60_000) continue;
    console.log(row(next, ended, watch.pid ?? 0, temporary, join(folder, 'output')));
    next += wanted > 300 ? 5 : 1;
  }
  if (watch.exitCode !== null) throw new Error(`watch ended by itself, exit code ${watch.exitCode}: ${others}`);
  console.log(row(Math.round((Date.now() - startedAt) / 60_000), ended, watch.pid ?? 0, temporary, join(folder, 'output')));
  const stopping = Date.now();
  watch.kill('SIGTERM');
  await once(watch, 'exit');
  console.log(
    `stopped in ${Date.now() - stopping} ms with exit code ${watch.exitCode}; left in the temporary folder: ` +
      `${readdirSync(temporary).join(', ') || 'nothing'}${others ? `; last other line: ${others}` : ''}`,
  );
  await lab.close();
  await rm(folder, { recursive: true, force: true });
  await rm(compiled, { recursive: true, force: true });
  process.exitCode = watch.exitCode === 0 ? 0 : 2;
}

function row(minute: number, slots: number, pid: number, temporary: string, output: string): string {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const mb = (name: string): string => String(Math.round(Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1]) / 1024));
  const listed = (path: string): number => {
    try {
      return readdirSync(path).length;
    } catch {
      return 0;
    }
  };
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).length;
  const cells = [
    minute,
    slots,
    mb('VmRSS'),
    mb('VmHWM'),
    listed(`/proc/${pid}/fd`),
    /^Threads:\s+(\d+)/m.exec(status)?.[1] ?? '',
    listed(temporary),
    children,
    listed(output),
  ];
  const widths = [6, 7, 5, 9, 12, 9, 11, 10, 13];
  return cells.map((cell, index) => String(cell).padStart(widths[index] ?? 8)).join('');
}

void soak().catch((error: unknown) => {
  console.error(error);
  process.exit(3);
});
