import { describe, expect, it } from 'vitest';
import { createTidying, workSeen } from './tidying.ts';

describe('collecting garbage', () => {
  it('happens once after each burst of work, when nothing has come for a while', () => {
    const counters = new Map<string, number>();
    let collected = 0;
    const round = createTidying(
      () => workSeen({ counters }),
      () => (collected += 1),
    );
    const rounds = (count: number): number => {
      for (let i = 0; i < count; i++) round();
      return collected;
    };
    expect(rounds(10)).toBe(0);
    counters.set('find', 1);
    expect(rounds(3)).toBe(0);
    counters.set('find', 2);
    expect(rounds(3)).toBe(0);
    expect(rounds(1)).toBe(1);
    expect(rounds(10)).toBe(1);
    counters.set('hello', 5).set('ping', 7);
    expect(rounds(10)).toBe(1);
    counters.set('insert', 1);
    expect(rounds(4)).toBe(2);
  });

  it('works in this runtime', () => {
    let work = 0;
    const round = createTidying(() => work);
    work = 1;
    expect(() => Array.from({ length: 5 }, round)).not.toThrow();
  });
});
