import { Group, Paper, SimpleGrid, Skeleton, Text } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useTrpc } from '../../app/shop-context.tsx';
import { formatCount, formatShare, inCurrency } from '../../lib/figures.ts';
import { formatMoney } from '../../lib/money.ts';
import { ErrorState } from '../../ui/states.tsx';
import { ChangeBadge } from './change-badge.tsx';
import type { Period } from './period.ts';
import { useOverview } from './use-overview.ts';

interface Card {
  label: string;
  value: string | undefined;
  hint: string | undefined;
  change?: number | null | undefined;
  isSomething?: boolean;
  isGood?: boolean;
  testId: string;
}

/** Revenue, orders, average order, units, conversion and refunds of a period. */
export function OverviewCards({
  period,
  live,
  currency,
}: {
  period: Period;
  live: boolean;
  currency?: string | undefined;
}) {
  const { from, to } = period;
  const overview = useOverview(period, live);
  const conversion = useQuery(
    useTrpc().admin.analytics.conversion.queryOptions(
      { from, to },
      { placeholderData: keepPreviousData, staleTime: 5_000, refetchInterval: live ? false : 15_000 },
    ),
  );
  const failed = [overview, conversion].find(({ isError, data }) => isError && data === undefined);
  if (failed) return <ErrorState error={failed.error} onRetry={() => void failed.refetch()} />;
  const data = overview.data && inCurrency(overview.data.byCurrency, currency);
  const change = data?.compared?.change;
  const carts = conversion.data;
  const cards: Card[] = [
    {
      label: 'Revenue',
      value: data && formatMoney(data.totalRevenue),
      hint: data && `Net sales ${formatMoney(data.netSales)}`,
      change: change?.totalRevenue,
      isSomething: data?.totalRevenue.amount !== 0,
      testId: 'revenue',
    },
    {
      label: 'Orders',
      value: data && formatCount(data.orders),
      hint: 'Paid in this period',
      change: change?.orders,
      isSomething: data?.orders !== 0,
      testId: 'orders',
    },
    {
      label: 'Average order',
      value: data && formatMoney(data.averageOrderValue),
      hint: data && `Discounts ${formatMoney(data.discounts)}`,
      change: change?.averageOrderValue,
      isSomething: data?.averageOrderValue.amount !== 0,
      testId: 'average',
    },
    {
      label: 'Units sold',
      value: data && formatCount(data.unitsSold),
      hint: data && `Gross sales ${formatMoney(data.grossSales)}`,
      change: change?.unitsSold,
      isSomething: data?.unitsSold !== 0,
      testId: 'units',
    },
    {
      label: 'Conversion',
      value: carts && formatShare(carts.rate),
      hint: carts && `${formatCount(carts.orders)} of ${formatCount(carts.carts)} carts`,
      testId: 'conversion',
    },
    {
      label: 'Refunded',
      value: data && formatMoney(data.refunded),
      hint: 'Disputes lost included',
      change: change?.refunded,
      isSomething: data?.refunded.amount !== 0,
      isGood: false,
      testId: 'refunded',
    },
  ];
  return (
    <SimpleGrid
      cols={{ base: 2, sm: 3, lg: 6 }}
      spacing={{ base: 'sm', lg: 'md' }}
      aria-busy={overview.isFetching || conversion.isFetching}
    >
      {cards.map((card) => (
        <Paper key={card.label} p="md" component="section" aria-label={card.label} style={{ minWidth: 0 }}>
          <Group justify="space-between" gap={4} wrap="nowrap">
            <Text size="sm" c="dimmed">
              {card.label}
            </Text>
            {card.change !== undefined && (
              <ChangeBadge change={card.change} isSomething={card.isSomething ?? false} isGood={card.isGood} />
            )}
          </Group>
          {card.value === undefined ? (
            <Skeleton h={30} w="70%" my={4} />
          ) : (
            <Text
              fz={{ base: 20, sm: 22 }}
              fw={700}
              lts="-0.02em"
              className="cw-numeric"
              data-testid={`overview-${card.testId}`}
            >
              {card.value}
            </Text>
          )}
          <Text size="xs" c="dimmed" mih={18}>
            {card.hint}
          </Text>
        </Paper>
      ))}
    </SimpleGrid>
  );
}
