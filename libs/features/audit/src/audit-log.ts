import type { AuditDetails, AuditEntry, AuditTrail } from '@cartwright/api-core';
import type { Logger } from '@cartwright/platform-logger';
import { newId, type Tx } from '@cartwright/platform-mongo';
import type { AuditEntryDoc } from './audit-entry.model.ts';
import type { AuditRepository } from './audit-repository.ts';

const TEXT_MAX = 300;
const DETAILS_MAX = 20;
/** After so long an action that was begun is taken for one whose process has died. */
const STALE_MS = 5 * 60_000;
const SWEEP_LIMIT = 200;

const cut = (text: string | undefined): string | undefined => text?.slice(0, TEXT_MAX);

const bounded = (details: AuditDetails): AuditDetails =>
  Object.fromEntries(
    Object.entries(details)
      .slice(0, DETAILS_MAX)
      .map(([name, value]) => [name, typeof value === 'string' ? value.slice(0, TEXT_MAX) : value]),
  );

/** The trail of calls, whose entries may also belong to a transaction. */
type WritableTrail = Omit<AuditTrail, 'append'> & { append(entry: AuditEntry, tx?: Tx): Promise<void> };

/** The writing side of the audit log. Entries are kept for `retentionDays` and then deleted by MongoDB. */
export function createAuditLog({
  repository,
  retentionDays,
  logger,
  clock,
}: {
  repository: AuditRepository;
  retentionDays: number;
  logger: Pick<Logger, 'error'>;
  clock: () => Date;
}) {
  function docOf(entry: AuditEntry, id: string, at: Date): AuditEntryDoc {
    const { userAgent, details, ...rest } = entry;
    const purgeAt = new Date(at);
    purgeAt.setUTCDate(purgeAt.getUTCDate() + retentionDays);
    return {
      _id: id,
      at,
      purgeAt,
      ...rest,
      ...(userAgent === undefined ? {} : { userAgent: cut(userAgent) }),
      ...(details === undefined ? {} : { details: bounded(details) }),
    };
  }

  const trail: WritableTrail = {
    append: (entry, tx) => repository.append(docOf(entry, newId(), clock()), tx),

    begin: async (action) => {
      const [id, at] = [newId(), clock()];
      await repository.begin({ _id: id, at, action });
      return async ({ outcome, details }) => {
        const all = { ...action.details, ...details };
        try {
          const entry = { ...action, outcome, ...(Object.keys(all).length === 0 ? {} : { details: all }) };
          await repository.finish(docOf(entry, id, at));
        } catch (error) {
          // The note stands: `sweep` makes an entry of it.
          logger.error({ err: error, action: action.action }, 'the outcome of an action could not be recorded');
        }
      };
    },
  };

  return {
    ...trail,

    /** Makes entries of actions whose process died before it could say what became of them. Answers how many. */
    async sweep(signal?: AbortSignal): Promise<number> {
      const stale = await repository.begunBefore(new Date(clock().getTime() - STALE_MS), SWEEP_LIMIT);
      let found = 0;
      for (const { _id, at, action } of stale) {
        if (signal?.aborted) break;
        await repository.finish(docOf({ ...action, outcome: 'unknown' }, _id, at));
        found += 1;
      }
      return found;
    },
  };
}

export type AuditLog = ReturnType<typeof createAuditLog>;
