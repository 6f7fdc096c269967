import { noSuch } from './api-error.ts';
import { integer, optional, text, list, timeRange } from './parameters.ts';

/** The parameters every list call takes. */
export const pageParams = {
  limit: optional(integer({ min: 1, max: 100 })),
  starting_after: optional(text()),
  ending_before: optional(text()),
  expand: optional(list(text(), { max: 20 })),
};

export const createdParam = optional(timeRange());

export interface PageRequest {
  limit: number | undefined;
  starting_after: string | undefined;
  ending_before: string | undefined;
}

export interface Page<T> {
  object: 'list';
  data: T[];
  has_more: boolean;
  url: string;
}

/** One page of rows given oldest first; pages run from the newest to the oldest, as Stripe's do. */
export function pageOf<T extends { id: string }>(rows: T[], request: PageRequest, url: string, kind: string): Page<T> {
  const newestFirst = rows.toReversed();
  const limit = request.limit ?? 10;
  const positionOf = (id: string, param: string): number => {
    const index = newestFirst.findIndex((row) => row.id === id);
    if (index === -1) throw noSuch(kind, id, param);
    return index;
  };
  if (request.ending_before !== undefined) {
    const end = positionOf(request.ending_before, 'ending_before');
    const start = Math.max(0, end - limit);
    return { object: 'list', data: newestFirst.slice(start, end), has_more: start > 0, url };
  }
  const start = request.starting_after === undefined ? 0 : positionOf(request.starting_after, 'starting_after') + 1;
  const data = newestFirst.slice(start, start + limit);
  return { object: 'list', data, has_more: newestFirst.length > start + limit, url };
}

export function inRange(
  created: number,
  range: { gt?: number; gte?: number; lt?: number; lte?: number } | undefined,
): boolean {
  if (!range) return true;
  return (
    (range.gt === undefined || created > range.gt) &&
    (range.gte === undefined || created >= range.gte) &&
    (range.lt === undefined || created < range.lt) &&
    (range.lte === undefined || created <= range.lte)
  );
}
