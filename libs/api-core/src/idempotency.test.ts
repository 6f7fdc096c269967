import { DomainError } from '@cartwright/domain-errors';
import type { IdempotencyKeys } from '@cartwright/platform-idempotency';
import { collectingAudit, collectingLogger, memoryIdempotencyKeys } from '@cartwright/testkit';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Principal, RequestContext } from './context.sealed.ts';
import { createIdempotency } from './idempotency.ts';
import { withIdempotency } from './inputs.ts';
import { authedProcedure, createCallerFactory, identifiedProcedure, router } from './trpc.ts';

const KEY = 'key-of-sixteen-chars';
const input = withIdempotency(z.strictObject({ name: z.string().trim(), at: z.date().optional() }));
const output = z.object({ id: z.number(), at: z.date(), gone: z.undefined(), cartToken: z.string().optional() });

/** A shop of three procedures that count how often they run, and callers of it. */
function setUp(keys: IdempotencyKeys = memoryIdempotencyKeys()) {
  const idempotency = createIdempotency({ keys });
  const seen: { input: unknown; intent?: unknown }[] = [];
  let answer = (): Promise<z.input<typeof output>> =>
    Promise.resolve({ id: seen.length, at: new Date(seen.length), gone: undefined });
  const routes = router({
    make: authedProcedure
      .input(input)
      .use(idempotency.required)
      .output(output)
      .mutation(({ ctx, input }) => {
        seen.push({ input, intent: ctx.intent });
        return answer();
      }),
    other: authedProcedure
      .input(input)
      .use(idempotency.required)
      .output(output)
      .mutation(({ input }) => {
        seen.push({ input });
        return answer();
      }),
    add: identifiedProcedure
      .input(input)
      .use(idempotency.optional)
      .output(output)
      .mutation(({ input }) => {
        seen.push({ input });
        return answer();
      }),
    place: identifiedProcedure
      .input(input)
      .use(idempotency.required)
      .output(output)
      .mutation(({ input }) => {
        seen.push({ input });
        return answer();
      }),
  });
  const { logger, lines } = collectingLogger();
  const as = (who: Partial<RequestContext> & { userId?: string } = {}) => {
    const { userId, ...facts } = who;
    const principal: Principal | null =
      userId === undefined
        ? null
        : { userId, sessionId: 's', role: 'customer', emailVerified: true, stepUpUntil: null };
    return createCallerFactory(routes)({
      requestId: 'r',
      ip: '127.0.0.1',
      userAgent: 'test',
      transport: 'http',
      authenticate: async () => principal,
      audit: collectingAudit(),
      logger,
      ...facts,
    });
  };
  return { as, seen, lines, answerWith: (next: typeof answer) => void (answer = next) };
}

const storeAway = (): Error => Object.assign(new Error('away'), { name: 'MongooseServerSelectionError' });
/** As the driver tells that the answer to a commit is lost. */
const commitUnknown = (): Error => Object.assign(storeAway(), { errorLabels: ['UnknownTransactionCommitResult'] });

describe('a keyed call', () => {
  it('runs once, and is answered the same again: dates and undefined come back as they were', async () => {
    const { as, seen } = setUp();
    const first = await as({ userId: 'ada' }).make({ name: ' x ', at: new Date(5), idempotencyKey: KEY });
    expect(first).toEqual({ id: 1, at: new Date(1), gone: undefined });
    // The same by another way of writing it, and with the key in the header.
    const again = await as({ userId: 'ada', idempotencyKeyHeader: KEY }).make({ at: new Date(5), name: 'x' });
    expect(again).toEqual(first);
    expect(Object.hasOwn(again, 'gone')).toBe(true);
    expect(seen).toEqual([
      { input: { name: 'x', at: new Date(5) }, intent: expect.objectContaining({ procedure: 'make' }) },
    ]);
  });

  it('is told apart by caller, procedure and key; the field wins over the header', async () => {
    const { as, seen } = setUp();
    await as({ userId: 'ada' }).make({ name: 'x', idempotencyKey: KEY });
    await as({ userId: 'bob' }).make({ name: 'x', idempotencyKey: KEY });
    await as({ userId: 'ada' }).other({ name: 'x', idempotencyKey: KEY });
    await as({ userId: 'ada', idempotencyKeyHeader: KEY }).make({ name: 'x', idempotencyKey: `${KEY}-2` });
    expect(seen).toHaveLength(4);
  });

  it('is refused when its key came with other input, and when it has no key or a strange one', async () => {
    const { as, seen } = setUp();
    const ada = as({ userId: 'ada' });
    await ada.make({ name: 'x', idempotencyKey: KEY });
    await expect(ada.make({ name: 'y', idempotencyKey: KEY })).rejects.toThrow('IDEMPOTENCY_KEY_REUSED');
    await expect(ada.make({ name: 'x' })).rejects.toThrow('IDEMPOTENCY_KEY_REQUIRED');
    await expect(as({ userId: 'ada', idempotencyKeyHeader: 'short' }).make({ name: 'x' })).rejects.toThrow(
      'INVALID_INPUT',
    );
    await expect(ada.make({ name: 'x', idempotencyKey: 'with a space in it' })).rejects.toThrow();
    expect(seen).toHaveLength(1);
  });

  it('is asked to come back while it is still running', async () => {
    const { as, answerWith } = setUp();
    const { promise, resolve } = Promise.withResolvers<z.input<typeof output>>();
    answerWith(() => promise);
    const ada = as({ userId: 'ada' });
    const first = ada.make({ name: 'x', idempotencyKey: KEY });
    await expect(ada.make({ name: 'x', idempotencyKey: KEY })).rejects.toMatchObject({
      cause: { reason: 'IDEMPOTENCY_IN_PROGRESS', details: { retryAfterSeconds: 1 } },
    });
    resolve({ id: 7, at: new Date(0), gone: undefined });
    expect((await first).id).toBe(7);
    expect((await ada.make({ name: 'x', idempotencyKey: KEY })).id).toBe(7);
  });

  it.each([
    ['a refusal', () => new DomainError('CART_EMPTY')],
    ['a defect', () => new Error('boom')],
  ])('is free again after %s, for other input too', async (_, failure) => {
    const { as, seen, answerWith } = setUp();
    answerWith(() => Promise.reject(failure()));
    const ada = as({ userId: 'ada' });
    await expect(ada.make({ name: 'x', idempotencyKey: KEY })).rejects.toThrow();
    answerWith(() => Promise.resolve({ id: 2, at: new Date(0), gone: undefined }));
    expect((await ada.make({ name: 'y', idempotencyKey: KEY })).id).toBe(2);
    expect(seen).toHaveLength(2);
  });

  it.each([
    ['a defect', () => new Error('boom'), 'IDEMPOTENCY_OUTCOME_UNKNOWN'],
    ['a commit whose answer was lost', commitUnknown, 'IDEMPOTENCY_OUTCOME_UNKNOWN'],
    ['an answer that is not what it should be', undefined, 'IDEMPOTENCY_OUTCOME_UNKNOWN'],
    ['a refusal', () => new DomainError('CART_EMPTY'), 'ok'],
    ['a store that was away', storeAway, 'ok'],
  ])('without a record of its effect is not done again after %s', async (_, failure, expected) => {
    const { as, seen, answerWith } = setUp();
    answerWith(() =>
      failure ? Promise.reject(failure()) : Promise.resolve({ id: 'x' as never, at: new Date(0), gone: undefined }),
    );
    const ada = as({ userId: 'ada' });
    await expect(ada.add({ name: 'x', idempotencyKey: KEY })).rejects.toThrow();
    answerWith(() => Promise.resolve({ id: 2, at: new Date(0), gone: undefined }));
    const again = await ada.add({ name: 'x', idempotencyKey: KEY }).then(
      () => 'ok',
      (error: unknown) => (error as Error).message,
    );
    expect(again).toBe(expected);
    expect(seen).toHaveLength(expected === 'ok' ? 2 : 1);
    // Another key is another intent.
    expect((await ada.add({ name: 'x', idempotencyKey: `${KEY}-2` })).id).toBe(2);
  });

  it('is free again, too, when the answer is not what it should be', async () => {
    const { as, answerWith } = setUp();
    answerWith(() => Promise.resolve({ id: 'no number' as never, at: new Date(0), gone: undefined }));
    const ada = as({ userId: 'ada' });
    await expect(ada.make({ name: 'x', idempotencyKey: KEY })).rejects.toThrow();
    answerWith(() => Promise.resolve({ id: 2, at: new Date(0), gone: undefined }));
    expect((await ada.make({ name: 'x', idempotencyKey: KEY })).id).toBe(2);
  });
});

describe('guests', () => {
  it('are known by their order token, else by their cart token', async () => {
    const { as, seen } = setUp();
    const call = { name: 'x', idempotencyKey: KEY };
    await as({ cartToken: 'cart-1' }).place(call);
    await as({ cartToken: 'cart-1' }).place(call);
    expect(seen).toHaveLength(1);
    await as({ cartToken: 'cart-2' }).place(call);
    await as({ orderToken: 'cart-1' }).place(call);
    await as({ orderToken: 'order', cartToken: 'cart-1' }).place(call);
    await as({ orderToken: 'order', cartToken: 'cart-2' }).place(call);
    await as({ userId: 'ada', orderToken: 'order' }).place(call);
    expect(seen).toHaveLength(5);
  });

  it('without any token can not be told from others: their keys name nothing', async () => {
    const { as, seen } = setUp();
    await as().add({ name: 'x', idempotencyKey: KEY });
    await as().add({ name: 'x', idempotencyKey: KEY });
    expect(seen).toEqual([{ input: { name: 'x' } }, { input: { name: 'x' } }]);
    await expect(as().place({ name: 'x', idempotencyKey: KEY })).rejects.toThrow('UNAUTHENTICATED');
  });

  it('get secrets once: an answer with a token is kept nowhere', async () => {
    const keys = memoryIdempotencyKeys();
    const { as, seen, answerWith } = setUp(keys);
    answerWith(() => Promise.resolve({ id: 1, at: new Date(0), gone: undefined, cartToken: 'secret' }));
    await as({ cartToken: 'old' }).add({ name: 'x', idempotencyKey: KEY });
    expect(keys.size()).toBe(0);
    await as({ cartToken: 'old' }).add({ name: 'x', idempotencyKey: KEY });
    expect(seen).toHaveLength(2);
  });
});

describe('where a key is optional', () => {
  it('a call without one runs each time, and one with a key once', async () => {
    const { as, seen } = setUp();
    const ada = as({ userId: 'ada' });
    await ada.add({ name: 'x' });
    await ada.add({ name: 'x' });
    await ada.add({ name: 'x', idempotencyKey: KEY });
    expect((await ada.add({ name: 'x', idempotencyKey: KEY })).id).toBe(3);
    expect(seen).toEqual(Array.from({ length: 3 }, () => ({ input: { name: 'x' } })));
  });
});

describe('when keys can not be kept', () => {
  const away = (): Error => Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });

  it('nothing is done, and the caller told to come back', async () => {
    const { as, seen } = setUp({ begin: () => Promise.reject(away()) });
    await expect(as({ userId: 'ada' }).make({ name: 'x', idempotencyKey: KEY })).rejects.toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
    });
    expect(seen).toEqual([]);
  });

  it('after the effect, the answer is given all the same', async () => {
    const claim = { keep: () => Promise.reject(away()), free: () => Promise.reject(away()) };
    const { as, lines, answerWith } = setUp({ begin: async () => ({ state: 'begun', claim }) });
    expect((await as({ userId: 'ada' }).make({ name: 'x', idempotencyKey: KEY })).id).toBe(1);
    answerWith(() => Promise.reject(new DomainError('CART_EMPTY')));
    await expect(as({ userId: 'ada' }).make({ name: 'x', idempotencyKey: KEY })).rejects.toThrow('CART_EMPTY');
    expect(lines.filter(({ level }) => level === 'warn')).toHaveLength(2);
  });
});
