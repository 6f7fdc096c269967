import { spawn } from 'node:child_process';
import { describe, expect, it, vi } from 'vitest';
import { isAlive } from './processes.ts';
import { endLeftBehind, wantedProjects } from './run-tests.ts';

describe('wantedProjects', () => {
  it('reads both spellings', () => {
    expect(wantedProjects(['--project', 'unit', '--project=e2e', 'libs'])).toEqual(['unit', 'e2e']);
    expect(wantedProjects(['libs/domain'])).toEqual([]);
  });
});

describe.skipIf(process.platform !== 'linux')('endLeftBehind', () => {
  it('ends and names processes that carry the mark of the run, and no others', async () => {
    const idle = (run: string) =>
      spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)', 'idle'], {
        env: { ...process.env, CARTWRIGHT_TEST_RUN: run },
        stdio: 'ignore',
      });
    const forgotten = idle('run-one');
    const other = idle('run-two');
    const gone = new Promise((resolve) => forgotten.once('exit', resolve));
    await vi.waitFor(() => expect(isAlive(forgotten.pid ?? 0)).toBe(true), 10_000);
    await vi.waitFor(() => {
      const commands = endLeftBehind('run-one');
      expect(commands).toHaveLength(1);
      expect(commands[0]).toContain('idle');
    }, 10_000);
    await gone;
    expect(isAlive(other.pid ?? 0)).toBe(true);
    other.kill('SIGKILL');
  });
});
