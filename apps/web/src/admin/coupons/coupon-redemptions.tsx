import { Button, Center, Paper, Skeleton, Table, Text, Title } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { pagesOptions } from '../../app/pages.ts';
import { useShop, useTrpc } from '../../app/shop-context.tsx';
import { formatDateTime } from '../../lib/dates.ts';
import { formatMoney } from '../../lib/money.ts';
import { TextLink } from '../../ui/links.tsx';
import { ErrorState } from '../../ui/states.tsx';

/** The orders that used a coupon, the latest first. */
export function CouponRedemptions({ couponId }: { couponId: string }) {
  const shop = useShop();
  const trpc = useTrpc();
  const uses = useInfiniteQuery({
    ...pagesOptions(trpc.admin.coupons.redemptions.infiniteQueryKey({ id: couponId }), (page, options) =>
      shop.api.admin.coupons.redemptions.query({ id: couponId, limit: 20, ...page }, options),
    ),
    staleTime: 0,
  });
  const items = uses.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Paper p="lg" component="section" aria-labelledby="uses">
      <Title order={2} size="h3" mb="md" id="uses">
        Uses
      </Title>
      {uses.isPending && <Skeleton h={160} role="status" aria-label="Loading uses" />}
      {uses.isError && !uses.data && <ErrorState error={uses.error} onRetry={() => void uses.refetch()} />}
      {uses.data && items.length === 0 && <Text c="dimmed">Nobody has used it yet.</Text>}
      {items.length > 0 && (
        <Table.ScrollContainer minWidth={560}>
          <Table aria-label="Uses">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Order</Table.Th>
                <Table.Th>When</Table.Th>
                <Table.Th>Who</Table.Th>
                <Table.Th ta="right">Taken off</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody className="cw-numeric">
              {items.map(({ orderId, orderNumber, customer, status, discount, at }) => (
                <Table.Tr key={orderId} data-testid="coupon-use">
                  <Table.Td>
                    <TextLink to="/admin/orders/$orderId" params={{ orderId }} size="sm">
                      {orderNumber ?? orderId}
                    </TextLink>
                  </Table.Td>
                  <Table.Td>{formatDateTime(at)}</Table.Td>
                  <Table.Td>
                    {customer.includes('@') ? (
                      customer
                    ) : (
                      <TextLink to="/admin/users/$userId" params={{ userId: customer }} size="sm">
                        Customer
                      </TextLink>
                    )}
                  </Table.Td>
                  <Table.Td ta="right">
                    {status === 'given_back' ? 'given back' : discount ? formatMoney(discount) : '–'}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      {uses.hasNextPage && (
        <Center mt="lg">
          <Button variant="default" loading={uses.isFetchingNextPage} onClick={() => void uses.fetchNextPage()}>
            Show more
          </Button>
        </Center>
      )}
    </Paper>
  );
}
