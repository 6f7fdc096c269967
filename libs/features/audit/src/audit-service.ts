import { decodeCursor, encodeCursor } from '@cartwright/platform-mongo';
import { z } from 'zod';
import type { AuditEntryDto, ListAuditInput } from './audit.contracts.ts';
import type { AuditEntryDoc } from './audit-entry.model.ts';
import type { PeoplePort } from './audit.ports.ts';
import type { AuditRepository } from './audit-repository.ts';

const markSchema = z.strictObject({ at: z.coerce.date(), id: z.string().max(64) });

/** The reading side of the audit log. */
export function createAuditService({
  repository,
  people,
}: {
  repository: Pick<AuditRepository, 'page'>;
  people: PeoplePort;
}) {
  /** Names stand with the people, not in entries: an account that is gone leaves none behind. */
  async function named(docs: readonly AuditEntryDoc[]): Promise<AuditEntryDto[]> {
    const ids = docs.flatMap(({ actor, target }) => [
      ...(actor.kind === 'user' && actor.id !== undefined ? [actor.id] : []),
      ...(target?.kind === 'user' ? [target.id] : []),
    ]);
    const known = new Map((await people.byIds([...new Set(ids)])).map((person) => [person.id, person]));
    return docs.map(({ _id, purgeAt: _, actor, target, details, ...rest }) => {
      const who = actor.id === undefined ? undefined : known.get(actor.id);
      const whom = target?.kind === 'user' ? known.get(target.id) : undefined;
      return {
        id: _id,
        ...rest,
        actor: { ...actor, ...(who ? { name: who.name, email: who.email } : {}) },
        ...(target ? { target: { ...target, ...(whom ? { name: whom.name } : {}) } } : {}),
        ...(details ? { details: { ...details } } : {}),
      };
    });
  }

  return {
    /** Entries, newest first. Throws CURSOR_INVALID. */
    async list({
      limit,
      cursor,
      ...filter
    }: ListAuditInput): Promise<{ items: AuditEntryDto[]; nextCursor: string | null }> {
      const mark = cursor === undefined ? undefined : decodeCursor(cursor, markSchema);
      const docs = await repository.page(filter, limit, mark);
      const page = docs.slice(0, limit);
      const last = page.at(-1);
      const nextCursor = docs.length > limit && last ? encodeCursor({ at: last.at, id: last._id }) : null;
      return { items: await named(page), nextCursor };
    },
  };
}

export type AuditService = ReturnType<typeof createAuditService>;
