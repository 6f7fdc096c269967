import {
  Avatar,
  Badge,
  Button,
  Center,
  Divider,
  Group,
  Paper,
  Progress,
  Skeleton,
  Stack,
  Text,
  Title,
} from '@mantine/core';
import { IconMessageCircle } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { RouterOutputs } from '@cartwright/sdk';
import { pagesOptions } from '../../app/pages.ts';
import { useSession, useShop, useTrpc } from '../../app/shop-context.tsx';
import { formatDate } from '../../lib/dates.ts';
import { ErrorState, NothingHere } from '../../ui/states.tsx';
import { Stars } from '../../ui/stars.tsx';
import { ReportReview } from './report-review.tsx';
import { ReviewForm } from './review-form.tsx';
import classes from './product.module.css';

type ReviewsPage = RouterOutputs['reviews']['list'];
type Review = ReviewsPage['items'][number];

/** What buyers say: the spread of their stars, and their words. */
export function Reviews({ productId }: { productId: string }) {
  const shop = useShop();
  const trpc = useTrpc();
  const reviews = useInfiniteQuery(
    pagesOptions(trpc.reviews.list.infiniteQueryKey({ productId }), (page, options) =>
      shop.api.reviews.list.query({ productId, limit: 10, ...page }, options),
    ),
  );
  const session = useSession();
  const own = useQuery(trpc.reviews.eligibility.queryOptions({ productId }, { enabled: session !== null }));
  const ownId = own.data?.review?.id;
  const summary = reviews.data?.pages[0];
  const items = reviews.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <section aria-labelledby="reviews" style={{ marginTop: 64 }}>
      <Divider mb="xl" />
      <Title order={2} id="reviews" mb="lg">
        Reviews
      </Title>
      {reviews.isPending && <Skeleton h={180} />}
      {reviews.isError && !summary && <ErrorState error={reviews.error} onRetry={() => void reviews.refetch()} />}
      {summary && (
        <div className={classes['reviews']}>
          <Stack gap="lg">
            {summary.count > 0 && <Distribution summary={summary} />}
            <ReviewForm productId={productId} />
          </Stack>
          {items.length === 0 ? (
            <NothingHere
              icon={<IconMessageCircle size={40} stroke={1.3} />}
              title="No reviews yet"
              description="Have you used it? Be the first to say how it is."
            />
          ) : (
            <Stack gap="lg">
              {items.map((review) => (
                <ReviewItem key={review.id} review={review} canReport={session !== null && review.id !== ownId} />
              ))}
              {reviews.hasNextPage && (
                <Center>
                  <Button
                    variant="default"
                    loading={reviews.isFetchingNextPage}
                    onClick={() => void reviews.fetchNextPage()}
                  >
                    Show more reviews
                  </Button>
                </Center>
              )}
            </Stack>
          )}
        </div>
      )}
    </section>
  );
}

function Distribution({ summary }: { summary: ReviewsPage }) {
  return (
    <Stack gap="sm">
      <Group gap="sm" align="center">
        <Text fz={40} fw={700} lh={1} className="cw-numeric">
          {summary.average.toFixed(1)}
        </Text>
        <div>
          <Stars average={summary.average} size="sm" />
          <Text size="xs" c="dimmed">
            {summary.count} {summary.count === 1 ? 'review' : 'reviews'}
          </Text>
        </div>
      </Group>
      <Stack gap={6} component="ul" p={0} m={0} style={{ listStyle: 'none' }}>
        {[5, 4, 3, 2, 1].map((stars) => {
          const count = summary.distribution[stars - 1] ?? 0;
          return (
            <Group key={stars} component="li" gap={8} wrap="nowrap" aria-label={`${stars} stars: ${count}`}>
              <Text size="xs" w={10} aria-hidden>
                {stars}
              </Text>
              <Progress value={(count / summary.count) * 100} color="clay.4" flex={1} size={7} aria-hidden />
              <Text size="xs" c="dimmed" w={26} ta="right" className="cw-numeric" aria-hidden>
                {count}
              </Text>
            </Group>
          );
        })}
      </Stack>
    </Stack>
  );
}

function ReviewItem({ review, canReport }: { review: Review; canReport: boolean }) {
  return (
    <Group component="article" align="flex-start" gap="md" wrap="nowrap">
      <Avatar name={review.author} color="pine" radius="xl" aria-hidden />
      <Stack gap={4} miw={0}>
        <Group gap="xs">
          <Text size="sm" fw={600}>
            {review.author}
          </Text>
          {review.verified && (
            <Badge size="sm" variant="light">
              Bought here
            </Badge>
          )}
          <Text size="xs" c="dimmed" component="time" dateTime={review.createdAt.toISOString()}>
            {formatDate(review.createdAt)}
            {review.editedAt && ', edited'}
          </Text>
        </Group>
        <Stars average={review.rating} />
        {review.title && <Text fw={600}>{review.title}</Text>}
        {review.text && (
          <Text size="sm" style={{ whiteSpace: 'pre-line', overflowWrap: 'anywhere' }} maw="68ch">
            {review.text}
          </Text>
        )}
        {review.reply && (
          <Paper p="sm" mt={6} bg="pine.0" maw="68ch" component="blockquote" m={0}>
            <Text size="xs" fw={600}>
              The shop answers
            </Text>
            <Text size="sm" style={{ whiteSpace: 'pre-line', overflowWrap: 'anywhere' }}>
              {review.reply.text}
            </Text>
          </Paper>
        )}
        {canReport && (
          <div>
            <ReportReview reviewId={review.id} author={review.author} />
          </div>
        )}
      </Stack>
    </Group>
  );
}
