import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { lockFolder } from './lock-file.ts';

/** Takes the lock when told to, says how that went, and stays until its input ends. */
const STARTER = `
  import { once } from 'node:events';
  import { lockFolder } from ${JSON.stringify(new URL('./lock-file.ts', import.meta.url).href)};
  process.stdout.write('there\\n');
  process.stdin.once('data', () => {
    try {
      lockFolder(process.argv[1]);
      process.stdout.write('held\\n');
    } catch (error) {
      process.stdout.write(error.message + '\\n');
    }
  });
  await once(process.stdin, 'end');
`;

async function starter(dir: string) {
  const child = spawn(process.execPath, ['--input-type=module', '-e', STARTER, dir], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  await lines.next();
  return {
    async lock(): Promise<string> {
      child.stdin.write('go\n');
      return String((await lines.next()).value);
    },
    async end(): Promise<void> {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

describe('the lock of a data folder', () => {
  it('is refused while the process that holds it runs, and taken from one that is gone', () => {
    using dir = temporaryFolder();
    writeFileSync(join(dir.path, 'lock.1'), '');
    expect(() => lockFolder(dir.path)).toThrow(/in use by the process 1/);
    expect(readdirSync(dir.path)).toEqual(['lock.1']);

    using other = temporaryFolder();
    // A number that no process has, and one that has gone to another process since.
    writeFileSync(join(other.path, `lock.${2 ** 22 - 1}.17`), '');
    writeFileSync(join(other.path, `lock.${process.ppid}.17`), '');
    const lock = lockFolder(other.path);
    expect(readdirSync(other.path)).toEqual([expect.stringContaining(`lock.${process.pid}`)]);
    lock.release();
    expect(readdirSync(other.path)).toEqual([]);
  });

  it('goes to one of many servers that start at once, and after kill -9 to one again', async () => {
    using dir = temporaryFolder();
    for (let round = 0; round < 2; round++) {
      const starters = await Promise.all(Array.from({ length: 8 }, () => starter(dir.path)));
      const answers = await Promise.all(starters.map((one) => one.lock()));
      const refused = answers.filter((answer) => answer !== 'held');
      expect(refused).toHaveLength(7);
      for (const answer of refused) expect(answer).toMatch(/is in use by the process \d+$/);
      await Promise.all(starters.map((one) => one.end()));
    }
  });
});
