import { TRPCClientError } from '@trpc/client';
import type { AppRouter } from './app-router.ts';
import type { StoredUser } from './storage.ts';

export const user: StoredUser = {
  id: 'u1',
  email: 'ada@example.test',
  name: 'Ada',
  role: 'customer',
  emailVerified: true,
  createdAt: new Date(0),
};

/** The server's refusal of a call for this reason, as tRPC hands it on. */
export const refusal = (reason: string) =>
  TRPCClientError.from<AppRouter>({
    error: { code: -32001, message: reason, data: { code: 'UNAUTHORIZED', reason, requestId: 'r' } },
  } as unknown as Parameters<typeof TRPCClientError.from<AppRouter>>[0]);
