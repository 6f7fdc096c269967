import { TRPCError, initTRPC } from '@trpc/server';
import { getHTTPStatusCodeFromError } from '@trpc/server/http';
import { TRPC_ERROR_CODES_BY_KEY } from '@trpc/server/rpc';
import type { TRPCErrorShape } from '@trpc/server/rpc';
import { DomainError, invalidInput } from '@cartwright/domain-errors';
import { can } from '@cartwright/domain-permissions';
import type { Permission } from '@cartwright/domain-permissions';
import type { Principal, RequestContext } from './context.sealed.ts';
import { errorFactsOf, isUnexpected, toTRPCError } from './error-shape.ts';
import type { ErrorData } from './error-data.ts';
import { recorded, type AuditOptions } from './recorded.ts';
import { guardedTransformer, rejectionOf } from './input-guard.ts';

/** Calls in one HTTP batch; hosts hand it to their adapter as `maxBatchSize`. */
export const MAX_BATCH_SIZE = 20;

/** What hosts have to know of a procedure. */
export interface ProcedureMeta {
  /** The answer is the same for everybody: it may be kept, for so many milliseconds, until the catalog changes. */
  cache?: { keepMs: number };
}

// The context is typed away here, so that the published router type holds no server types; the first middleware of every
// procedure gives it its type back.
const t = initTRPC
  .context<object>()
  .meta<ProcedureMeta>()
  .create({
    transformer: guardedTransformer,
    isDev: false,
    errorFormatter: ({ error, ctx }): TRPCErrorShape<ErrorData> => {
      const mapped = toTRPCError(error);
      const facts = errorFactsOf(mapped);
      const requestId = (ctx as RequestContext | undefined)?.requestId ?? '';
      return {
        // The message repeats the reason: other texts could carry parts of the input or of a driver's error.
        message: facts.reason,
        code: TRPC_ERROR_CODES_BY_KEY[mapped.code],
        data: { code: mapped.code, httpStatus: getHTTPStatusCodeFromError(mapped), requestId, ...facts },
      };
    },
  });

/** Gives the context of a middleware its type back. */
export const contextOf = (ctx: object): RequestContext => ctx as RequestContext;

const isAsyncIterable = (value: unknown): value is AsyncIterable<unknown> =>
  typeof value === 'object' && value !== null && Symbol.asyncIterator in value;

const logged = (error: TRPCError, ctx: RequestContext, path: string): TRPCError => {
  if (isUnexpected(error))
    ctx.logger.error({ err: error.cause ?? error, path, requestId: ctx.requestId }, 'call failed');
  else if (error.code === 'SERVICE_UNAVAILABLE') {
    ctx.logger.warn({ err: error.cause, path, requestId: ctx.requestId }, 'call refused: a service is away');
  }
  return error;
};

/**
 * Errors inside of a running subscription pass no middleware: its stream is wrapped, and counted from its first item on
 * while it runs.
 */
const withMappedErrors = (source: AsyncIterable<unknown>, ctx: RequestContext, path: string) => {
  let iterator: AsyncIterator<unknown> | undefined;
  let leave: (() => void) | undefined;
  const end = (): void => {
    leave?.();
    leave = undefined;
  };
  const fail = (error: unknown): never => {
    end();
    throw logged(toTRPCError(error), ctx, path);
  };
  return {
    next: async (): Promise<IteratorResult<unknown, undefined>> => {
      try {
        if (!iterator) {
          leave = ctx.openSubscription?.();
          iterator = source[Symbol.asyncIterator]();
        }
        const result = await iterator.next();
        if (!result.done) return result;
        end();
        return { done: true, value: undefined };
      } catch (error) {
        return fail(error);
      }
    },
    return: async (): Promise<IteratorResult<unknown, undefined>> => {
      await iterator?.return?.();
      end();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
};

const guarded = t.middleware(async ({ ctx: raw, path, type, getRawInput, next }) => {
  const ctx = contextOf(raw);
  if (ctx.refusal) throw toTRPCError(ctx.refusal);
  if (type === 'subscription' && ctx.transport === 'http') throw new TRPCError({ code: 'METHOD_NOT_SUPPORTED' });
  const why = rejectionOf(await getRawInput());
  if (why !== undefined) {
    throw new TRPCError({
      code: 'BAD_REQUEST',
      message: 'INVALID_INPUT',
      cause: invalidInput(`The input is refused: ${why}`),
    });
  }
  const result = await next({ ctx });
  if (!result.ok) throw logged(toTRPCError(result.error), ctx, path);
  return isAsyncIterable(result.data) ? { ...result, data: withMappedErrors(result.data, ctx, path) } : result;
});

const authenticated = t.middleware(async ({ ctx: raw, next }) => {
  const { authenticate } = contextOf(raw);
  const stillAllowed = async (): Promise<void> => {
    if (!(await authenticate())) throw new DomainError('UNAUTHENTICATED');
  };
  const principal: Principal | null = await authenticate();
  if (!principal) throw new DomainError('UNAUTHENTICATED');
  return next({ ctx: { principal, stillAllowed } });
});

const identified = t.middleware(async ({ ctx: raw, next }) => {
  const { authenticate } = contextOf(raw);
  const principal: Principal | null = await authenticate();
  const stillAllowed = async (): Promise<void> => void (await authenticate());
  return next({ ctx: { principal, ...(principal ? { stillAllowed } : {}) } });
});

export const middleware = t.middleware;
export const router = t.router;
export const mergeRouters = t.mergeRouters;
/** For tests: calls procedures without a transport. */
export const createCallerFactory = t.createCallerFactory;

/** Open to everybody; who calls is not looked at. */
export const publicProcedure = t.procedure.use(guarded);

/** Open to everybody; `ctx.principal` is null for guests. A bad token is refused all the same, so that clients refresh it. */
export const identifiedProcedure = publicProcedure.use(identified);

/** For signed-in users: UNAUTHENTICATED without a valid token, SESSION_REVOKED when its session has ended. */
export const authedProcedure = publicProcedure.use(authenticated);

/**
 * For users whose role has the permission; FORBIDDEN for others. What they change by it stands in the audit log, and so
 * does what they read of people, where `audit` says that it is that: see `recorded`.
 */
export const requirePermission = (permission: Permission, audit: AuditOptions = {}) =>
  authedProcedure
    .use(({ ctx, next }) => {
      const check = (principal: Principal | null): void => {
        if (!principal || !can(principal.role, permission)) throw new DomainError('FORBIDDEN');
      };
      check(ctx.principal);
      const stillAllowed = async (): Promise<void> => check(await ctx.authenticate());
      return next({ ctx: { stillAllowed } });
    })
    .use(async ({ ctx, path, type, getRawInput, next }) =>
      recorded({ ctx, path, type, input: await getRawInput(), audit, run: () => next() }),
    );

/**
 * For dangerous actions, after a procedure that asks for a user: STEP_UP_REQUIRED unless password or code was given in
 * this session a short while ago. The session is read anew: a step-up made on another instance counts at once.
 */
export const requireStepUp = t.middleware(async ({ ctx: raw, next }) => {
  const principal = await contextOf(raw).authenticate({ fresh: true });
  if (!principal?.stepUpUntil || principal.stepUpUntil <= new Date()) throw new DomainError('STEP_UP_REQUIRED');
  return next();
});
