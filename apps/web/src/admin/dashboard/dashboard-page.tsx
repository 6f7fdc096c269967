import { Group, NativeSelect, SegmentedControl, SimpleGrid, Stack } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { useShopConfig } from '../../app/hooks.ts';
import { calendarDay, lastDays } from '../../lib/period.ts';
import { Page } from '../../ui/page.tsx';
import { ErrorState, PageLoader } from '../../ui/states.tsx';
import { ReconciliationNotice } from '../reconciliation/reconciliation-page.tsx';
import { CouponUse } from './coupon-use.tsx';
import { CurrencyPicker } from './currency-picker.tsx';
import { HighestRated } from './highest-rated.tsx';
import { LowStock } from './low-stock.tsx';
import { OverviewCards } from './overview-cards.tsx';
import { COMPARISONS, compareTo, PERIODS, type Period } from './period.ts';
import { RevenueChart } from './revenue-chart.tsx';
import { TodayStrip } from './today-strip.tsx';
import { TopSelling } from './top-selling.tsx';

const route = getRouteApi('/admin/');

/** How the shop is doing, over a period to choose, beside another one if that is wished. */
export function DashboardPage() {
  const { days = '30', compare } = route.useSearch();
  const navigate = route.useNavigate();
  const config = useShopConfig();
  const [live, setLive] = useState(false);
  const [today, setToday] = useState<string>();
  const [currency, setCurrency] = useState<string>();
  const timezone = config.data?.timezone;
  const period = useMemo<Period | null>(() => {
    if (timezone === undefined) return null;
    // The shop's clock says when a day is over; until it is heard of, that of whoever looks.
    const day = today ?? calendarDay(new Date(), timezone);
    return { days: Number(days), ...lastDays(Number(days), day, timezone), compareTo: compareTo(compare) };
  }, [days, compare, timezone, today]);
  return (
    <Page
      title="Overview"
      description={timezone && `Days in ${timezone}, today included`}
      actions={
        <Group gap="sm">
          {period && <CurrencyPicker period={period} live={live} value={currency} onChange={setCurrency} />}
          <NativeSelect
            aria-label="Compare"
            value={compare ?? 'none'}
            data={[...COMPARISONS]}
            onChange={(event) => {
              const choice = COMPARISONS.find(({ value }) => value === event.currentTarget.value);
              const chosen = choice && choice.value !== 'none' ? { compare: choice.value } : {};
              void navigate({ search: { days, ...chosen }, resetScroll: false });
            }}
          />
          <SegmentedControl
            aria-label="Period"
            value={days}
            data={[...PERIODS]}
            onChange={(value) => {
              const choice = PERIODS.find((candidate) => candidate.value === value);
              const search = { ...(compare ? { compare } : {}) };
              if (choice) void navigate({ search: { ...search, days: choice.value }, resetScroll: false });
            }}
          />
        </Group>
      }
    >
      {config.isError && <ErrorState error={config.error} onRetry={() => void config.refetch()} />}
      {config.isPending && <PageLoader />}
      {period && (
        <Stack gap="lg">
          <TodayStrip currency={config.data?.currency ?? 'USD'} onLive={setLive} onDay={setToday} />
          <ReconciliationNotice />
          <OverviewCards period={period} live={live} currency={currency} />
          <RevenueChart period={period} currency={currency} />
          <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
            <TopSelling period={period} currency={currency} />
            <HighestRated />
            <LowStock />
            <CouponUse period={period} currency={currency} />
          </SimpleGrid>
        </Stack>
      )}
    </Page>
  );
}
