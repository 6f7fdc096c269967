import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { machineProblems } from '../bootstrap.mjs';
import { acquireInstallLock, installedMatchesLockfile, installState, writeStamp } from '../install-stamp.mjs';

const fine = { nodeVersion: 'v20.19.0', platform: 'linux', arch: 'x64' };

describe('machineProblems', () => {
  it.each(['v20.19.0', 'v20.20.2', 'v22.0.0', 'v24.21.0'])('accepts Node %s', (nodeVersion) => {
    expect(machineProblems({ ...fine, nodeVersion })).toEqual([]);
  });

  it.each(['v16.0.0', 'v18.20.4', 'v20.18.9'])('says that Node %s is too old, and what is needed', (nodeVersion) => {
    const [problem] = machineProblems({ ...fine, nodeVersion });
    expect(problem).toContain(nodeVersion);
    expect(problem).toContain('20.19.0');
  });

  it('names platform and processor together', () => {
    const problems = machineProblems({ ...fine, platform: 'win32', arch: 'ia32' });
    expect(problems).toHaveLength(2);
    expect(problems[0]).toContain('WSL');
  });
});

describe('the stamp of the installed packages', () => {
  let root: string;
  const lockfile = (version: string) => ({
    packages: {
      '': { name: 'shop' },
      'node_modules/zod': { version },
      'node_modules/@cartwright/api': { link: true },
      'node_modules/fsevents': { version: '1.0.0', optional: true },
    },
  });
  const write = (file: string, content: object) => {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), JSON.stringify(content));
  };

  beforeEach(() => {
    root = mkdtempSync(path.join(os.tmpdir(), 'stamp-'));
    write('package-lock.json', lockfile('4.0.0'));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it('wants an install without node_modules', () => {
    expect(installState(root)).toMatchObject({ upToDate: false, reason: 'First run' });
  });

  it('wants none after one, and one again when the lockfile changes', () => {
    write('node_modules/.bin/node', {});
    writeStamp(root, installState(root).hash);
    expect(installState(root)).toMatchObject({ upToDate: true, stamped: true });
    write('package-lock.json', lockfile('4.0.1'));
    expect(installState(root)).toMatchObject({ upToDate: false, reason: 'package-lock.json has changed' });
  });

  it('recognises packages that were installed by hand', () => {
    write('node_modules/.bin/node', {});
    write('node_modules/.package-lock.json', { packages: { 'node_modules/zod': { version: '4.0.0' } } });
    expect(installState(root)).toMatchObject({ upToDate: true, stamped: false });
    write('node_modules/.package-lock.json', { packages: { 'node_modules/zod': { version: '3.0.0' } } });
    expect(installState(root)).toMatchObject({ upToDate: false });
  });

  it('does not trust a broken record', () => {
    expect(installedMatchesLockfile(lockfile('1.0.0'), undefined)).toBe(false);
    expect(installedMatchesLockfile(lockfile('1.0.0'), { packages: {} })).toBe(false);
  });
});

describe('the lock of an install', () => {
  const root = '/a/checkout/of/nobody';
  const name = createHash('sha256').update(root).digest('hex').slice(0, 16);
  const file = path.join(os.tmpdir(), `cartwright-install-${name}.lock`);
  afterEach(() => rmSync(file, { force: true }));

  it('is held until it is released', async () => {
    const release = await acquireInstallLock(root, () => {});
    let waited = false;
    const second = acquireInstallLock(root, () => {
      waited = true;
      release();
    });
    (await second)();
    expect(waited).toBe(true);
    expect(existsSync(file)).toBe(false);
  });

  it.runIf(process.platform === 'linux')(
    'is nobody’s when its holder’s process id was given to another process',
    async () => {
      writeFileSync(file, `${process.pid} 1`);
      const release = await acquireInstallLock(root, () => {
        throw new Error('waits for a stranger');
      });
      release();
    },
  );
});
