import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MOVEMENT_KINDS, applyMovement, available, isSound, mergeLinesByVariant, movement } from './index.ts';
import type { StockLevel } from './index.ts';

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

describe('applyMovement', () => {
  it('says what is available when it cannot', () => {
    expect(applyMovement({ onHand: 5, reserved: 3 }, movement('hold', 3))).toEqual({ ok: false, available: 2 });
    expect(applyMovement({ onHand: 5, reserved: 5 }, movement('adjust', -1))).toEqual({ ok: false, available: 0 });
    expect(applyMovement({ onHand: 5, reserved: 0 }, movement('ship', 1))).toEqual({ ok: false, available: 5 });
  });

  it('keeps levels sound and movements summing to them, whatever happens', () => {
    const moves = fc.array(fc.tuple(fc.constantFrom(...MOVEMENT_KINDS), fc.integer({ min: 1, max: 20 })), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(moves, (list) => {
        let level: StockLevel = { onHand: 0, reserved: 0 };
        let onHand = 0;
        let reserved = 0;
        for (const [kind, quantity] of list) {
          const delta = movement(kind, quantity);
          const result = applyMovement(level, delta);
          if (!result.ok) continue;
          level = result.level;
          onHand += delta.deltaOnHand;
          reserved += delta.deltaReserved;
          expect(isSound(level)).toBe(true);
        }
        expect(level).toEqual({ onHand, reserved });
        expect(available(level)).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});

describe('mergeLinesByVariant', () => {
  it('adds lines of one variant together and sorts', () => {
    const lines = [
      { variantId: 'b', quantity: 1 },
      { variantId: 'a', quantity: 2 },
      { variantId: 'b', quantity: 4 },
    ];
    expect(mergeLinesByVariant(lines)).toEqual([
      { variantId: 'a', quantity: 2 },
      { variantId: 'b', quantity: 5 },
    ]);
  });
});
