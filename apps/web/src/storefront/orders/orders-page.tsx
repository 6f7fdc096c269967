import { Button, Center, Group, Skeleton, Stack, Text } from '@mantine/core';
import { IconChevronRight, IconPackage } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { RouterOutputs } from '@cartwright/sdk';
import { formatMoney } from '../../lib/money.ts';
import { pagesOptions } from '../../app/pages.ts';
import { useShop, useTrpc } from '../../app/shop-context.tsx';
import { formatDate } from '../../lib/dates.ts';
import { ButtonLink } from '../../ui/links.tsx';
import { OrderBadge } from '../../ui/order-badge.tsx';
import { Page } from '../../ui/page.tsx';
import { ProductImage } from '../../ui/product-image.tsx';
import { ErrorState, NothingHere } from '../../ui/states.tsx';
import classes from './orders.module.css';

type Summary = RouterOutputs['orders']['list']['items'][number];

/** What the signed-in customer has bought, newest first. */
export function OrdersPage() {
  const shop = useShop();
  const trpc = useTrpc();
  const orders = useInfiniteQuery({
    ...pagesOptions(trpc.orders.list.infiniteQueryKey(), (page, options) =>
      shop.api.orders.list.query({ limit: 10, ...page }, options),
    ),
    staleTime: 0,
  });
  const items = orders.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Page title="Your orders" size={920}>
      {orders.isPending && (
        <Stack aria-busy role="status" aria-label="Loading your orders">
          {[1, 2, 3].map((key) => (
            <Skeleton key={key} h={92} />
          ))}
        </Stack>
      )}
      {orders.isError && !orders.data && <ErrorState error={orders.error} onRetry={() => void orders.refetch()} />}
      {orders.data && items.length === 0 && (
        <NothingHere
          icon={<IconPackage size={46} stroke={1.3} />}
          title="No orders yet"
          description="What you buy can be followed here."
        >
          <ButtonLink to="/products">Look around</ButtonLink>
        </NothingHere>
      )}
      <Stack gap="sm" component="ul" p={0} m={0} style={{ listStyle: 'none' }}>
        {items.map((order) => (
          <li key={order.id}>
            <OrderRow order={order} />
          </li>
        ))}
      </Stack>
      {orders.hasNextPage && (
        <Center mt="lg">
          <Button variant="default" loading={orders.isFetchingNextPage} onClick={() => void orders.fetchNextPage()}>
            Show older orders
          </Button>
        </Center>
      )}
    </Page>
  );
}

function OrderRow({ order }: { order: Summary }) {
  return (
    <Link to="/orders/$orderId" params={{ orderId: order.id }} className={classes['row']}>
      <ProductImage image={order.image} alt="" size={60} />
      <div className={classes['what']}>
        <Text fw={600}>{order.number}</Text>
        <Text size="sm" c="dimmed">
          {formatDate(order.createdAt)} · {order.itemCount} {order.itemCount === 1 ? 'item' : 'items'}
        </Text>
      </div>
      <Group gap="md" justify="flex-end" className={classes['state']}>
        <OrderBadge order={order} />
        <Text fw={650} className="cw-numeric">
          {formatMoney(order.total)}
        </Text>
      </Group>
      <IconChevronRight size={18} aria-hidden className={classes['arrow']} />
    </Link>
  );
}
