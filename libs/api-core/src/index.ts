export type { AuditDetails, AuditEntry, AuditResult, AuditTrail } from './audit.sealed.ts';
export * from './common.contracts.ts';
export { exportStatusInput, exportStatusSchema } from './exports.contracts.ts';
export type { AnswerFacts, Principal, RequestContext } from './context.sealed.ts';
export { errorFactsOf, retryAfterSecondsOf, toTRPCError } from './error-shape.ts';
export type { ErrorData } from './error-data.ts';
export { createFeed } from './feed.ts';
export type { Feed, FeedRequest, FeedSign, FeedStreams } from './feed.ts';
export type { AuditOptions } from './recorded.ts';
export { createSubscriptionLimits, sharedKeyRefusal } from './for-hosts.ts';
export { createCallLimit } from './call-limits.ts';
export type { CallLimit } from './call-limits.ts';
export { createIdempotency } from './idempotency.ts';
export type { Idempotency } from './idempotency.ts';
export { resumable, withIdempotency } from './inputs.ts';
export {
  MAX_BATCH_SIZE,
  authedProcedure,
  createCallerFactory,
  identifiedProcedure,
  mergeRouters,
  publicProcedure,
  requirePermission,
  requireStepUp,
  router,
} from './trpc.ts';
export type { ProcedureMeta } from './trpc.ts';
