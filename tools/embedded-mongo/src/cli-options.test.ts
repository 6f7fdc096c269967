import { describe, expect, it } from 'vitest';
import { readOptions } from './cli-options.ts';

describe('the arguments of the command line', () => {
  it('name a place and a port', () => {
    expect(readOptions(['--memory'])).toMatchObject({ port: 27117, data: null, help: false, exitWithParent: false });
    const options = readOptions(['--data', 'x', '--port', '0', '--history-bytes', '5', '--compact-after', '7']);
    expect(options).toMatchObject({ port: 0, data: 'x', historyBytes: 5, compactAfter: 7 });
    expect(readOptions(['--help']).help).toBe(true);
  });

  const wrong = [
    ...[[], ['--memory', '--data', 'x'], ['--nope'], ['more', '--memory']],
    ...['99999', '-1', '1.5', 'x', '', ' '].map((port) => ['--memory', `--port=${port}`]),
    ...[
      ['--memory', '--history-bytes', '0'],
      ['--memory', '--compact-after', 'x'],
    ],
  ];
  for (const args of wrong) {
    it(`are refused: ${args.join(' ') || 'none'}`, () => {
      expect(() => readOptions(args)).toThrow();
    });
  }
});
