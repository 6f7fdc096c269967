import { Group, Paper, Progress, Skeleton, Stack, Table, Text, Title } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { formatMoney } from '../lib/money.ts';
import { useTrpc } from '../app/shop-context.tsx';
import { TextLink } from '../ui/links.tsx';
import { ProductImage } from '../ui/product-image.tsx';
import { ErrorState } from '../ui/states.tsx';
import type { Period } from './dashboard-page.tsx';

/** What sold best in a period, by units. */
export function TopSelling({ period: { from, to } }: { period: Period }) {
  const top = useQuery(
    useTrpc().admin.analytics.topSelling.queryOptions(
      { from, to, limit: 8 },
      { placeholderData: keepPreviousData, staleTime: 5_000 },
    ),
  );
  const most = Math.max(1, ...(top.data?.items ?? []).map((item) => item.units));
  return (
    <Paper p={{ base: 'md', sm: 'lg' }} component="section" aria-labelledby="top-selling">
      <Title order={2} size="h3" mb="md" id="top-selling">
        Top selling
      </Title>
      {top.isPending && (
        <Stack aria-busy>
          {[1, 2, 3, 4].map((key) => (
            <Skeleton key={key} h={44} />
          ))}
        </Stack>
      )}
      {top.isError && <ErrorState error={top.error} onRetry={() => void top.refetch()} />}
      {top.data?.items.length === 0 && <Text c="dimmed">Nothing was sold in this period.</Text>}
      {top.data && top.data.items.length > 0 && (
        <Table verticalSpacing="xs" horizontalSpacing="sm">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Product</Table.Th>
              <Table.Th visibleFrom="sm" w="24%">
                Share
              </Table.Th>
              <Table.Th ta="right">Units</Table.Th>
              <Table.Th ta="right">Sales</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody className="cw-numeric">
            {top.data.items.map((item) => (
              <Table.Tr key={item.productId}>
                <Table.Td>
                  <Group gap="sm" wrap="nowrap">
                    <ProductImage image={item.image} alt="" size={38} />
                    <TextLink to="/p/$slug" params={{ slug: item.slug }} size="sm" fw={550} c="inherit" lineClamp={2}>
                      {item.title}
                    </TextLink>
                  </Group>
                </Table.Td>
                <Table.Td visibleFrom="sm">
                  <Progress value={(item.units / most) * 100} size={7} color="pine.6" aria-hidden />
                </Table.Td>
                <Table.Td ta="right">
                  <Text size="sm">{item.units}</Text>
                </Table.Td>
                <Table.Td ta="right">
                  <Text size="sm">{formatMoney(item.sales)}</Text>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Paper>
  );
}
