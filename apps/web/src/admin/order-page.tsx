import { Alert, Grid, Group, Skeleton, Stack, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useTrpc } from '../app/shop-context.tsx';
import { formatDateTime } from '../lib/dates.ts';
import { reasonOf } from '../lib/errors.ts';
import { CANCEL_WORDS } from '../lib/order-words.ts';
import { LiveBadge } from '../ui/live-badge.tsx';
import { TextLink } from '../ui/links.tsx';
import { AdminNotFoundPage } from './admin-not-found-page.tsx';
import { OrderBadge } from '../ui/order-badge.tsx';
import { OrderParcels, OrderRefunds } from '../ui/order-parcels.tsx';
import { OrderReturns } from '../ui/order-returns.tsx';
import { OrderDocuments } from '../ui/order-documents.tsx';
import { OrderFacts, OrderLines } from '../ui/order-parts.tsx';
import { Page } from '../ui/page.tsx';
import { ErrorState } from '../ui/states.tsx';
import { AdminTimeline } from './order/admin-timeline.tsx';
import { LineProgress } from './order/line-progress.tsx';
import { OrderSteps } from './order/order-steps.tsx';
import { ParcelArrival } from './order/parcel-arrival.tsx';
import { ReturnAnswer } from './order/return-answer.tsx';
import { RefundExtras } from './order/refund-extras.tsx';
import { OrderReview } from './order-review.tsx';
import { Quarantine } from './quarantine.tsx';
import { useOrderActivity } from './order-activity.tsx';

const route = getRouteApi('/admin/orders/$orderId');

const FALLBACK_MS = 5_000;

/** One order as the shop sees it. It follows the shop; where it can't, it is read again every few seconds. */
export function AdminOrderPage() {
  const { orderId } = route.useParams();
  const trpc = useTrpc();
  const queryClient = useQueryClient();
  const readAgain = () => {
    const parts = [trpc.admin.orders.byId.queryKey({ orderId }), trpc.admin.orders.timeline.queryKey({ orderId })];
    for (const queryKey of parts) {
      // An answer that is under way may be older than the news.
      void queryClient.cancelQueries({ queryKey }).then(() => queryClient.invalidateQueries({ queryKey }));
    }
  };
  const live = useOrderActivity({
    onActivity: (activity) => {
      if (activity.orderId === orderId) readAgain();
    },
    onGap: readAgain,
  });
  const order = useQuery(
    trpc.admin.orders.byId.queryOptions(
      { orderId },
      {
        staleTime: 0,
        refetchInterval: (query) => (!live && query.state.data?.status === 'pending' ? FALLBACK_MS : false),
      },
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
    if (reasonOf(order.error) === 'NOT_FOUND') return <AdminNotFoundPage title="There is no such order" />;
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
      actions={
        <Group gap="xs">
          <OrderBadge order={data} size="lg" />
          <LiveBadge live={live} />
        </Group>
      }
    >
      {data.inReview && <OrderReview orderId={data.id} />}
      {data.isDisputed && (
        <Alert color="clay" title="A bank wants money back" mb="md">
          The buyer complained to their bank. Answer at the payment provider.
        </Alert>
      )}
      {data.isBeingCanceled && (
        <Alert color="clay" title="To be canceled" mb="md">
          It is canceled as soon as its money is back. Nothing is sent meanwhile.
        </Alert>
      )}
      {data.paidElsewhere && data.paymentStatus !== 'refunded' && (
        <Alert color="blue" title="Paid through another system" mb="md">
          Its money is not in this shop’s books, so it can’t be given back from here. Refund it where it was paid.
        </Alert>
      )}
      <Quarantine key={data.id} orderId={data.id} />
      <OrderSteps order={data} />
      {data.cancelReason && (
        <Text size="sm" c="dimmed" mb="md">
          Canceled: {CANCEL_WORDS[data.cancelReason]}
        </Text>
      )}
      <Grid gap={{ base: 'lg', md: 32 }} align="flex-start">
        <Grid.Col span={{ base: 12, md: 8 }}>
          <Stack gap="lg">
            <OrderLines order={data} more={LineProgress} />
            <OrderParcels order={data}>{(parcel) => <ParcelArrival order={data} parcel={parcel} />}</OrderParcels>
            <OrderReturns order={data}>{(request) => <ReturnAnswer order={data} request={request} />}</OrderReturns>
            <OrderRefunds order={data}>{(refund) => <RefundExtras orderId={data.id} refund={refund} />}</OrderRefunds>
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 4 }}>
          <Stack gap="lg">
            <OrderFacts order={data} />
            <OrderDocuments order={data} forStaff />
            <AdminTimeline orderId={data.id} />
          </Stack>
        </Grid.Col>
      </Grid>
    </Page>
  );
}
