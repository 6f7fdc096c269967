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
  /** What the change led to. */
  now?: number | undefined;
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
  /** A dash where nothing happened in the currency that was picked; nothing until that is known. */
  const inWords = (words: (figures: NonNullable<typeof data>) => string) => (data ? words(data) : overview.data && '—');
  const change = data?.compared?.change;
  const carts = conversion.data;
  const cards: Card[] = [
    {
      label: 'Revenue',
      value: inWords(({ totalRevenue }) => formatMoney(totalRevenue)),
      hint: data && `Net sales ${formatMoney(data.netSales)}`,
      change: change?.totalRevenue,
      now: data?.totalRevenue.amount,
      testId: 'revenue',
    },
    {
      label: 'Orders',
      value: inWords(({ orders }) => formatCount(orders)),
      hint: 'Paid in this period',
      change: change?.orders,
      now: data?.orders,
      testId: 'orders',
    },
    {
      label: 'Average order',
      value: inWords(({ averageOrderValue }) => formatMoney(averageOrderValue)),
      hint: data && `Discounts ${formatMoney(data.discounts)}`,
      change: change?.averageOrderValue,
      now: data?.averageOrderValue.amount,
      testId: 'average',
    },
    {
      label: 'Units sold',
      value: inWords(({ unitsSold }) => formatCount(unitsSold)),
      hint: data && `Gross sales ${formatMoney(data.grossSales)}`,
      change: change?.unitsSold,
      now: data?.unitsSold,
      testId: 'units',
    },
    {
      label: 'Conversion',
      value: carts && formatShare(carts.rate),
      hint:
        carts &&
        (carts.carts === 0
          ? 'No carts counted yet'
          : `${formatCount(carts.orders)} of ${formatCount(carts.carts)} carts`),
      testId: 'conversion',
    },
    {
      label: 'Refunded',
      value: inWords(({ refunded }) => formatMoney(refunded)),
      hint: 'Disputes lost included',
      change: change?.refunded,
      now: data?.refunded.amount,
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
              <ChangeBadge change={card.change} value={card.now ?? 0} isGood={card.isGood} />
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
