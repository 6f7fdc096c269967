import { describe, expect, it } from 'vitest';
import { certainIn, chosenSeeds } from './chosen.ts';
import type { OrderedLine, Schedule, Step } from './steps.ts';

describe('chosen seeds', () => {
  it('are the same each time, each once, and not many', () => {
    const seeds = chosenSeeds({ from: 1, times: 3 });
    expect(chosenSeeds({ from: 1, times: 3 })).toEqual(seeds);
    expect(new Set(seeds).size).toBe(seeds.length);
    expect(seeds.length).toBeLessThan(25);
  });
});

describe('what is certain of a parcel', () => {
  const sent = (lines: readonly OrderedLine[], given: Partial<Extract<Step, { do: 'send' }>>, stock = 9): Schedule => ({
    kind: 'mixed',
    products: [
      { price: 100, stock },
      { price: 100, stock },
    ],
    coupon: { totalLimit: 9, perCustomerLimit: 9, discount: { kind: 'free_shipping' } },
    faults: [],
    buyers: [
      {
        steps: [
          { do: 'place', lines, paymentMethod: 'cash_on_delivery', coupon: false, clicks: 1, tabs: 1, rival: false },
          { do: 'send', parcels: ['piece'], clicks: 1, arrival: 'none', ...given },
        ],
      },
    ],
  });
  const piece = { what: 'piece', restock: true } as const;
  const one = [{ product: 0, quantity: 1 }];
  const each = [...one, { product: 1, quantity: 1 }];

  it.each([
    ['alone', sent(one, {}), true],
    ['beside its only piece', sent(one, { beside: piece }), false],
    ['of all beside the only piece', sent(one, { beside: piece, parcels: ['all'] }), false],
    ['of a line’s only piece beside that', sent(each, { beside: piece }), false],
    ['of all beside one of two pieces', sent(each, { beside: piece, parcels: ['all'] }), true],
    ['of one of two pieces beside the other', sent([{ product: 0, quantity: 2 }], { beside: piece }), true],
    ['of what is scarce', sent(one, {}, 0), false],
  ])('%s', (_what, schedule, isCertain) => {
    expect(certainIn(schedule).includes('parcel')).toBe(isCertain);
  });
});
