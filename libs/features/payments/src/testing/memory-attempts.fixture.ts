import type { PaymentAttemptRepository } from '../payment-attempt-repository.ts';
import { COMPLETED_STATUSES, type PaymentAttempt } from '../payment.ts';

/** The repository of attempts without a database, under the same rules. */
export function createMemoryAttempts(): PaymentAttemptRepository & { all(): PaymentAttempt[] } {
  const attempts = new Map<string, PaymentAttempt>();
  const isActive = ({ status }: PaymentAttempt): boolean => status === 'starting' || status === 'open';
  const find = (matches: (attempt: PaymentAttempt) => boolean) => [...attempts.values()].find(matches) ?? null;
  return {
    all: () => [...attempts.values()],
    byId: async (id) => attempts.get(id) ?? null,
    activeOf: async (orderId) => find((attempt) => attempt.orderId === orderId && isActive(attempt)),
    completedOf: async (orderId) =>
      find((attempt) => attempt.orderId === orderId && COMPLETED_STATUSES.includes(attempt.status)),
    lastNumber: async (orderId) =>
      Math.max(0, ...[...attempts.values()].filter((row) => row.orderId === orderId).map((row) => row.number)),
    async insert(attempt) {
      if (find((other) => other.orderId === attempt.orderId && isActive(other))) return false;
      attempts.set(attempt.id, attempt);
      return true;
    },
    async open(id, answer, now) {
      const attempt = attempts.get(id);
      if (attempt?.status !== 'starting') return false;
      attempts.set(id, { ...attempt, ...answer, status: 'open', updatedAt: now });
      return true;
    },
    async move({ id, from, to, sessionId, problem, at }) {
      const attempt = attempts.get(id);
      if (!attempt || !from.includes(attempt.status)) return false;
      const changes = { ...(sessionId ? { sessionId } : {}), ...(problem ? { problem } : {}) };
      attempts.set(id, { ...attempt, ...changes, status: to, updatedAt: at });
      return true;
    },
    async endQuarantined({ orderId, attemptId }, at) {
      for (const attempt of attempts.values()) {
        if (attempt.orderId !== orderId || attempt.status !== 'quarantined') continue;
        if (attemptId !== undefined && attempt.id !== attemptId) continue;
        attempts.set(attempt.id, { ...attempt, status: 'failed', updatedAt: at });
      }
    },
    stale: async ({ before }, limit) =>
      [...attempts.values()]
        .filter((row) => (isActive(row) || row.status === 'processing') && row.updatedAt < before)
        .slice(0, limit),
    markOverdue: async () => null,
    async endPage(orderId, at) {
      for (const attempt of attempts.values())
        if (attempt.orderId === orderId && attempt.status === 'open')
          attempts.set(attempt.id, { ...attempt, expiresAt: at });
    },
    async touch(id, now) {
      const attempt = attempts.get(id);
      if (attempt) attempts.set(id, { ...attempt, updatedAt: now });
    },
  };
}
