import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ensureProgram, MissingProgramError, REDIS } from './system-packages.ts';

let folder: string;
const said: string[] = [];
const report = (line: string) => void said.push(line);

function program(name: string, script: string) {
  writeFileSync(path.join(folder, name), `#!/bin/sh\n${script}\n`);
  chmodSync(path.join(folder, name), 0o755);
}

const env = () => ({ PATH: folder });
/** An apt-get that "installs" redis-server, in the way the real one would. */
const installs = () =>
  `[ "$1" = install ] && printf '#!/bin/sh\\n' > ${folder}/redis-server && /bin/chmod +x ${folder}/redis-server; exit 0`;

beforeEach(() => {
  said.length = 0;
  folder = mkdtempSync(path.join(os.tmpdir(), 'programs-'));
  mkdirSync(folder, { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('ensureProgram', () => {
  it('takes what is there and says nothing', async () => {
    program('redis-server', '');
    expect(await ensureProgram(REDIS, { env: env(), report, uid: 1000 })).toBe(path.join(folder, 'redis-server'));
    expect(said).toEqual([]);
  });

  it('installs with apt-get as root', async () => {
    program('apt-get', installs());
    expect(await ensureProgram(REDIS, { env: env(), report, uid: 0 })).toBe(path.join(folder, 'redis-server'));
    expect(said[0]).toContain('installing it with apt-get');
  });

  it('installs with sudo that asks no password', async () => {
    program('apt-get', installs());
    program('sudo', 'shift; exec "$@"');
    program('true', 'exit 0');
    expect(await ensureProgram(REDIS, { env: env(), report, uid: 1000 })).toBe(path.join(folder, 'redis-server'));
  });

  it('fetches the list of packages when it is missing, and tries again', async () => {
    program(
      'apt-get',
      `[ "$1" = update ] && : > ${folder}/updated; [ -e ${folder}/updated ] || exit 100; ${installs()}`,
    );
    expect(await ensureProgram(REDIS, { env: env(), report, uid: 0 })).toBe(path.join(folder, 'redis-server'));
  });

  it('says exactly what to install without the right to', async () => {
    program('apt-get', installs());
    program('sudo', 'exit 1');
    const attempt = ensureProgram(REDIS, { env: env(), report, uid: 1000 });
    await expect(attempt).rejects.toThrow(MissingProgramError);
    await expect(attempt).rejects.toThrow('sudo apt-get install -y redis-server');
    await expect(attempt).rejects.toThrow('REDIS_URL');
  });

  it('names the package manager that is there', async () => {
    program('brew', '');
    await expect(ensureProgram(REDIS, { env: env(), report, uid: 501 })).rejects.toThrow('brew install redis');
  });

  it('shows why apt-get failed', async () => {
    program('apt-get', 'echo "E: no space left" >&2; exit 100');
    await expect(ensureProgram(REDIS, { env: env(), report, uid: 0 })).rejects.toThrow('no space left');
  });
});
