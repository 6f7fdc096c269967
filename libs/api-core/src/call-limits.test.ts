import { DomainError } from '@cartwright/domain-errors';
import { collectingAudit, collectingLogger } from '@cartwright/testkit';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createCallLimit } from './call-limits.ts';
import type { Principal } from './context.sealed.ts';
import { createCallerFactory, identifiedProcedure, router } from './trpc.ts';

/** Counts in memory. */
function memoryLimiter(points: number) {
  const used = new Map<string, number>();
  const add = (key: string, change: number): number => {
    const count = (used.get(key) ?? 0) + change;
    used.set(key, count);
    return count;
  };
  return {
    used,
    consume: async (key: string) => {
      if (add(key, 1) > points) throw new DomainError('RATE_LIMITED', { retryAfterSeconds: 9 });
    },
    refund: async (key: string) => void add(key, -1),
  };
}

function setUp(counts: 'calls' | 'refusals') {
  const byUser = memoryLimiter(2);
  const byNetwork = memoryLimiter(3);
  let ran = 0;
  let failure: (() => Error) | undefined;
  const routes = router({
    redeem: identifiedProcedure
      .input(z.boolean())
      .use(createCallLimit({ counts, byUser, byNetwork }))
      .mutation(({ input: fits }) => {
        ran += 1;
        if (failure) throw failure();
        if (!fits) throw new DomainError('COUPON_NOT_FOUND');
        return ran;
      }),
  });
  const { logger, lines } = collectingLogger();
  const as = (userId: string | null, ip = '198.51.100.1') => {
    const principal: Principal | null =
      userId === null
        ? null
        : {
            userId,
            sessionId: 's',
            role: 'customer',
            emailVerified: true,
            stepUpUntil: null,
          };
    const caller = createCallerFactory(routes)({
      requestId: 'r',
      ip,
      userAgent: 'test',
      transport: 'http',
      authenticate: async () => principal,
      audit: collectingAudit(),
      logger,
    });
    return (fits: boolean) =>
      caller.redeem(fits).then(
        () => 'ok',
        (error: unknown) => (error as Error).message,
      );
  };
  const failWith = (next: typeof failure): void => void (failure = next);
  return { as, byUser, byNetwork, lines, ran: () => ran, failWith };
}

describe('a limit on calls', () => {
  it('counts all of them, by user and by network', async () => {
    const { as, byUser, byNetwork, ran } = setUp('calls');
    const ada = as('ada');
    expect([await ada(true), await ada(false), await ada(true)]).toEqual(['ok', 'COUPON_NOT_FOUND', 'RATE_LIMITED']);
    // What the user's limit refused doesn't use up the network's.
    expect([...byUser.used.values(), ...byNetwork.used.values()]).toEqual([3, 2]);
    expect([await as('bob')(true), await as('bob')(true)]).toEqual(['ok', 'RATE_LIMITED']);
    expect(await as('bob', '198.51.100.2')(true)).toBe('RATE_LIMITED');
    expect(await as(null, '198.51.100.2')(true)).toBe('ok');
    expect(ran()).toBe(4);
  });

  it('counts guests of one IPv6 network together', async () => {
    const { as } = setUp('calls');
    const answers = [];
    for (const host of ['1', '2', '3', '4']) answers.push(await as(null, `2001:db8:1:2::${host}`)(true));
    expect(answers).toEqual(['ok', 'ok', 'ok', 'RATE_LIMITED']);
  });
});

describe('a limit on refusals', () => {
  it('leaves those alone who are right', async () => {
    const { as } = setUp('refusals');
    const ada = as('ada');
    for (let call = 0; call < 10; call += 1) expect(await ada(true)).toBe('ok');
    expect([await ada(false), await ada(false), await ada(true)]).toEqual([
      ...['COUPON_NOT_FOUND', 'COUPON_NOT_FOUND'],
      'RATE_LIMITED',
    ]);
  });

  it.each([
    ['a defect', () => new Error('boom')],
    ['a service being away', () => new DomainError('SERVICE_UNAVAILABLE', { retryAfterSeconds: 2 })],
  ])('does not take %s for a guess', async (_, failure) => {
    const { as, byUser, byNetwork, failWith } = setUp('refusals');
    failWith(failure);
    for (let call = 0; call < 10; call += 1) await as('ada')(true);
    expect([...byUser.used.values(), ...byNetwork.used.values()]).toEqual([0, 0]);
    failWith(undefined);
    expect(await as('ada')(true)).toBe('ok');
  });

  it('is no shorter for many at once', async () => {
    const { as, ran } = setUp('refusals');
    const answers = await Promise.all(Array.from({ length: 20 }, () => as('ada')(false)));
    expect(answers.filter((answer) => answer === 'COUPON_NOT_FOUND')).toHaveLength(2);
    expect(ran()).toBe(2);
  });

  it('gives the answer also when a use can not be taken back', async () => {
    const { as, byNetwork, lines } = setUp('refusals');
    byNetwork.refund = () => Promise.reject(new Error('away'));
    expect(await as('ada')(true)).toBe('ok');
    expect(lines).toEqual([expect.objectContaining({ level: 'warn' })]);
  });
});
