import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { available, isSound, mergeLinesByVariant, movement } from './index.ts';
import type { MovementKind } from './index.ts';

describe('movement', () => {
  it.each([
    ['hold', 3, 0, 3],
    ['release', 3, 0, -3],
    ['ship', 3, -3, -3],
    ['restock', 3, 3, 0],
    ['adjust', -3, -3, 0],
  ] as const)('%s of %i changes on hand by %i and reserved by %i', (kind, quantity, deltaOnHand, deltaReserved) => {
    expect(movement(kind, quantity)).toEqual({ deltaOnHand, deltaReserved });
  });

  it.each([0, -1, 1.5, NaN, Infinity, 2 ** 53])('refuses a hold of %s', (quantity) => {
    expect(() => movement('hold', quantity)).toThrowError('INVALID_INPUT');
  });

  it('refuses an adjustment of nothing', () => {
    expect(() => movement('adjust', 0)).toThrowError('INVALID_INPUT');
  });
});

describe('a level', () => {
  it('has available what is neither reserved nor gone', () => {
    expect(available({ onHand: 5, reserved: 3 })).toBe(2);
  });

  it.each([
    [0, 0, true],
    [5, 0, true],
    [5, 5, true],
    [5, 6, false],
    [-1, 0, false],
    [-1, -2, false],
    [5, -1, false],
  ])('of %i on hand with %i reserved: sound is %s', (onHand, reserved, sound) => {
    expect(isSound({ onHand, reserved })).toBe(sound);
  });

  it('is as it was after a hold and its release, and less by what was shipped', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 999 }), (quantity) => {
        const sum = (...kinds: MovementKind[]) =>
          kinds
            .map((kind) => movement(kind, quantity))
            .reduce((a, b) => ({
              deltaOnHand: a.deltaOnHand + b.deltaOnHand,
              deltaReserved: a.deltaReserved + b.deltaReserved,
            }));
        expect(sum('hold', 'release')).toEqual({ deltaOnHand: 0, deltaReserved: 0 });
        expect(sum('hold', 'ship')).toEqual({ deltaOnHand: -quantity, deltaReserved: 0 });
        expect(sum('hold', 'ship', 'restock')).toEqual({ deltaOnHand: 0, deltaReserved: 0 });
      }),
    );
  });
});

describe('mergeLinesByVariant', () => {
  it('adds lines of one variant together and sorts', () => {
    const lines = [
      { variantId: 'b', quantity: 1 },
      { variantId: 'a', quantity: 2 },
      { variantId: 'c', quantity: 3 },
      { variantId: 'b', quantity: 4 },
      { variantId: 'aa', quantity: 6 },
    ];
    expect(mergeLinesByVariant(lines)).toEqual([
      { variantId: 'a', quantity: 2 },
      { variantId: 'aa', quantity: 6 },
      { variantId: 'b', quantity: 5 },
      { variantId: 'c', quantity: 3 },
    ]);
  });
});
