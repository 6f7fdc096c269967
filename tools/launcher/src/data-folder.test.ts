import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDataFolder } from './data-folder.ts';
import { createPaths } from './paths.ts';

describe('openDataFolder', () => {
  let root = '';
  const paths = () => createPaths({ root, dataDir: path.join(root, '.cartwright') });

  beforeEach(() => {
    root = mkdtempSync(path.join(os.tmpdir(), 'data-folder-'));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it('makes a folder that only its owner can look into', () => {
    openDataFolder(paths()).release();
    expect(statSync(paths().dataDir).mode & 0o777).toBe(0o700);
  });

  it('takes a folder in which a benchmark left its results', () => {
    const results = paths().data('bench', 'latest.json');
    mkdirSync(path.dirname(results), { recursive: true });
    writeFileSync(results, '{}');
    openDataFolder(paths()).release();
    expect(existsSync(results)).toBe(true);
  });

  it('refuses the files of others', () => {
    mkdirSync(paths().dataDir);
    writeFileSync(paths().data('diary.txt'), 'dear diary');
    expect(() => openDataFolder(paths())).toThrow(/not the shop's/);
  });
});
