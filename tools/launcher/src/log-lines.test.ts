import { describe, expect, it } from 'vitest';
import { createErrorNotices, errorOfLogLine } from './log-lines.ts';

const line = (level: number, msg: string, err?: string) =>
  JSON.stringify({ level, msg, ...(err === undefined ? {} : { err: { message: err } }) });

describe('errorOfLogLine', () => {
  it('reads errors and leaves everything else', () => {
    expect(errorOfLogLine(line(50, 'mail failed', 'connection refused'))).toBe('mail failed: connection refused');
    expect(errorOfLogLine(line(60, 'out of memory'))).toBe('out of memory');
    expect(errorOfLogLine(line(40, 'slow'))).toBeUndefined();
    expect(errorOfLogLine('ready http://127.0.0.1:3000')).toBeUndefined();
    expect(errorOfLogLine('{"broken')).toBeUndefined();
  });
});

describe('createErrorNotices', () => {
  it('shows each message once in a while and only some at a time', () => {
    const said: string[] = [];
    let time = 100_000;
    const notice = createErrorNotices({ report: (text) => said.push(text), now: () => time, quietMs: 1000, burst: 2 });
    for (let round = 0; round < 3; round += 1) {
      for (const message of ['a', 'b', 'c']) notice('API', line(50, message));
    }
    expect(said).toEqual(['! API: a', '! API: b']);
    time += 2000;
    notice('API', line(50, 'a'));
    expect(said).toHaveLength(3);
  });
});
