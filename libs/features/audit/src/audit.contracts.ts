import { idSchema, pageInput, pageOf } from '@cartwright/api-core';
import { z } from 'zod';

export const auditOutcomeSchema = z.enum(['ok', 'refused', 'unknown']);
const actionSchema = z
  .string()
  .trim()
  .regex(/^[A-Za-z]+(\.[A-Za-z_]+){1,5}$/)
  .max(100);

/** Who did it, with what the shop knows of them now. */
const actorSchema = z.object({
  kind: z.enum(['user', 'system', 'guest']),
  id: z.string().optional(),
  name: z.string().optional(),
  email: z.string().optional(),
});

export const auditEntrySchema = z.object({
  id: z.string(),
  at: z.date(),
  /** A procedure's path for what administrators did, else a fact like `login.failed`. */
  action: z.string(),
  actor: actorSchema,
  /** `name` is there for users that are known. */
  target: z.object({ kind: z.string(), id: z.string(), name: z.string().optional() }).optional(),
  /** `unknown`: it was begun and whether it was done is not known. */
  outcome: auditOutcomeSchema,
  ip: z.string().optional(),
  userAgent: z.string().optional(),
  sessionId: z.string().optional(),
  requestId: z.string().optional(),
  details: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.date(), z.array(z.string()).readonly()]))
    .optional(),
});

/** All filters together; `from` is included and `to` is not. */
export const listAuditInput = z.strictObject({
  actorId: idSchema.optional(),
  action: actionSchema.optional(),
  targetId: idSchema.optional(),
  outcome: auditOutcomeSchema.optional(),
  from: z.date().optional(),
  to: z.date().optional(),
  ...pageInput,
});
export const listAuditOutput = pageOf(auditEntrySchema);

export type AuditEntryDto = z.infer<typeof auditEntrySchema>;
export type ListAuditInput = z.output<typeof listAuditInput>;
