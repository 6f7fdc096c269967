import '@mantine/charts/styles.css';
import { AreaChart } from '@mantine/charts';
import { Center, Group, Paper, Skeleton, Table, Text, Title, VisuallyHidden } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { LOCALE, formatMoney } from '../lib/money.ts';
import { useTrpc } from '../app/shop-context.tsx';
import { formatDay } from '../lib/dates.ts';
import { toMajor } from '../lib/money-input.ts';
import { fillDays } from '../lib/period.ts';
import { ErrorState } from '../ui/states.tsx';
import type { Period } from './dashboard-page.tsx';

/** Revenue day by day. The same numbers stand in a table for screen readers. */
export function RevenueChart({ period: { from, to, firstDay, days } }: { period: Period }) {
  const revenue = useQuery(
    useTrpc().admin.analytics.revenue.queryOptions(
      { from, to, bucket: 'day' },
      { placeholderData: keepPreviousData, staleTime: 5_000 },
    ),
  );
  return (
    <Paper p={{ base: 'md', sm: 'lg' }} component="section" aria-labelledby="revenue-chart">
      <Group justify="space-between" mb="lg">
        <Title order={2} size="h3" id="revenue-chart">
          Revenue by day
        </Title>
      </Group>
      {revenue.isPending && <Skeleton h={280} />}
      {revenue.isError && <ErrorState error={revenue.error} onRetry={() => void revenue.refetch()} />}
      {revenue.data && <Chart data={revenue.data} firstDay={firstDay} days={days} />}
    </Paper>
  );
}

interface ChartProps {
  data: {
    currency: string;
    buckets: { start: string; orders: number; revenue: { amount: number; currency: string } }[];
  };
  firstDay: string;
  days: number;
}

function Chart({ data: { currency, buckets }, firstDay, days }: ChartProps) {
  const filled = fillDays({ firstDay, days }, buckets, (start) => ({
    start,
    orders: 0,
    revenue: { amount: 0, currency },
  }));
  if (filled.every(({ revenue }) => revenue.amount === 0)) {
    return (
      <Center h={280}>
        <Text c="dimmed">No payments in this period yet.</Text>
      </Center>
    );
  }
  const full = new Intl.NumberFormat(LOCALE, { style: 'currency', currency });
  const axis = new Intl.NumberFormat(LOCALE, {
    style: 'currency',
    currency,
    notation: 'compact',
    maximumFractionDigits: 1,
  });
  return (
    <>
      <div aria-hidden>
        <AreaChart
          h={280}
          data={filled.map(({ start, orders, revenue }) => ({
            day: formatDay(start),
            revenue: toMajor(revenue.amount, currency),
            orders,
          }))}
          dataKey="day"
          series={[{ name: 'revenue', label: 'Revenue', color: 'pine.7' }]}
          curveType="monotone"
          withDots={days <= 7}
          withGradient
          tickLine="none"
          valueFormatter={(value) => full.format(value)}
          xAxisProps={{ minTickGap: 28 }}
          yAxisProps={{ width: 62, tickFormatter: (value: number) => axis.format(value) }}
        />
      </div>
      <VisuallyHidden>
        <Table>
          <Table.Caption>Revenue by day</Table.Caption>
          <Table.Tbody>
            {filled.map(({ start, orders, revenue }) => (
              <Table.Tr key={start}>
                <Table.Th scope="row">{formatDay(start)}</Table.Th>
                <Table.Td>{formatMoney(revenue)}</Table.Td>
                <Table.Td>{orders} orders</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </VisuallyHidden>
    </>
  );
}
