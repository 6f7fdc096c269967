import { Group, Stack, Table, Text } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { RouterOutputs } from '@cartwright/sdk';
import { useTrpc } from '../../app/shop-context.tsx';
import { TextLink } from '../../ui/links.tsx';
import { PagedList, TableFrame } from '../paged-list.tsx';
import { useCursorPages } from '../use-cursor-pages.ts';
import type { Report } from './report-card.tsx';

type Difference = RouterOutputs['admin']['reconciliation']['differences']['items'][number];

/** What a report found, each with the way to what it is about. */
export function DifferencesList({ report: { id: reportId, state, differences } }: { report: Report }) {
  const trpc = useTrpc();
  const pages = useCursorPages(reportId);
  const list = useQuery(
    trpc.admin.reconciliation.differences.queryOptions(
      { reportId, limit: 25, ...(pages.cursor === undefined ? {} : { cursor: pages.cursor }) },
      { placeholderData: keepPreviousData, staleTime: 0, refetchInterval: state === 'running' ? 3_000 : false },
    ),
  );
  const items = list.data?.items ?? [];
  return (
    <Stack gap="xs">
      {differences > 1_000 && (
        <Text size="sm" c="dimmed">
          The first thousand are kept.
        </Text>
      )}
      <PagedList list={list} pages={pages} loading="Loading the differences">
        <TableFrame list={list}>
          <Table verticalSpacing="xs" horizontalSpacing="md" aria-label="Differences">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>What differs</Table.Th>
                <Table.Th visibleFrom="sm">Expected</Table.Th>
                <Table.Th visibleFrom="sm">Found</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {items.map((difference) => (
                <DifferenceRow key={difference.id} difference={difference} />
              ))}
            </Table.Tbody>
          </Table>
        </TableFrame>
      </PagedList>
    </Stack>
  );
}

function DifferenceRow({ difference: { text, expected, found, subject } }: { difference: Difference }) {
  return (
    <Table.Tr data-testid="difference">
      <Table.Td>
        <Text size="sm">{text}</Text>
        <Group gap="xs">
          <SubjectLinks subject={subject} />
        </Group>
        <Text size="xs" c="dimmed" hiddenFrom="sm">
          Expected {expected}, found {found}
        </Text>
      </Table.Td>
      <Table.Td visibleFrom="sm">{expected}</Table.Td>
      <Table.Td visibleFrom="sm">{found}</Table.Td>
    </Table.Tr>
  );
}

function SubjectLinks({ subject }: { subject: Difference['subject'] }) {
  const {
    orderId,
    orderNumber,
    productId,
    couponId,
    couponCode,
    reference,
    customerId,
    refundId,
    eventId,
    documentNumber,
  } = subject;
  const others = [reference, refundId, eventId, documentNumber].filter((id) => id !== undefined);
  return (
    <>
      {orderId !== undefined && (
        <TextLink to="/admin/orders/$orderId" params={{ orderId }} size="xs">
          Order {orderNumber ?? orderId}
        </TextLink>
      )}
      {productId !== undefined && (
        <TextLink to="/admin/products/$productId" params={{ productId }} size="xs">
          See the product
        </TextLink>
      )}
      {couponId !== undefined && (
        <TextLink to="/admin/coupons/$couponId" params={{ couponId }} size="xs">
          Coupon {couponCode ?? couponId}
        </TextLink>
      )}
      {customerId !== undefined && (
        <TextLink to="/admin/users/$userId" params={{ userId: customerId }} size="xs">
          See the customer
        </TextLink>
      )}
      {others.map((id) => (
        <Text key={id} size="xs" c="dimmed" ff="monospace" style={{ overflowWrap: 'anywhere' }}>
          {id}
        </Text>
      ))}
    </>
  );
}
