import { isDomainError } from '@cartwright/domain-errors';
import type { AuditDetails, AuditEntry, AuditResult } from './audit.sealed.ts';
import type { Principal, RequestContext } from './context.sealed.ts';
import { errorFactsOf, isUnexpected, toTRPCError } from './error-shape.ts';

/** What the audit log needs to know of a procedure. */
export type AuditOptions = {
  /** A query that answers what the shop knows of people: reading it is recorded too. */
  readonly personal?: boolean;
  /** The input field with the id of what the call is about, and what that is. */
  readonly target?: { readonly kind: string; readonly field: string };
  /** Input fields worth keeping: choices, dates, counts and ids, also lists of them; nothing that somebody wrote or that tells who somebody is. */
  readonly fields?: readonly string[];
  /** Fields of a mutation's answer worth keeping in the same sense: the id of what it made. */
  readonly answers?: readonly string[];
};

const TEXT_MAX = 100;
const LIST_MAX = 100;

const isShort = (value: unknown): value is string => typeof value === 'string' && value.length <= TEXT_MAX;

const isKept = (value: unknown): value is AuditDetails[string] =>
  isShort(value) ||
  typeof value === 'number' ||
  typeof value === 'boolean' ||
  value instanceof Date ||
  (Array.isArray(value) && value.length <= LIST_MAX && value.every(isShort));

/** The input is looked at before it is parsed, so that refused calls are recorded too: whatever it is. */
const fieldOf = (input: unknown, name: string): unknown =>
  typeof input === 'object' && input !== null && Object.hasOwn(input, name)
    ? (input as Record<string, unknown>)[name]
    : undefined;

function detailsOf(source: unknown, fields: readonly string[]): { details?: AuditDetails } {
  const kept: [string, AuditDetails[string]][] = [];
  for (const name of fields) {
    const value = fieldOf(source, name);
    if (isKept(value)) kept.push([name, value]);
  }
  return kept.length === 0 ? {} : { details: Object.fromEntries(kept) };
}

function targetOf(input: unknown, target: AuditOptions['target']): Pick<AuditEntry, 'target'> {
  const id = target && fieldOf(input, target.field);
  return target && typeof id === 'string' && id.length <= TEXT_MAX ? { target: { kind: target.kind, id } } : {};
}

/** A refusal changed nothing; after a failure of ours, or of a store, nobody knows. */
function resultOf(error: unknown): AuditResult {
  const mapped = toTRPCError(error);
  const { reason } = errorFactsOf(mapped);
  const isKnown = !isUnexpected(mapped) && !isDomainError(mapped.cause, 'SERVICE_UNAVAILABLE');
  return { outcome: isKnown ? 'refused' : 'unknown', details: { reason } };
}

/**
 * Runs a call of somebody with special rights and records it. A mutation is noted before it runs, so that one that
 * happened can't go unrecorded; a query of personal data is answered only once it is recorded, also when it
 * finds nothing. Rejects when the audit log
 * can't be written.
 */
export async function recorded<Result extends { ok: true; data: unknown } | { ok: false; error: unknown }>(call: {
  ctx: Pick<RequestContext, 'audit' | 'ip' | 'userAgent' | 'requestId'> & { principal: Principal };
  path: string;
  type: 'query' | 'mutation' | 'subscription';
  input: unknown;
  audit: AuditOptions;
  run: () => Promise<Result>;
}): Promise<Result> {
  const { ctx, path, type, input, audit, run } = call;
  if (type !== 'mutation' && audit.personal !== true) return run();
  const { principal, ip, userAgent, requestId } = ctx;
  const facts = {
    action: path,
    actor: { kind: 'user', id: principal.userId } as const,
    ...targetOf(input, audit.target),
    ...{ ip, userAgent, requestId, sessionId: principal.sessionId },
    ...detailsOf(input, audit.fields ?? []),
  };
  if (type !== 'mutation') {
    const result = await run();
    const { outcome, details }: AuditResult = result.ok ? { outcome: 'ok' } : resultOf(result.error);
    const all = { ...facts.details, ...details };
    await ctx.audit.append({ ...facts, outcome, ...(Object.keys(all).length === 0 ? {} : { details: all }) });
    return result;
  }
  const finish = await ctx.audit.begin(facts);
  const result = await run();
  await finish(result.ok ? { outcome: 'ok', ...detailsOf(result.data, audit.answers ?? []) } : resultOf(result.error));
  return result;
}
