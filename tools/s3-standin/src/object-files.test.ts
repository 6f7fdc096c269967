import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { createObjectFiles } from './object-files.ts';

const folders: string[] = [];
const folder = (): string => {
  const made = mkdtempSync(path.join(tmpdir(), 's3-standin-'));
  folders.push(made);
  return made;
};
afterEach(() => {
  for (const each of folders.splice(0)) rmSync(each, { recursive: true });
});

it('keeps objects over restarts, and nothing of those that were written by half', () => {
  const dataDir = folder();
  const first = createObjectFiles({ dataDir });
  first.put('a/../b', Buffer.from('old'), { contentType: 'text/plain' });
  first.put('a/../b', Buffer.from('new'), { contentType: 'text/html', cacheControl: 'no-store' });
  first.put('gone', Buffer.from('x'), { contentType: 'text/plain' });
  first.remove('gone');
  // What a kill between bytes and facts leaves.
  writeFileSync(path.join(dataDir, 'bodies', 'orphan'), 'half');
  writeFileSync(path.join(dataDir, 'facts', 'x.json.orphan.half'), '{');

  const second = createObjectFiles({ dataDir });
  expect(second.list('', '')).toMatchObject([{ key: 'a/../b', size: 3, contentType: 'text/html' }]);
  expect(second.bytes('a/../b').toString()).toBe('new');
  expect(second.facts('gone')).toBeUndefined();
  expect(readdirSync(path.join(dataDir, 'bodies'))).toHaveLength(1);
});
