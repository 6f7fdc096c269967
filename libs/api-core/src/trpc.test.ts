import { callProcedure } from '@trpc/server/unstable-core-do-not-import';
import { getErrorShape } from '@trpc/server/unstable-core-do-not-import';
import { TRPCError, isTrackedEnvelope, tracked } from '@trpc/server';
import { collectingAudit } from '@cartwright/testkit';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { DomainError, notFound } from '@cartwright/domain-errors';
import type { Principal, RequestContext } from './context.sealed.ts';
import type { ErrorData } from './error-data.ts';
import { readGuardedInput } from './input-guard.ts';
import { idempotencyKeyOf, resumable, withIdempotency } from './inputs.ts';
import {
  authedProcedure,
  identifiedProcedure,
  publicProcedure,
  requirePermission,
  requireStepUp,
  router,
} from './trpc.ts';

const customer: Principal = {
  userId: 'u1',
  sessionId: 's1',
  role: 'customer',
  emailVerified: false,
  stepUpUntil: null,
};
const logs: unknown[] = [];
const audit = collectingAudit();

const contextFor = (authenticate: () => Promise<Principal | null>): RequestContext => {
  const write = (facts: unknown): void => void logs.push(facts);
  const logger = { debug: write, info: write, warn: write, error: write, child: () => logger };
  return {
    requestId: 'r1',
    ip: '203.0.113.1',
    userAgent: 'test',
    transport: 'ws',
    authenticate,
    audit,
    logger: logger as unknown as RequestContext['logger'],
  };
};
const guest = contextFor(async () => null);
const signedIn = contextFor(async () => customer);

const app = router({
  greet: publicProcedure
    .input(z.strictObject({ name: z.string().min(2) }))
    .output(z.object({ text: z.string() }))
    .query(({ input }) => ({ text: `hello ${input.name}` })),
  broken: publicProcedure.output(z.object({})).query(() => {
    throw new Error('connect to mongodb://secret');
  }),
  wrongOutput: publicProcedure
    .output(z.object({ a: z.number() }))
    .query(() => ({ a: 'x' }) as unknown as { a: number }),
  missing: publicProcedure.query(() => {
    throw notFound('order');
  }),
  soldOut: publicProcedure.mutation(() => {
    throw new DomainError('OUT_OF_STOCK', { lines: [{ variantId: 'v1', requested: 2, available: 1 }] });
  }),
  redisAway: publicProcedure.query(() => {
    throw Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:6379'), { code: 'ECONNREFUSED' });
  }),
  mine: authedProcedure.query(({ ctx }) => ctx.principal.userId),
  perhaps: identifiedProcedure.query(({ ctx }) => ctx.principal?.userId ?? 'guest'),
  admin: requirePermission('users.manage').query(() => 'yes'),
  dangerous: authedProcedure.use(requireStepUp).query(() => 'done'),
  ticks: publicProcedure.input(resumable(z.strictObject({ fail: z.boolean() }))).subscription(({ input }) =>
    (async function* () {
      yield tracked('1', { at: 1 });
      if (input.fail) throw new DomainError('SESSION_REVOKED');
      throw new Error('connect to mongodb://secret');
    })(),
  ),
});

const call = async (path: string, input?: unknown, ctx: RequestContext = guest): Promise<unknown> => {
  const type = path === 'ticks' ? 'subscription' : path === 'soldOut' ? 'mutation' : 'query';
  return callProcedure({
    router: app,
    path,
    type,
    ctx,
    getRawInput: async () => input,
    signal: undefined,
    batchIndex: 0,
  });
};

const shapeOf = (error: unknown, ctx: RequestContext = guest): { message: string; data: ErrorData } => {
  if (!(error instanceof TRPCError)) throw error;
  return getErrorShape({ config: app._def._config, error, type: 'query', path: 'x', input: undefined, ctx });
};

const failureOf = async (path: string, input?: unknown, ctx: RequestContext = guest): Promise<ErrorData> => {
  try {
    await call(path, input, ctx);
  } catch (error) {
    return shapeOf(error, ctx).data;
  }
  throw new Error('did not fail');
};

describe('errors', () => {
  it('name wrong fields', async () => {
    expect(await call('greet', { name: 'Ada' })).toEqual({ text: 'hello Ada' });
    expect(await failureOf('greet', { name: 'A', more: 1 })).toMatchObject({
      code: 'BAD_REQUEST',
      httpStatus: 400,
      reason: 'INVALID_INPUT',
      requestId: 'r1',
      fields: { name: [expect.any(String)], '': [expect.any(String)] },
    });
  });

  it('are refused inputs of the guard', async () => {
    const refused = readGuardedInput({ json: { a: { constructor: 1 } } });
    expect(await failureOf('greet', refused)).toMatchObject({ code: 'BAD_REQUEST', reason: 'INVALID_INPUT' });
    // As tRPC does it for subscriptions over a WebSocket.
    expect(await failureOf('ticks', { ...(refused as object), lastEventId: 'x' })).toMatchObject({
      code: 'BAD_REQUEST',
    });
  });

  it('mask what nobody expected, and log it', async () => {
    logs.length = 0;
    const data = await failureOf('broken');
    expect(data).toEqual({ code: 'INTERNAL_SERVER_ERROR', httpStatus: 500, reason: 'INTERNAL', requestId: 'r1' });
    expect(logs).toEqual([
      expect.objectContaining({ err: expect.objectContaining({ message: expect.stringContaining('secret') }) }),
    ]);
    expect(await failureOf('wrongOutput')).toMatchObject({ reason: 'INTERNAL' });
    const shape = await call('broken').catch((error: unknown) => shapeOf(error));
    expect(JSON.stringify(shape)).not.toMatch(/secret|stack/);
  });

  it('keep the reason and details of broken rules', async () => {
    expect(await failureOf('missing')).toMatchObject({ code: 'NOT_FOUND', httpStatus: 404, reason: 'NOT_FOUND' });
    expect(await failureOf('soldOut')).toMatchObject({
      code: 'CONFLICT',
      reason: 'OUT_OF_STOCK',
      details: { lines: [{ variantId: 'v1', requested: 2, available: 1 }] },
    });
  });

  it('say when a store is away', async () => {
    expect(await failureOf('redisAway')).toMatchObject({ httpStatus: 503, reason: 'SERVICE_UNAVAILABLE' });
  });
});

describe('a request that the host refuses', () => {
  it('runs no call', async () => {
    const ctx = { ...signedIn, refusal: new DomainError('RATE_LIMITED', { retryAfterSeconds: 3 }) };
    expect(await failureOf('mine', undefined, ctx)).toMatchObject({
      httpStatus: 429,
      reason: 'RATE_LIMITED',
      requestId: 'r1',
      details: { retryAfterSeconds: 3 },
    });
  });
});

describe('who may call', () => {
  const revoked = contextFor(async () => {
    throw new DomainError('SESSION_REVOKED');
  });

  it('tells guests, ended sessions and users apart', async () => {
    expect(await failureOf('mine')).toMatchObject({ httpStatus: 401, reason: 'UNAUTHENTICATED' });
    expect(await failureOf('mine', undefined, revoked)).toMatchObject({ httpStatus: 401, reason: 'SESSION_REVOKED' });
    expect(await call('mine', undefined, signedIn)).toBe('u1');
    expect(await call('perhaps')).toBe('guest');
    expect(await failureOf('perhaps', undefined, revoked)).toMatchObject({ reason: 'SESSION_REVOKED' });
  });

  it('asks for permissions', async () => {
    expect(await failureOf('dangerous', undefined, signedIn)).toMatchObject({
      httpStatus: 403,
      reason: 'STEP_UP_REQUIRED',
    });
    expect(await failureOf('admin', undefined, signedIn)).toMatchObject({ httpStatus: 403, reason: 'FORBIDDEN' });
    const admin = contextFor(async () => ({ ...customer, role: 'admin' }));
    expect(await call('admin', undefined, admin)).toBe('yes');
  });

  it('asks for a step-up that still holds, and for the session as it is now', async () => {
    const asked: unknown[] = [];
    const steppedUp = (stepUpUntil: Date | null): RequestContext => ({
      ...signedIn,
      authenticate: async (options) => {
        asked.push(options);
        return { ...customer, stepUpUntil };
      },
    });
    const [past, soon] = [new Date(Date.now() - 1), new Date(Date.now() + 60_000)];
    expect(await failureOf('dangerous', undefined, steppedUp(past))).toMatchObject({ reason: 'STEP_UP_REQUIRED' });
    expect(await call('dangerous', undefined, steppedUp(soon))).toBe('done');
    expect(asked.at(-1)).toEqual({ fresh: true });
  });
});

describe('subscriptions', () => {
  const follow = async (fail: boolean, ctx = guest): Promise<{ ids: string[]; failure: ErrorData }> => {
    const ids: string[] = [];
    try {
      for await (const item of (await call('ticks', { fail }, ctx)) as AsyncIterable<unknown>) {
        if (isTrackedEnvelope(item)) ids.push(item[0]);
      }
    } catch (error) {
      return { ids, failure: shapeOf(error).data };
    }
    throw new Error('did not fail');
  };

  it('map errors thrown in their stream', async () => {
    expect(await follow(true)).toMatchObject({ ids: ['1'], failure: { reason: 'SESSION_REVOKED', httpStatus: 401 } });
  });

  it('run over sockets alone, which are closed when their session ends', async () => {
    expect(await failureOf('ticks', { fail: false }, { ...guest, transport: 'http' })).toMatchObject({
      httpStatus: 405,
    });
  });

  it('are counted while they run', async () => {
    let running = 0;
    const openSubscription = () => {
      running += 1;
      return () => {
        running -= 1;
      };
    };
    const stream = (await call('ticks', { fail: false }, { ...guest, openSubscription })) as AsyncGenerator;
    expect(running).toBe(0);
    await stream.next();
    expect(running).toBe(1);
    await stream.return(undefined);
    expect(running).toBe(0);
  });

  it('are refused when there are too many', async () => {
    const openSubscription = () => {
      throw new DomainError('RATE_LIMITED', { retryAfterSeconds: 1 });
    };
    expect(await follow(false, { ...guest, openSubscription })).toMatchObject({
      ids: [],
      failure: { reason: 'RATE_LIMITED' },
    });
  });

  it('mask what nobody expected in their stream', async () => {
    expect(await follow(false)).toMatchObject({ ids: ['1'], failure: { reason: 'INTERNAL' } });
  });
});

describe('idempotency keys', () => {
  const schema = withIdempotency(z.strictObject({ a: z.number() }));
  const key = 'k'.repeat(16);

  it('come as a field or in a header, the field winning', () => {
    expect(schema.parse({ a: 1, idempotencyKey: key })).toEqual({ a: 1, idempotencyKey: key });
    expect(schema.safeParse({ a: 1, idempotencyKey: 'short' }).success).toBe(false);
    expect(schema.safeParse({ a: 1, b: 2 }).success).toBe(false);
    expect(idempotencyKeyOf({ idempotencyKeyHeader: 'h'.repeat(16) }, { idempotencyKey: key })).toBe(key);
    expect(idempotencyKeyOf({ idempotencyKeyHeader: 'h'.repeat(16) }, {})).toBe('h'.repeat(16));
    expect(() => idempotencyKeyOf({ idempotencyKeyHeader: 'ü' }, {})).toThrow('INVALID_INPUT');
  });
});
