import { SegmentedControl, Skeleton, Stack } from '@mantine/core';
import { IconMessageCheck } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { RouterInputs } from '@cartwright/sdk';
import { useTrpc } from '../../app/shop-context.tsx';
import { Page } from '../../ui/page.tsx';
import { ErrorState, NothingHere } from '../../ui/states.tsx';
import { Pager } from '../pager.tsx';
import { useCursorPages } from '../use-cursor-pages.ts';
import { ReviewCard } from './review-card.tsx';

const route = getRouteApi('/admin/reviews');

const VIEWS = [
  { value: 'all', label: 'All' },
  { value: 'reported', label: 'Reported' },
  { value: 'hidden', label: 'Hidden' },
] as const;
type View = (typeof VIEWS)[number]['value'];

const FILTERS: Record<View, Pick<RouterInputs['admin']['reviews']['list'], 'reported' | 'status'>> = {
  all: {},
  reported: { reported: true },
  hidden: { status: 'hidden' },
};

/** Reviews to look through: hide them, bring them back, answer them. */
export function AdminReviewsPage() {
  const { show = 'all' } = route.useSearch();
  const navigate = route.useNavigate();
  const trpc = useTrpc();
  const pages = useCursorPages(show);
  const cursor = pages.cursor === undefined ? {} : { cursor: pages.cursor };
  const reviews = useQuery(
    trpc.admin.reviews.list.queryOptions(
      { ...FILTERS[show], ...cursor, limit: 20 },
      { placeholderData: keepPreviousData, staleTime: 0 },
    ),
  );
  const productIds = [...new Set(reviews.data?.items.map(({ productId }) => productId))];
  const products = useQuery(
    trpc.catalog.products.byIds.queryOptions({ ids: productIds }, { enabled: productIds.length > 0 }),
  );
  const items = reviews.data?.items ?? [];
  return (
    <Page title="Reviews">
      <Stack gap="md">
        <SegmentedControl
          aria-label="Which reviews"
          w="fit-content"
          data={[...VIEWS]}
          value={show}
          onChange={(value) =>
            void navigate({ search: value === 'all' ? {} : { show: value === 'hidden' ? 'hidden' : 'reported' } })
          }
        />
        {reviews.isPending && <Skeleton h={420} role="status" aria-label="Loading reviews" />}
        {reviews.isError && !reviews.data && (
          <ErrorState error={reviews.error} onRetry={() => void reviews.refetch()} />
        )}
        {reviews.data && items.length === 0 && (
          <NothingHere
            icon={<IconMessageCheck size={44} stroke={1.3} />}
            title={show === 'all' ? 'No reviews yet' : 'Nothing to look at'}
            description={
              show === 'reported' ? 'Customers have reported nothing that waits for you.' : 'Come back later.'
            }
          />
        )}
        {items.length > 0 && (
          <Stack gap="sm" style={{ opacity: reviews.isPlaceholderData ? 0.6 : 1 }}>
            {items.map((review) => (
              <ReviewCard
                key={review.id}
                review={review}
                product={products.data && (products.data.items.find(({ id }) => id === review.productId) ?? null)}
              />
            ))}
          </Stack>
        )}
        <Pager pages={pages} nextCursor={reviews.data?.nextCursor ?? null} busy={reviews.isPlaceholderData} />
      </Stack>
    </Page>
  );
}
