import '@mantine/charts/styles.css';
import { AreaChart } from '@mantine/charts';
import { SegmentedControl, Table, VisuallyHidden } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { RouterOutputs } from '@cartwright/sdk';
import { useTrpc } from '../../app/shop-context.tsx';
import { formatDay, formatMonth } from '../../lib/dates.ts';
import { formatCount, inCurrency } from '../../lib/figures.ts';
import { toMajor } from '../../lib/money-input.ts';
import { LOCALE, formatMoney } from '../../lib/money.ts';
import { Panel } from './panel.tsx';
import type { Period } from './period.ts';

type Revenue = RouterOutputs['admin']['analytics']['revenue']['byCurrency'][number];

const SHOWN = [
  { value: 'revenue', label: 'Revenue' },
  { value: 'orders', label: 'Orders' },
] as const;
type Shown = (typeof SHOWN)[number]['value'];

/** Revenue or orders day by day, of a year by month. The same numbers stand in a table for screen readers. */
export function RevenueChart({
  period: { from, to, days },
  currency,
}: {
  period: Period;
  currency?: string | undefined;
}) {
  const [shown, setShown] = useState<Shown>('revenue');
  const bucket = days > 90 ? 'month' : 'day';
  const revenue = useQuery(
    useTrpc().admin.analytics.revenue.queryOptions(
      { from, to, bucket },
      { placeholderData: keepPreviousData, staleTime: 5_000 },
    ),
  );
  const data = revenue.data && inCurrency(revenue.data.byCurrency, currency);
  const isEmpty = (data?.buckets ?? []).every((one) => one.revenue.amount === 0 && one.orders === 0);
  return (
    <Panel
      title={`${shown === 'revenue' ? 'Revenue' : 'Orders'} by ${bucket}`}
      query={revenue}
      empty={isEmpty && 'No payments in this period yet.'}
      actions={
        <SegmentedControl
          aria-label="Shown in the chart"
          size="xs"
          value={shown}
          data={[...SHOWN]}
          onChange={(value) => setShown(value === 'orders' ? 'orders' : 'revenue')}
        />
      }
    >
      {data && <Chart data={data} shown={shown} bucket={bucket} />}
    </Panel>
  );
}

function Chart({
  data: { currency, buckets },
  shown,
  bucket,
}: {
  data: Revenue;
  shown: Shown;
  bucket: 'day' | 'month';
}) {
  const full = new Intl.NumberFormat(LOCALE, { style: 'currency', currency });
  const axis = new Intl.NumberFormat(LOCALE, {
    style: 'currency',
    currency,
    notation: 'compact',
    maximumFractionDigits: 1,
  });
  const nameOf = bucket === 'day' ? formatDay : formatMonth;
  const isMoney = shown === 'revenue';
  return (
    <>
      <div aria-hidden>
        <AreaChart
          h={280}
          data={buckets.map(({ start, orders, revenue }) => ({
            day: nameOf(start),
            revenue: toMajor(revenue.amount, currency),
            orders,
          }))}
          dataKey="day"
          series={[
            isMoney
              ? { name: 'revenue', label: 'Revenue', color: 'pine.7' }
              : { name: 'orders', label: 'Orders', color: 'clay.6' },
          ]}
          curveType="monotone"
          withDots={buckets.length <= 14}
          withGradient
          tickLine="none"
          valueFormatter={(value) => (isMoney ? full.format(value) : formatCount(value))}
          xAxisProps={{ minTickGap: 28 }}
          yAxisProps={{
            width: 62,
            allowDecimals: isMoney,
            tickFormatter: (value: number) => (isMoney ? axis.format(value) : formatCount(value)),
          }}
        />
      </div>
      <VisuallyHidden>
        <Table>
          <Table.Caption>Revenue and orders by {bucket}</Table.Caption>
          <Table.Tbody>
            {buckets.map(({ start, orders, revenue }) => (
              <Table.Tr key={start}>
                <Table.Th scope="row">{nameOf(start)}</Table.Th>
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
