import { createHash } from 'node:crypto';
import { ApiError } from '../core/api-error.ts';
import type { Context } from '../core/context.ts';
import { canonicalForm, type FormTree } from '../core/form-encoding.ts';
import type { KeptAnswer } from '../core/objects.ts';

/** Stripe may drop keys after a day; so does the stand-in. */
const KEEP_MS = 24 * 60 * 60 * 1000;

/** What makes two requests "the same" under one idempotency key. */
export function fingerprintOf(method: string, pathname: string, tree: FormTree): string {
  return createHash('sha256')
    .update(`${method} ${pathname} ${canonicalForm(tree)}`)
    .digest('hex');
}

/**
 * Kept answers by idempotency key, and the keys of requests that are running now.
 * Source of the rules: docs.stripe.com/api/idempotent_requests.
 */
export function createIdempotency(context: Context) {
  const running = new Set<string>();

  return {
    /** @returns the answer to replay, or null when the request is new; throws for other parameters or a running twin */
    begin(key: string, fingerprint: string): KeptAnswer | null {
      const kept = context.store.get('answers', key);
      if (kept && kept.created > context.nowMs() - KEEP_MS) {
        if (kept.fingerprint !== fingerprint) throw mismatch(key);
        return kept;
      }
      if (running.has(key)) {
        throw new ApiError(
          409,
          'idempotency_error',
          `There is currently another in-progress request using this Idempotent Key (that probably means you submitted twice, and the other request is still going through): ${key}. Please try again later.`,
          { code: 'idempotency_key_in_use' },
          false,
        );
      }
      running.add(key);
      return null;
    },

    /** Keeps the answer; called in the transaction of the request's own effects. */
    keep(key: string, answer: Omit<KeptAnswer, 'id' | 'created'>): void {
      context.store.put('answers', key, { id: key, created: context.nowMs(), ...answer });
    },

    end(key: string): void {
      running.delete(key);
    },

    /** Forgets keys that are older than a day. */
    prune(): void {
      context.store.transaction(() => {
        for (const answer of context.store.list('answers')) {
          if (answer.created <= context.nowMs() - KEEP_MS) context.store.remove('answers', answer.id);
        }
      });
    },
  };
}

export type Idempotency = ReturnType<typeof createIdempotency>;

function mismatch(key: string): ApiError {
  return new ApiError(
    400,
    'idempotency_error',
    `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`,
    {},
    false,
  );
}
