import type { RouterOutputs } from '@cartwright/sdk';

type Page = RouterOutputs['notifications']['list'];
export type NotificationDto = Page['items'][number];

/** A list as it was read page by page, the newest first. */
export interface NotificationPages<Cursor> {
  pages: Page[];
  pageParams: Cursor[];
}

/** The list with one that has just come on top; unchanged when it is there already. */
export function withCreated<Cursor>(
  list: NotificationPages<Cursor>,
  created: NotificationDto,
): NotificationPages<Cursor> {
  const [first, ...rest] = list.pages;
  if (!first || list.pages.some(({ items }) => items.some(({ id }) => id === created.id))) return list;
  return { ...list, pages: [{ ...first, items: [created, ...first.items] }, ...rest] };
}

/** The list with some of them (all, when none are named) read. Those read before keep their time. */
export function withRead<Cursor>(
  list: NotificationPages<Cursor>,
  { ids, readAt }: { ids?: readonly string[] | undefined; readAt: Date },
): NotificationPages<Cursor> {
  const isMeant = ({ id, readAt: before }: NotificationDto) => before === undefined && (!ids || ids.includes(id));
  if (!list.pages.some(({ items }) => items.some(isMeant))) return list;
  const pages = list.pages.map((page) => ({
    ...page,
    items: page.items.map((item) => (isMeant(item) ? { ...item, readAt } : item)),
  }));
  return { ...list, pages };
}
