import superjson from 'superjson';
import { DomainError } from '@cartwright/domain-errors';
import { nameIntent, type Claim, type IdempotencyKeys, type Intent } from '@cartwright/platform-idempotency';
import { hashToken } from '@cartwright/platform-security';
import type { Principal, RequestContext } from './context.sealed.ts';
import { mayHaveHadEffect } from './error-shape.ts';
import { idempotencyKeyOf } from './inputs.ts';
import { contextOf, middleware } from './trpc.ts';

/** When a call should be repeated that found its intent being carried out. */
const RETRY_AFTER_SECONDS = 1;
/** Members of answers that are secrets: such an answer is kept nowhere. */
const SECRETS = ['cartToken', 'orderToken'];
/** Kept in the place of an answer when nobody knows whether the call had its effect; no answer is written so. */
const UNKNOWN = 'unknown';

/** Who may repeat an intent. A guest without any token can't be told from others: undefined. */
const callerOf = (ctx: RequestContext & { principal?: Principal | null }): string | undefined => {
  if (ctx.principal) return `user:${ctx.principal.userId}`;
  if (ctx.orderToken !== undefined) return `order:${hashToken(ctx.orderToken)}`;
  return ctx.cartToken === undefined ? undefined : `cart:${hashToken(ctx.cartToken)}`;
};

const holdsSecret = (answer: unknown): boolean =>
  typeof answer === 'object' && answer !== null && SECRETS.some((name) => Object.hasOwn(answer, name));

interface Outcome {
  readonly ok: boolean;
  readonly data?: unknown;
  readonly error?: unknown;
}
interface Conditions {
  readonly ctx: RequestContext;
  /** Whether the effect writes a record of its own, in its transaction. */
  readonly isRecorded: boolean;
}

const keyAndInputOf = (ctx: RequestContext, given: unknown) => {
  const { idempotencyKey, ...input } = given as { idempotencyKey?: string | undefined };
  return { key: idempotencyKeyOf(ctx, { idempotencyKey }), input };
};

/**
 * What makes repetitions of a mutation have one effect. A procedure takes its input by `withIdempotency(schema)` and then
 * uses one of these; all hand on the input without the key:
 *
 * - `required`: IDEMPOTENCY_KEY_REQUIRED without a key; `ctx.intent` is there for the effect's own record.
 * - `recorded`: as `required` with a key; a call without one runs as any other, and `ctx.intent` is undefined.
 * - `optional`: a call without a key runs as any other.
 *
 * The same key and input answer what was answered before; other input is IDEMPOTENCY_KEY_REUSED; a call that is still
 * running is IDEMPOTENCY_IN_PROGRESS with the seconds to wait. A refusal frees the key: it has changed nothing. So does a
 * failure where the effect has a record of its own, which a repetition finds; where it has none (`optional`), a failure that
 * may have come after the effect makes repetitions IDEMPOTENCY_OUTCOME_UNKNOWN, lest they do it twice. While Redis is away
 * a keyed call is SERVICE_UNAVAILABLE, with nothing done. Never for secrets (sign-in, second factors).
 */
export const createIdempotency = ({ keys }: { keys: IdempotencyKeys }) => {
  /** Claims the intent; or answers what it was answered with. */
  const begin = async (intent: Intent): Promise<{ claim: Claim } | { answer: unknown }> => {
    const begun = await keys.begin(intent);
    switch (begun.state) {
      case 'begun':
        return { claim: begun.claim };
      case 'answered':
        if (begun.answer === UNKNOWN) throw new DomainError('IDEMPOTENCY_OUTCOME_UNKNOWN');
        return { answer: superjson.parse(begun.answer) };
      case 'running':
        throw new DomainError('IDEMPOTENCY_IN_PROGRESS', { retryAfterSeconds: RETRY_AFTER_SECONDS });
      case 'reused':
        throw new DomainError('IDEMPOTENCY_KEY_REUSED');
    }
  };

  /**
   * What was done stands, whether or not Redis takes note of it: a repetition then finds the effect's own record, once
   * the lease has ended.
   */
  const settle = async (claim: Claim, outcome: Outcome, { ctx, isRecorded }: Conditions): Promise<void> => {
    try {
      if (!outcome.ok && !isRecorded && mayHaveHadEffect(outcome.error)) await claim.keep(UNKNOWN);
      else if (!outcome.ok || holdsSecret(outcome.data)) await claim.free();
      else if (!(await claim.keep(superjson.stringify(outcome.data)))) {
        ctx.logger.warn({ requestId: ctx.requestId }, 'a keyed call lasted longer than its claim');
      }
    } catch (error) {
      ctx.logger.warn({ err: error, requestId: ctx.requestId }, 'the end of a keyed call could not be noted');
    }
  };

  const once = async <Result extends Outcome>(
    intent: Intent,
    conditions: Conditions,
    run: () => Promise<Result>,
  ): Promise<Result> => {
    const begun = await begin(intent);
    // The shape of a middleware's result; tRPC has no public way to answer without the procedure.
    if ('answer' in begun) return { ok: true, data: begun.answer } as unknown as Result;
    const result = await run();
    await settle(begun.claim, result, conditions);
    return result;
  };

  const intentOf = (
    ctx: RequestContext,
    { path, key, input }: { path: string; key: string; input: object },
  ): Intent => {
    const caller = callerOf(ctx);
    if (caller === undefined) throw new DomainError('UNAUTHENTICATED');
    return nameIntent({ caller, procedure: path, key, input });
  };

  const required = middleware(async ({ ctx: raw, path, input: given, next }) => {
    const ctx = contextOf(raw);
    const { key, input } = keyAndInputOf(ctx, given);
    if (key === undefined) throw new DomainError('IDEMPOTENCY_KEY_REQUIRED');
    const intent = intentOf(ctx, { path, key, input });
    return once(intent, { ctx, isRecorded: true }, () => next({ ctx: { intent }, input }));
  });

  const recorded = middleware(async ({ ctx: raw, path, input: given, next }) => {
    const ctx = contextOf(raw);
    const { key, input } = keyAndInputOf(ctx, given);
    const intent: Intent | undefined = key === undefined ? undefined : intentOf(ctx, { path, key, input });
    const run = () => next({ ctx: { intent }, input });
    return intent ? once(intent, { ctx, isRecorded: true }, run) : run();
  });

  const optional = middleware(async ({ ctx: raw, path, input: given, next }) => {
    const ctx = contextOf(raw);
    const { key, input } = keyAndInputOf(ctx, given);
    const caller = callerOf(ctx);
    // A guest's first call makes something new that only its answer names: when that is lost, nobody has it.
    if (key === undefined || caller === undefined) return next({ input });
    const intent = nameIntent({ caller, procedure: path, key, input });
    return once(intent, { ctx, isRecorded: false }, () => next({ input }));
  });

  return { required, recorded, optional };
};

export type Idempotency = ReturnType<typeof createIdempotency>;
