import { describe, expect, it } from 'vitest';
import { returnableUntil } from './returns.ts';

type Order = Parameters<typeof returnableUntil>[0];

const now = new Date('2026-05-31T12:00:00Z');
const daysAgo = (days: number) => new Date(now.getTime() - days * 86_400_000);
const order = (returnable: number, arrivals: (Date | undefined)[], timeline: Order['timeline'] = []) =>
  ({
    lines: [{ progress: { returnable } }],
    shipments: arrivals.map((deliveredAt) => ({ deliveredAt })),
    timeline,
  }) as unknown as Order;

describe('returnableUntil', () => {
  it('goes by the parcel that arrived last', () => {
    expect(returnableUntil(order(1, [daysAgo(40), daysAgo(29), undefined]), 30, now)).toEqual(daysAgo(-1));
    expect(returnableUntil(order(1, [daysAgo(31)]), 30, now)).toBeNull();
    expect(returnableUntil(order(1, [undefined]), 30, now)).toBeNull();
  });
  it('is null when nothing is left to ask for', () => {
    expect(returnableUntil(order(0, [daysAgo(1)]), 30, now)).toBeNull();
  });
  it('goes by the order where nobody wrote parcels down', () => {
    const arrived = { kind: 'order.delivered', at: daysAgo(2), by: 'staff', text: 'Delivered' } as const;
    expect(returnableUntil(order(1, [], [arrived]), 30, now)).toEqual(daysAgo(-28));
    expect(returnableUntil(order(1, []), 30, now)).toBeNull();
  });
});
