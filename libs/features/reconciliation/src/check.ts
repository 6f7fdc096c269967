import type { Mongo, Tx } from '@cartwright/platform-mongo';
import type { Difference } from './difference.ts';
import type { CheckName } from './reconciliation.contracts.ts';

/** What a run looks at. */
export interface Scope {
  /** Of the provider's books: begun from here on and before there. */
  readonly from: Date;
  readonly to: Date;
}

/** A part of what a check goes through. */
export interface CheckPage {
  readonly examined: number;
  /** Whatever looked wrong; others may have been writing meanwhile. */
  readonly suspects: readonly string[];
  /** What is certain already. */
  readonly differences?: readonly Difference[];
  /** Where to go on; null at the end. */
  readonly cursor: string | null;
}

/** One thing that is compared with another. It reads page by page, and may be gone on with from any page. */
export interface Check {
  readonly name: CheckName;
  /** Whether suspects are looked at again only once everything had its time to settle: news of others are late. */
  readonly isSlowToSettle: boolean;
  next(cursor: string | undefined, scope: Scope, signal: AbortSignal): Promise<CheckPage>;
  /** What is wrong with a suspect at one moment: nothing, when it only looked so. */
  confirm(suspect: string): Promise<readonly Difference[]>;
}

const PAGE = 200;

/**
 * A check of what MongoDB holds. Pages are read as they come, while the shop goes on: what looks wrong is read again as of
 * one snapshot, in which nobody is half-way.
 */
export function createWalk<Facts extends { readonly id: string }>({
  mongo,
  name,
  ids,
  markOf = (id) => id,
  load,
  judge,
}: {
  mongo: Pick<Mongo, 'transaction'>;
  name: CheckName;
  /** The ids that follow a mark, in their order. */
  ids: (after: string | undefined, limit: number) => Promise<string[]>;
  /** What is written down of where it stands; the id itself, unless that tells of a person. */
  markOf?: (id: string) => string;
  load: (ids: readonly string[], tx?: Tx) => Promise<Facts[]>;
  judge: (facts: Facts) => Difference[];
}): Check {
  return {
    name,
    isSlowToSettle: false,
    async next(cursor) {
      const page = await ids(cursor, PAGE);
      const facts = page.length === 0 ? [] : await load(page);
      const last = page.at(-1);
      return {
        examined: facts.length,
        suspects: facts.filter((one) => judge(one).length > 0).map(({ id }) => id),
        cursor: page.length < PAGE || last === undefined ? null : markOf(last),
      };
    },
    confirm: (id) => mongo.transaction(async (tx) => (await load([id], tx)).flatMap(judge)),
  };
}
