import { createCallerFactory, createIdempotency, type RequestContext } from '@cartwright/api-core';
import { newId } from '@cartwright/platform-mongo';
import { collectingAudit, collectingLogger, memoryIdempotencyKeys } from '@cartwright/testkit';
import { expect, it } from 'vitest';
import type { QuarantineDesk } from './quarantine-desk.ts';
import { createQuarantineRouter } from './quarantine.router.ts';

it('money that is set aside is dealt with once for a key, by ids as long as those of the provider', async () => {
  const calls: unknown[] = [];
  const quarantine: QuarantineDesk = {
    list: async () => ({ items: [], nextCursor: null }),
    async resolve({ id }) {
      calls.push(id);
      return { id };
    },
  };
  const context: RequestContext = {
    ...{ requestId: 'r', ip: '127.0.0.1', userAgent: 'test', transport: 'http' },
    authenticate: async () => ({
      ...{ userId: 'u1', sessionId: 's', role: 'admin', emailVerified: true, stepUpUntil: null },
    }),
    audit: collectingAudit(),
    logger: collectingLogger().logger,
  };
  const idempotency = createIdempotency({ keys: memoryIdempotencyKeys() });
  const desk = createCallerFactory(createQuarantineRouter({ quarantine, idempotency }))(context);
  const input = { id: `cs_live_${'a'.repeat(58)}`, action: 'settled' } as const;
  const idempotencyKey = newId();
  expect(await desk.resolve({ ...input, idempotencyKey })).toEqual({ id: input.id });
  expect(await desk.resolve({ ...input, idempotencyKey })).toEqual({ id: input.id });
  expect(calls).toEqual([input.id]);
  await desk.resolve(input);
  expect(calls).toHaveLength(2);
});
