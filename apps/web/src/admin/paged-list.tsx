import { Paper, Skeleton } from '@mantine/core';
import type { ReactNode } from 'react';
import { ErrorState } from '../ui/states.tsx';
import { Pager } from './pager.tsx';
import type { CursorPages } from './use-cursor-pages.ts';

/** A query for a page of a list, as far as it is shown here. */
interface ListQuery {
  isPending: boolean;
  isError: boolean;
  error: unknown;
  /** What is shown is the page before, until the one asked for comes. */
  isPlaceholderData: boolean;
  data: { nextCursor: string | null } | undefined;
  refetch: () => Promise<unknown>;
}

interface PagedListProps {
  list: ListQuery;
  pages: CursorPages;
  /** For screen readers, while it comes: `Loading orders`. */
  loading: string;
  children: ReactNode;
}

/** A page of a list: what stands for it until it comes, what went wrong, the page itself, and the way to others. */
export function PagedList({ list, pages, loading, children }: PagedListProps) {
  return (
    <>
      {list.isPending && <Skeleton h={420} role="status" aria-label={loading} />}
      {list.isError && !list.data && <ErrorState error={list.error} onRetry={() => void list.refetch()} />}
      {list.data && children}
      <Pager pages={pages} nextCursor={list.data?.nextCursor ?? null} busy={list.isPlaceholderData} />
    </>
  );
}

/** A table's frame; pale while another page is on its way. */
export function TableFrame({ list, children }: { list: Pick<ListQuery, 'isPlaceholderData'>; children: ReactNode }) {
  return <Paper style={{ opacity: list.isPlaceholderData ? 0.6 : 1, overflowX: 'auto' }}>{children}</Paper>;
}
