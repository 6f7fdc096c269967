import { describe, expect, it } from 'vitest';
import { parseStartOptions } from './options.ts';
import { splitArguments } from './with-shop.ts';

const parse = (...argv: string[]) => parseStartOptions(argv, { root: '/shop', env: {} });

describe('parseStartOptions', () => {
  it('knows its options', () => {
    expect(parse('--fresh', '--port', '3333', '--data-dir=/tmp/x', '--no-seed', '--products', '12')).toEqual({
      problems: [],
      options: {
        dataDir: '/tmp/x',
        port: '3333',
        webPort: undefined,
        products: 12,
        fresh: true,
        seed: false,
        help: false,
      },
    });
    expect(parse().options).toMatchObject({ dataDir: '/shop/.cartwright', fresh: false, seed: true });
  });

  it('takes the data folder from a variable, and the command line over it', () => {
    const env = { CARTWRIGHT_DATA_DIR: 'other' };
    expect(parseStartOptions([], { root: '/shop', env }).options.dataDir).toBe('/shop/other');
    expect(parseStartOptions(['--data-dir', 'third'], { root: '/shop', env }).options.dataDir).toBe('/shop/third');
  });

  it('names every mistake', () => {
    const { problems } = parse('--port', '70000', '--products', '-1', '--fast', 'please', '--fresh=yes');
    expect(problems).toHaveLength(5);
  });
});

describe('splitArguments', () => {
  it('keeps the data folder and passes the rest to the seed tool', () => {
    expect(splitArguments(['--products', '10000', '--data-dir', 'x', '--big'])).toEqual({
      own: ['--data-dir', 'x'],
      passed: ['--products', '10000', '--big'],
    });
  });
});
