import { Paper, SimpleGrid, Skeleton, Text } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { formatMoney } from '../lib/money.ts';
import { useTrpc } from '../app/shop-context.tsx';
import { ErrorState } from '../ui/states.tsx';
import type { Period } from './dashboard-page.tsx';

const number = new Intl.NumberFormat('en');

/** Revenue, orders, average order and units of a period. */
export function OverviewCards({ period: { from, to }, live }: { period: Period; live: boolean }) {
  const overview = useQuery(
    useTrpc().admin.analytics.overview.queryOptions(
      { from, to },
      { placeholderData: keepPreviousData, staleTime: 5_000, refetchInterval: live ? false : 15_000 },
    ),
  );
  if (overview.isError) return <ErrorState error={overview.error} onRetry={() => void overview.refetch()} />;
  const { data } = overview;
  const cards = [
    {
      label: 'Revenue',
      value: data && formatMoney(data.totalRevenue),
      hint: data && `Net sales ${formatMoney(data.netSales)}`,
      testId: 'revenue',
    },
    { label: 'Orders', value: data && number.format(data.orders), hint: 'Paid in this period', testId: 'orders' },
    {
      label: 'Average order',
      value: data && formatMoney(data.averageOrderValue),
      hint: data && `Discounts ${formatMoney(data.discounts)}`,
      testId: 'average',
    },
    {
      label: 'Units sold',
      value: data && number.format(data.unitsSold),
      hint: data && `Gross sales ${formatMoney(data.grossSales)}`,
      testId: 'units',
    },
  ];
  return (
    <SimpleGrid cols={{ base: 2, md: 4 }} spacing={{ base: 'sm', sm: 'lg' }} aria-busy={overview.isFetching}>
      {cards.map((card) => (
        <Paper key={card.label} p={{ base: 'md', sm: 'lg' }} component="section" aria-label={card.label}>
          <Text size="sm" c="dimmed">
            {card.label}
          </Text>
          {card.value === undefined ? (
            <Skeleton h={32} w="70%" my={4} />
          ) : (
            <Text
              fz={{ base: 21, sm: 27 }}
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
