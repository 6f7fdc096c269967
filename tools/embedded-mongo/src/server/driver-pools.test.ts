import { describe, expect, it } from 'vitest';
import { createDriverPools } from './driver-pools.ts';

describe('the connections of drivers', () => {
  it('are told apart until they have carried the same session', () => {
    const pools = createDriverPools();
    for (const connection of [1, 2, 3, 4]) pools.open(connection);
    pools.begin(1);
    expect([pools.idle(1), pools.idle(2)]).toEqual([0, 1]);
    pools.join(1, 2);
    pools.join(2, 1);
    pools.join(3, 4);
    expect([pools.idle(1), pools.idle(2), pools.idle(3)]).toEqual([1, 1, 2]);
    pools.join(4, 1);
    expect(pools.idle(3)).toBe(3);
    pools.end(1);
    expect(pools.idle(1)).toBe(4);
  });

  it('no longer count when they are closed, with a command under way or not', () => {
    const pools = createDriverPools();
    for (const connection of [1, 2, 3]) pools.open(connection);
    pools.join(1, 2);
    pools.join(1, 3);
    pools.begin(2);
    pools.close(3);
    expect(pools.idle(1)).toBe(1);
    pools.end(2);
    pools.close(2);
    expect(pools.idle(1)).toBe(1);
    pools.join(1, 3);
    expect(pools.idle(1)).toBe(1);
    expect(pools.idle(3)).toBe(0);
  });

  it('count right when one is closed before its command is done', () => {
    const pools = createDriverPools();
    for (const connection of [1, 2]) pools.open(connection);
    pools.join(1, 2);
    pools.begin(2);
    pools.close(2);
    pools.end(2);
    expect(pools.idle(1)).toBe(1);
  });
});
