import { requirePermission, router, withIdempotency, type Idempotency } from '@cartwright/api-core';
import type { QuarantineDesk } from './quarantine-desk.ts';
import {
  listQuarantineInput,
  listQuarantineOutput,
  resolveQuarantineInput,
  resolveQuarantineOutput,
} from './quarantine.contracts.ts';

/** `admin.orders.quarantine.*` */
export function createQuarantineRouter({
  quarantine,
  idempotency,
}: {
  quarantine: QuarantineDesk;
  idempotency: Idempotency;
}) {
  return router({
    list: requirePermission('payments.resolve')
      .input(listQuarantineInput)
      .output(listQuarantineOutput)
      .query(({ input }) => quarantine.list(input)),
    resolve: requirePermission('payments.resolve', { target: { kind: 'payment', field: 'id' }, fields: ['action'] })
      .input(withIdempotency(resolveQuarantineInput))
      .use(idempotency.optional)
      .output(resolveQuarantineOutput)
      .mutation(({ ctx, input }) => quarantine.resolve(input, ctx.principal.userId)),
  });
}
