import type { Begun, IdempotencyKeys, Intent } from '@cartwright/platform-idempotency';

/** Idempotency keys in memory, for unit tests of procedures: claims last until they are settled. */
export const memoryIdempotencyKeys = (): IdempotencyKeys & { size(): number } => {
  const entries = new Map<string, { fingerprint: string; answer?: string }>();
  return {
    size: () => entries.size,
    begin: async ({ id, fingerprint }: Intent): Promise<Begun> => {
      const entry = entries.get(id);
      if (entry && entry.fingerprint !== fingerprint) return { state: 'reused' };
      if (entry?.answer !== undefined) return { state: 'answered', answer: entry.answer };
      if (entry) return { state: 'running' };
      entries.set(id, { fingerprint });
      return {
        state: 'begun',
        claim: {
          keep: async (answer) => {
            entries.set(id, { fingerprint, answer });
            return true;
          },
          free: async () => void entries.delete(id),
        },
      };
    },
  };
};
