import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { move, moveSync } from './move';

/** A rename that is refused with these codes in turn, then made. */
function refusing(platform: NodeJS.Platform, codes: readonly string[]) {
  let made = 0;
  const rename = (): void => {
    const code = codes[made++];
    if (code !== undefined) throw Object.assign(new Error(code), { code });
  };
  return { by: { platform, rename }, made: () => made };
}

test('on Windows a rename that others hold up is tried again until they let go', async () => {
  for (const codes of [['EPERM'], ['EBUSY', 'EACCES', 'EPERM']]) {
    const one = refusing('win32', codes);
    await move('a', 'b', one.by);
    expect(one.made()).toBe(codes.length + 1);
    const other = refusing('win32', codes);
    moveSync('a', 'b', other.by);
    expect(other.made()).toBe(codes.length + 1);
  }
});

test('what does not pass is thrown at once, and nothing is tried again elsewhere than on Windows', async () => {
  for (const [platform, code] of [
    ['win32', 'ENOENT'],
    ['linux', 'EPERM'],
  ] as const) {
    const one = refusing(platform, [code]);
    await expect(move('a', 'b', one.by)).rejects.toThrow(code);
    expect(() => moveSync('a', 'b', refusing(platform, [code]).by)).toThrow(code);
    expect(one.made()).toBe(1);
  }
});

test('a file is moved over another one', async ({}, info) => {
  mkdirSync(info.outputPath(), { recursive: true });
  const [from, to] = [info.outputPath('new'), info.outputPath('old')];
  for (const [n, how] of [moveSync, move].entries()) {
    writeFileSync(from, `new ${n}`);
    writeFileSync(to, 'old');
    await Promise.resolve(how(from, to));
    expect(readFileSync(to, 'utf8')).toBe(`new ${n}`);
  }
});
