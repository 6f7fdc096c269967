import { describe, expect, it } from 'vitest';
import type { RefundResult } from './payment-strategy.ts';
import type { Refund } from './payment.ts';
import { movedBy } from './refund-moves.ts';

type State = Pick<Refund, 'status' | 'waitsFor' | 'toldAt' | 'cause'>;

const pending = { status: 'pending' } as const;
const asked = { status: 'pending', waitsFor: 'buyer' } as const;
const succeeded = { status: 'succeeded' } as const;
const failed = { status: 'failed' } as const;

const requested: State = { status: 'requested', cause: 'order' };

/** The n-th of a history came at its n-th second. */
const told = (history: readonly RefundResult[]) =>
  history.map((news, index) => ({ ...news, at: new Date(1_000 * (index + 1)) }));

const after = (news: readonly (RefundResult & { at: Date })[], start: State = requested): State =>
  news.reduce<State>((state, one) => ({ ...state, ...movedBy(state, one) }), start);

function* permutations<T>(items: readonly T[]): Generator<T[]> {
  if (items.length === 0) yield [];
  for (const [index, item] of items.entries()) {
    for (const rest of permutations(items.toSpliced(index, 1))) yield [item, ...rest];
  }
}

describe('a refund', () => {
  it.each([
    [[pending, succeeded], { status: 'succeeded' }],
    [[pending, asked], { status: 'pending', waitsFor: 'buyer' }],
    [[asked, pending], { status: 'pending' }],
    [[pending, asked, pending, succeeded], { status: 'succeeded' }],
    [[pending, succeeded, asked], { status: 'succeeded', waitsFor: 'buyer' }],
    [[succeeded, asked, pending, succeeded], { status: 'succeeded' }],
    [[pending, succeeded, asked, pending], { status: 'succeeded', waitsFor: 'bank' }],
    [[succeeded, asked, failed], { status: 'failed' }],
    [[pending, failed], { status: 'failed' }],
    [[succeeded, failed], { status: 'failed' }],
  ] satisfies [RefundResult[], Pick<State, 'status' | 'waitsFor'>][])(
    'told %j comes to the same in any order, each of it twice',
    (history, { status, waitsFor }: Pick<State, 'status' | 'waitsFor'>) => {
      for (const order of permutations(told(history))) {
        for (const news of [order, [...order, ...order]]) {
          const state = after(news);
          expect([state.status, state.waitsFor]).toEqual([status, waitsFor]);
        }
      }
    },
  );

  it('that was sent back and is on its way anew waits for a bank', () => {
    const state = after(told([pending, succeeded, asked, pending]));
    expect(state).toMatchObject({ status: 'succeeded', waitsFor: 'bank' });
    // Moments are told by the second: what was told at the same one may have come first.
    const atOnce = [...told([succeeded]), ...told([pending])];
    for (const order of permutations(atOnce))
      expect(after(order)).toMatchObject({ status: 'succeeded', waitsFor: undefined });
  });

  it('that failed is moved by nothing', () => {
    const state: State = { status: 'failed', cause: 'order', toldAt: new Date(1_000) };
    for (const news of [pending, asked, succeeded, failed])
      expect(movedBy(state, { ...news, at: new Date(9_000) })).toBeNull();
  });

  it('that a bank took waits for nobody while the dispute is appealed against', () => {
    const lost: State = { status: 'succeeded', cause: 'dispute', toldAt: new Date(1_000) };
    expect(movedBy(lost, { status: 'pending', at: new Date(2_000) })).toMatchObject({
      status: 'succeeded',
      waitsFor: undefined,
    });
  });
});
