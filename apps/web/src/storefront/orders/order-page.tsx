import { Grid, Group, Skeleton, Stack, Text } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useTick } from '../../ui/use-tick.ts';
import { formatDateTime, formatRelative } from '../../lib/dates.ts';
import { isPayable } from '../../lib/order-words.ts';
import { reasonOf } from '../../lib/errors.ts';
import { LiveBadge } from '../../ui/live-badge.tsx';
import { TextLink } from '../../ui/links.tsx';
import { NotFoundPage } from '../../ui/not-found-page.tsx';
import { OrderBadge } from '../../ui/order-badge.tsx';
import { OrderDocuments } from '../../ui/order-documents.tsx';
import { OrderFacts, OrderLines, OrderTimeline } from '../../ui/order-parts.tsx';
import { OrderParcels, OrderRefunds } from '../../ui/order-parcels.tsx';
import { OrderReturns } from '../../ui/order-returns.tsx';
import { Page } from '../../ui/page.tsx';
import { ErrorState } from '../../ui/states.tsx';
import { useSession } from '../../app/shop-context.tsx';
import { AskReturnButton } from './ask-return-button.tsx';
import { GuestOrderCard } from './guest-order-card.tsx';
import { OrderActions } from './order-actions.tsx';
import { OrderHeadline } from './order-headline.tsx';
import { ReorderButton } from './reorder-button.tsx';
import { useLiveOrder } from './use-live-order.ts';

const route = getRouteApi('/storefront/orders/$orderId');

/** One order, followed live: also where buyers return to from the payment page. */
export function OrderPage() {
  const { orderId } = route.useParams();
  const { payment } = route.useSearch();
  const { order, live } = useLiveOrder(orderId);
  const session = useSession();
  const now = useTick(30_000);

  if (order.isPending) {
    return (
      <Page title="Order">
        <Stack aria-busy role="status" aria-label="Loading the order">
          <Skeleton h={110} />
          <Skeleton h={320} />
        </Stack>
      </Page>
    );
  }
  if (!order.data) {
    if (reasonOf(order.error) === 'NOT_FOUND') {
      return (
        <NotFoundPage
          title="We don’t know this order"
          description="It isn’t among the orders of this account, or its link is too old."
        />
      );
    }
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
        session && (
          <TextLink to="/orders" size="sm" c="dimmed" display="inline-block" mb="xs">
            ‹ Your orders
          </TextLink>
        )
      }
      description={`Placed ${formatDateTime(data.createdAt)}`}
      actions={
        <Group gap="xs">
          <OrderBadge order={data} size="lg" />
          <LiveBadge live={live} />
        </Group>
      }
    >
      <Stack gap="lg">
        <OrderHeadline order={data} isReturn={payment === 'success'} />
        {data.status === 'pending' && data.expiresAt && (
          <Text size="sm" c="dimmed">
            {data.holdExpiresAt &&
              data.holdExpiresAt > now &&
              `The articles are held for you until ${formatDateTime(data.holdExpiresAt)}. `}
            Unpaid, the order ends {formatRelative(data.expiresAt, now)}.
          </Text>
        )}
        <OrderActions order={data} />
        {!isPayable(data) && (
          <Group gap="sm" align="flex-start">
            <ReorderButton orderId={data.id} />
            <AskReturnButton order={data} />
          </Group>
        )}
        <GuestOrderCard order={data} />
        <Grid gap={{ base: 'lg', md: 32 }} align="flex-start">
          <Grid.Col span={{ base: 12, md: 8 }}>
            <Stack gap="lg">
              <OrderParcels order={data} />
              <OrderLines order={data} />
              <OrderReturns order={data} />
              <OrderRefunds order={data} />
            </Stack>
          </Grid.Col>
          <Grid.Col span={{ base: 12, md: 4 }}>
            <Stack gap="lg">
              <OrderFacts order={data} />
              <OrderDocuments order={data} />
              <OrderTimeline order={data} />
            </Stack>
          </Grid.Col>
        </Grid>
      </Stack>
    </Page>
  );
}
