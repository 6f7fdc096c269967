import { DomainError } from '@cartwright/domain-errors';

/** A user's exclusion from the shop, now or later, for a time or for good. There is one at a time. */
export interface Ban {
  readonly id: string;
  /** As its user is told. */
  readonly reason: string;
  readonly from: Date;
  /** Absent: for good. */
  readonly until?: Date | undefined;
  /** The administrator. */
  readonly by: string;
  readonly at: Date;
  /** When the rest of the shop was told that it has begun. */
  readonly begunAt?: Date | undefined;
  /** When something is to be done about it next: to begin it, then to lift it. Absent when nothing is. */
  readonly dueAt?: Date | undefined;
}

export type BanState = 'none' | 'scheduled' | 'active' | 'over';

/** Where a ban stands by its dates alone, whatever was or wasn't done about it: `from` is included, `until` is not. */
export function banStateAt(ban: Pick<Ban, 'from' | 'until'> | undefined, now: Date): BanState {
  if (!ban) return 'none';
  if (ban.from > now) return 'scheduled';
  return ban.until === undefined || ban.until > now ? 'active' : 'over';
}

/** Throws ACCOUNT_BANNED, with reason and end, while the user is banned. */
export function assertNotBanned({ ban }: { readonly ban?: Ban | undefined }, now: Date): void {
  if (!ban || banStateAt(ban, now) !== 'active') return;
  const { reason, until } = ban;
  throw new DomainError('ACCOUNT_BANNED', { reason, ...(until === undefined ? {} : { until }) });
}
