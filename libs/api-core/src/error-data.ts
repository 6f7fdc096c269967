import type { TRPC_ERROR_CODE_KEY } from '@trpc/server';
import type { Reason, ReasonDetails } from '@cartwright/domain-errors';

/** What clients get in `error.data`. `details` are typed by `reason`; `fields` name the wrong inputs by their path. */
export type ErrorData = {
  code: TRPC_ERROR_CODE_KEY;
  httpStatus: number;
  reason: Reason;
  requestId: string;
  details?: ReasonDetails[Reason];
  fields?: Record<string, string[]>;
};
