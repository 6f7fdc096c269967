import { Group, Paper, SimpleGrid, Skeleton, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import type { RouterOutputs } from '@cartwright/sdk';
import { useSubscription } from '../../app/live.tsx';
import { useShop, useTrpc } from '../../app/shop-context.tsx';
import { followsOrders } from '../../lib/figures.ts';
import { formatMoney } from '../../lib/money.ts';
import { LiveBadge } from '../../ui/live-badge.tsx';
import classes from './today-strip.module.css';

type Money = RouterOutputs['admin']['analytics']['overview']['byCurrency'][number]['netSales'];

interface Counters {
  ordersToday: number;
  paidToday: number;
  revenueToday: readonly Money[];
  pendingOrders: number;
}

/** The figures of the period are read again this long after the counters moved, however often they do meanwhile. */
const SETTLE_MS = 1_500;
const number = new Intl.NumberFormat('en');

/** The shop's day so far, counting by itself; it has the rest of the page follow. */
export function TodayStrip({
  currency,
  onLive,
  onDay,
}: {
  currency: string;
  onLive: (live: boolean) => void;
  /** Told which day it is in the shop, YYYY-MM-DD, and again after midnight. */
  onDay: (day: string) => void;
}) {
  const [counters, setCounters] = useState<Counters | null>(null);
  const shop = useShop();
  const refreshFigures = useRefreshFigures();
  const live = useSubscription({
    procedure: shop.api.admin.analytics.onCounters,
    input: {},
    onEvent: (event) => {
      if (event.type !== 'counters') return;
      // The first are those of now: the page has just read its figures.
      if (counters) refreshFigures();
      setCounters(event);
      onDay(event.day);
    },
    onStale: (reason) => {
      if (reason === 'resync') refreshFigures();
    },
  });
  useEffect(() => onLive(live), [live, onLive]);

  const cards = [
    { label: 'Orders', value: counters && number.format(counters.ordersToday), testId: 'orders' },
    { label: 'Paid', value: counters && number.format(counters.paidToday), testId: 'paid' },
    { label: 'Taken in', value: counters && revenueWords(counters.revenueToday, currency), testId: 'revenue' },
    { label: 'Waiting for payment', value: counters && number.format(counters.pendingOrders), testId: 'pending' },
  ];
  return (
    <Paper p={{ base: 'md', sm: 'lg' }} component="section" aria-labelledby="today">
      <Group justify="space-between" mb="sm">
        <Text component="h2" size="sm" fw={650} id="today" m={0}>
          Today
        </Text>
        <LiveBadge live={live} />
      </Group>
      <SimpleGrid cols={{ base: 2, sm: 4 }} spacing="md" verticalSpacing="sm">
        {cards.map(({ label, value, testId }) => (
          <div key={label}>
            {value === null ? (
              <Skeleton h={26} w={70} my={2} />
            ) : (
              <Text
                key={value}
                className={`cw-numeric ${classes['value']}`}
                fz={{ base: 18, sm: 20 }}
                fw={680}
                lts="-0.01em"
                data-testid={`today-${testId}`}
              >
                {value}
              </Text>
            )}
            <Text size="xs" c="dimmed">
              {label}
            </Text>
          </div>
        ))}
      </SimpleGrid>
    </Paper>
  );
}

/** Each currency for itself; nothing yet is zero of the shop's. */
function revenueWords(revenue: readonly Money[], currency: string): string {
  return revenue.length === 0 ? formatMoney({ amount: 0, currency }) : revenue.map(formatMoney).join(' + ');
}

function useRefreshFigures(): () => void {
  const trpc = useTrpc();
  const queryClient = useQueryClient();
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(
    () => () => {
      clearTimeout(timer.current);
      timer.current = undefined;
    },
    [],
  );
  return () => {
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      void queryClient.invalidateQueries(
        trpc.admin.analytics.pathFilter({ predicate: ({ queryKey }) => followsOrders(queryKey) }),
      );
    }, SETTLE_MS);
  };
}
