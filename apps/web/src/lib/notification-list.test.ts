import { describe, expect, it } from 'vitest';
import { withCreated, withRead } from './notification-list.ts';
import type { NotificationDto, NotificationPages } from './notification-list.ts';

const earlier = new Date('2026-05-01T10:00:00Z');
const now = new Date('2026-05-01T12:00:00Z');

const notification = (id: string, readAt?: Date): NotificationDto => ({
  id,
  type: 'order.paid',
  title: `Notification ${id}`,
  body: '',
  data: {},
  createdAt: earlier,
  ...(readAt && { readAt }),
});

const list = (...pages: NotificationDto[][]): NotificationPages<string | null> => ({
  pages: pages.map((items) => ({ items, nextCursor: null })),
  pageParams: pages.map(() => null),
});

const unreadIds = ({ pages }: NotificationPages<unknown>) =>
  pages.flatMap(({ items }) => items.filter(({ readAt }) => !readAt).map(({ id }) => id));

describe('withCreated', () => {
  it('puts what has come on top of the first page', () => {
    const { pages } = withCreated(list([notification('b')], [notification('a')]), notification('c'));
    expect(pages.map(({ items }) => items.map(({ id }) => id))).toEqual([['c', 'b'], ['a']]);
  });

  it('shows one that comes twice once, on whatever page it is', () => {
    const shown = list([notification('b')], [notification('a')]);
    expect(withCreated(shown, notification('a'))).toBe(shown);
  });
});

describe('withRead', () => {
  it('marks those named, on all pages', () => {
    const marked = withRead(list([notification('c'), notification('b')], [notification('a')]), {
      ids: ['c', 'a'],
      readAt: now,
    });
    expect(unreadIds(marked)).toEqual(['b']);
  });

  it('marks all when none are named, and leaves earlier times alone', () => {
    const marked = withRead(list([notification('b'), notification('a', earlier)]), { readAt: now });
    expect(marked.pages[0]?.items.map(({ readAt }) => readAt)).toEqual([now, earlier]);
  });

  it('is the same list when nothing changes', () => {
    const shown = list([notification('a', earlier)]);
    expect(withRead(shown, { ids: ['a', 'gone'], readAt: now })).toBe(shown);
  });
});
