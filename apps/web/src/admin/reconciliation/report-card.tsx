import { Badge, Group, Loader, Paper, SimpleGrid, Skeleton, Stack, Text } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { RouterOutputs } from '@cartwright/sdk';
import { useTrpc } from '../../app/shop-context.tsx';
import { formatDateTime } from '../../lib/dates.ts';
import { ErrorState } from '../../ui/states.tsx';
import { DifferencesList } from './differences-list.tsx';

export type Report = RouterOutputs['admin']['reconciliation']['report'];
type Check = Report['checks'][number];

const FOLLOWED_EVERY_MS = 1_000;

const CHECK_WORDS: Record<Check['name'], string> = {
  orders: 'Orders',
  payments: 'Payments',
  refunds: 'Refunds',
  stock: 'Stock',
  coupons: 'Coupons',
  coupon_customers: 'Coupons by customer',
  coupon_uses: 'Uses of coupons',
  events: 'Stuck events',
  provider: 'Payment provider',
  invoices: 'Invoices and credit notes',
  invoice_numbers: 'Numbers of invoices and credit notes',
};

/** A report, live while it runs: what was gone through, and what was found. */
export function ReportCard({ reportId }: { reportId: string }) {
  const trpc = useTrpc();
  const query = useQuery(
    trpc.admin.reconciliation.report.queryOptions(
      { reportId },
      {
        staleTime: 0,
        refetchInterval: ({ state }) => (state.data?.state === 'running' ? FOLLOWED_EVERY_MS : false),
      },
    ),
  );
  const report = query.data;
  if (query.isError && !report) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  if (!report) return <Skeleton h={220} role="status" aria-label="Loading the report" />;
  return (
    <Paper p="lg" data-testid="reconciliation-card">
      <Stack gap="md">
        <div aria-live="polite">
          <Text fw={600}>{headlineOf(report)}</Text>
          <Text size="sm" c="dimmed">
            Begun {formatDateTime(report.startedAt)}
            {report.finishedAt && `, ended ${formatDateTime(report.finishedAt)}`}
            {report.problem && ` · ${report.problem}`}
          </Text>
        </div>
        <SimpleGrid cols={{ base: 2, sm: 3, lg: 5 }} spacing="sm">
          {report.checks.map((check) => (
            <CheckTile key={check.name} check={check} />
          ))}
        </SimpleGrid>
        {report.differences > 0 && <DifferencesList report={report} />}
      </Stack>
    </Paper>
  );
}

function headlineOf({ state, differences }: Report): string {
  const found = `${differences} ${differences === 1 ? 'difference' : 'differences'}`;
  if (state === 'running') return differences > 0 ? `Comparing; ${found} so far` : 'Comparing';
  if (state === 'failed') return `Not finished${differences > 0 ? `; ${found} until then` : ''}`;
  return differences > 0 ? `${found} found` : 'Everything adds up';
}

function CheckTile({ check: { name, state, examined, differences } }: { check: Check }) {
  return (
    <Stack gap={2} style={{ opacity: state === 'waiting' ? 0.5 : 1 }}>
      <Group gap={6} wrap="nowrap">
        <Text size="sm">{CHECK_WORDS[name]}</Text>
        {state === 'running' && <Loader size={12} aria-label="under way" />}
        {state === 'done' && differences === 0 && <IconCheck size={14} aria-label="agrees" />}
        {differences > 0 && (
          <Badge size="xs" color="red" variant="light">
            {differences}
          </Badge>
        )}
      </Group>
      <Text size="xs" c="dimmed">
        {state === 'waiting' ? 'Not yet' : `${examined.toLocaleString()} looked at`}
      </Text>
    </Stack>
  );
}
