import { Grid, Skeleton, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useTrpc } from '../app/shop-context.tsx';
import { formatDateTime } from '../lib/dates.ts';
import { reasonOf } from '../lib/errors.ts';
import { CANCEL_WORDS } from '../lib/order-words.ts';
import { TextLink } from '../ui/links.tsx';
import { NotFoundPage } from '../ui/not-found-page.tsx';
import { OrderBadge } from '../ui/order-badge.tsx';
import { OrderFacts, OrderLines, OrderTimeline } from '../ui/order-parts.tsx';
import { Page } from '../ui/page.tsx';
import { ErrorState } from '../ui/states.tsx';

const route = getRouteApi('/admin/orders/$orderId');

/** One order as the shop sees it. Read again every few seconds while it may change. */
export function AdminOrderPage() {
  const { orderId } = route.useParams();
  const order = useQuery(
    useTrpc().admin.orders.byId.queryOptions(
      { orderId },
      { staleTime: 0, refetchInterval: (query) => (query.state.data?.status === 'pending' ? 5_000 : false) },
    ),
  );
  if (order.isPending) {
    return (
      <Page title="Order">
        <Skeleton h={420} role="status" aria-label="Loading the order" />
      </Page>
    );
  }
  if (!order.data) {
    if (reasonOf(order.error) === 'NOT_FOUND') return <NotFoundPage title="There is no such order" />;
    return (
      <Page title="Order">
        <ErrorState error={order.error} onRetry={() => void order.refetch()} />
      </Page>
    );
  }
  const { data } = order;
  return (
    <Page
      title={`Order ${data.number}`}
      breadcrumbs={
        <TextLink to="/admin/orders" size="sm" c="dimmed" display="inline-block" mb="xs">
          ‹ Orders
        </TextLink>
      }
      description={`${data.email} · placed ${formatDateTime(data.createdAt)}`}
      actions={<OrderBadge order={data} size="lg" />}
    >
      {data.cancelReason && (
        <Text size="sm" c="dimmed" mb="md">
          Canceled: {CANCEL_WORDS[data.cancelReason]}
        </Text>
      )}
      <Grid gap={{ base: 'lg', md: 32 }} align="flex-start">
        <Grid.Col span={{ base: 12, md: 8 }}>
          <OrderLines order={data} />
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 4 }}>
          <Stack gap="lg">
            <OrderFacts order={data} />
            <OrderTimeline order={data} showActor />
          </Stack>
        </Grid.Col>
      </Grid>
    </Page>
  );
}
