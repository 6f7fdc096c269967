import { SegmentedControl, Stack } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { useShopConfig } from '../app/hooks.ts';
import { lastDays } from '../lib/period.ts';
import { Page } from '../ui/page.tsx';
import { ErrorState, PageLoader } from '../ui/states.tsx';
import { OverviewCards } from './overview-cards.tsx';
import { ReconciliationNotice } from './reconciliation/reconciliation-page.tsx';
import { RevenueChart } from './revenue-chart.tsx';
import { TodayStrip } from './today-strip.tsx';
import { TopSelling } from './top-selling.tsx';

const route = getRouteApi('/admin/');

export interface Period {
  days: number;
  /** `[from, to)`, whole calendar days in the shop's time zone. */
  from: Date;
  to: Date;
  /** YYYY-MM-DD of `from`. */
  firstDay: string;
}

const CHOICES = [
  { value: '7', label: '7 days' },
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
] as const;

/** How the shop is doing, over a period to choose. */
export function DashboardPage() {
  const { days = '30' } = route.useSearch();
  const navigate = route.useNavigate();
  const config = useShopConfig();
  const [live, setLive] = useState(false);
  const timezone = config.data?.timezone;
  const period = useMemo(
    () => (timezone === undefined ? null : { days: Number(days), ...lastDays(Number(days), new Date(), timezone) }),
    [days, timezone],
  );
  return (
    <Page
      title="Overview"
      description={timezone && `Days in ${timezone}, today included`}
      actions={
        <SegmentedControl
          aria-label="Period"
          value={days}
          data={[...CHOICES]}
          onChange={(value) => {
            const choice = CHOICES.find((candidate) => candidate.value === value);
            if (choice) void navigate({ search: { days: choice.value }, resetScroll: false });
          }}
        />
      }
    >
      {config.isError && <ErrorState error={config.error} onRetry={() => void config.refetch()} />}
      {config.isPending && <PageLoader />}
      {period && (
        <Stack gap="lg">
          <TodayStrip currency={config.data?.currency ?? 'USD'} onLive={setLive} />
          <ReconciliationNotice />
          <OverviewCards period={period} live={live} />
          <RevenueChart period={period} />
          <TopSelling period={period} />
        </Stack>
      )}
    </Page>
  );
}
