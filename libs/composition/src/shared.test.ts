import { describe, expect, it } from 'vitest';
import { shared } from './shared.ts';

describe('a shared answer', () => {
  it('serves all who ask at the same time', async () => {
    let calls = 0;
    const look = shared(async () => (calls += 1), 60_000);
    expect(await Promise.all([look(), look(), look()])).toEqual([1, 1, 1]);
  });

  it('is asked for anew when its time is over, and after a failure', async () => {
    let calls = 0;
    const look = shared(async () => {
      calls += 1;
      if (calls === 1) throw new Error('away');
      return calls;
    }, 0);
    await expect(look()).rejects.toThrow('away');
    expect(await look()).toBe(2);
    expect(await look()).toBe(3);
    let failures = 0;
    const failing = shared(() => Promise.reject(new Error(`away ${(failures += 1)}`)), 60_000);
    await expect(failing()).rejects.toThrow('away 1');
    await expect(failing()).rejects.toThrow('away 2');
  });
});
