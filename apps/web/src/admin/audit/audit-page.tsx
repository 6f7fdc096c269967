import { Badge, Button, Group, Select, Stack, Table, Text, TextInput } from '@mantine/core';
import { IconHistoryOff } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { RouterOutputs } from '@cartwright/sdk';
import { useTrpc } from '../../app/shop-context.tsx';
import { formatDateTime } from '../../lib/dates.ts';
import { compact } from '../../lib/search-params.ts';
import { TextLink } from '../../ui/links.tsx';
import { Page } from '../../ui/page.tsx';
import { NothingHere } from '../../ui/states.tsx';
import { PagedList, TableFrame } from '../paged-list.tsx';
import { useCursorPages } from '../use-cursor-pages.ts';
import { AUDIT_ACTIONS, detailWords } from './audit-words.ts';

type Entry = RouterOutputs['admin']['audit']['list']['items'][number];

const route = getRouteApi('/admin/audit');
const OUTCOMES = [
  { value: 'ok', label: 'Done' },
  { value: 'refused', label: 'Refused' },
  { value: 'unknown', label: 'Unknown' },
] as const;
const OUTCOME_COLORS: Readonly<Record<Entry['outcome'], string>> = { ok: 'teal', refused: 'red', unknown: 'yellow.8' };

/** The start of a day, as its field writes it, in the reader's time. */
const dayStart = (day: string | undefined, daysOn = 0): Date | undefined => {
  if (day === undefined) return undefined;
  const moment = new Date(`${day}T00:00:00`);
  if (Number.isNaN(moment.getTime())) return undefined;
  moment.setDate(moment.getDate() + daysOn);
  return moment;
};

/** Who did what, newest first. */
export function AuditPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const trpc = useTrpc();
  const pages = useCursorPages(JSON.stringify(search));
  const entries = useQuery(
    trpc.admin.audit.list.queryOptions(
      {
        ...compact({
          actorId: search.actor,
          targetId: search.target,
          action: search.action,
          outcome: search.outcome,
          from: dayStart(search.from),
          to: dayStart(search.to, 1),
          cursor: pages.cursor,
        }),
        limit: 50,
      },
      { placeholderData: keepPreviousData, staleTime: 0 },
    ),
  );
  const setSearch = (change: { [K in keyof typeof search]: (typeof search)[K] | undefined }) =>
    void navigate({ search: compact({ ...search, ...change }), replace: true });
  const items = entries.data?.items ?? [];
  return (
    <Page
      title="Audit log"
      description="Security events, and what staff change and read of people. Nothing here can be changed."
    >
      <Stack gap="md">
        <Group gap="sm" role="search" aria-label="Filter the log" align="flex-end">
          <Select
            label="Action"
            placeholder="Any"
            clearable
            searchable
            w={230}
            data={[...AUDIT_ACTIONS]}
            value={search.action ?? null}
            onChange={(action) => setSearch({ action: action ?? undefined })}
          />
          <Select
            label="Outcome"
            placeholder="Any"
            clearable
            w={130}
            data={[...OUTCOMES]}
            value={search.outcome ?? null}
            onChange={(value) => setSearch({ outcome: OUTCOMES.find((one) => one.value === value)?.value })}
          />
          <TextInput
            label="From"
            type="date"
            value={search.from ?? ''}
            onChange={(event) => setSearch({ from: event.currentTarget.value || undefined })}
          />
          <TextInput
            label="To"
            type="date"
            value={search.to ?? ''}
            onChange={(event) => setSearch({ to: event.currentTarget.value || undefined })}
          />
          {Object.keys(search).length > 0 && (
            <Button variant="default" onClick={() => void navigate({ search: {} })}>
              Clear
            </Button>
          )}
        </Group>
        {(search.actor !== undefined || search.target !== undefined) && (
          <Text size="sm" c="dimmed">
            {search.actor !== undefined ? 'By one user alone. ' : ''}
            {search.target !== undefined ? 'About one user or thing alone.' : ''}
          </Text>
        )}
        <PagedList list={entries} pages={pages} loading="Loading the log">
          {items.length === 0 ? (
            <NothingHere icon={<IconHistoryOff size={44} stroke={1.3} />} title="Nothing matches" />
          ) : (
            <TableFrame list={entries}>
              <AuditTable entries={items} />
            </TableFrame>
          )}
        </PagedList>
      </Stack>
    </Page>
  );
}

function AuditTable({ entries }: { entries: readonly Entry[] }) {
  return (
    <Table verticalSpacing="xs" horizontalSpacing="md" aria-label="Audit log">
      <Table.Thead>
        <Table.Tr>
          <Table.Th visibleFrom="md">When</Table.Th>
          <Table.Th visibleFrom="md">Who</Table.Th>
          <Table.Th>What</Table.Th>
          <Table.Th visibleFrom="md">On</Table.Th>
          <Table.Th>Outcome</Table.Th>
          <Table.Th visibleFrom="md">From</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {entries.map((entry) => (
          <Table.Tr key={entry.id} data-testid="audit-entry">
            <Table.Td style={{ whiteSpace: 'nowrap' }} visibleFrom="md">
              {formatDateTime(entry.at)}
            </Table.Td>
            <Table.Td maw={200} visibleFrom="md">
              <Actor actor={entry.actor} />
            </Table.Td>
            <Table.Td maw={{ base: 0, md: 300 }} w={{ base: '100%', md: 'auto' }}>
              <Text size="sm" ff="monospace">
                {entry.action}
              </Text>
              {entry.details && (
                <Text size="xs" c="dimmed" truncate title={detailWords(entry.details)}>
                  {detailWords(entry.details)}
                </Text>
              )}
              {/* On a small screen one column tells it all. */}
              <Stack gap={0} hiddenFrom="md">
                <Actor actor={entry.actor} />
                {entry.target && <Target target={entry.target} />}
                <Text size="xs" c="dimmed">
                  {formatDateTime(entry.at)} · {entry.ip ?? '–'}
                </Text>
              </Stack>
            </Table.Td>
            <Table.Td maw={200} visibleFrom="md">
              <Target target={entry.target} />
            </Table.Td>
            <Table.Td>
              <Badge size="sm" variant="light" color={OUTCOME_COLORS[entry.outcome]}>
                {OUTCOMES.find(({ value }) => value === entry.outcome)?.label}
              </Badge>
            </Table.Td>
            <Table.Td visibleFrom="md">
              <Text size="sm" c="dimmed" title={entry.userAgent} style={{ whiteSpace: 'nowrap' }}>
                {entry.ip ?? '–'}
              </Text>
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function Actor({ actor }: { actor: Entry['actor'] }) {
  if (actor.kind === 'system') return <Text size="sm">The shop</Text>;
  if (actor.kind === 'guest' || actor.id === undefined) return <Text size="sm">Somebody</Text>;
  return (
    <TextLink to="/admin/audit" search={{ actor: actor.id }} size="sm" title={actor.email}>
      {actor.name ?? actor.id}
    </TextLink>
  );
}

function Target({ target }: { target: Entry['target'] }) {
  if (!target) return <Text size="sm">–</Text>;
  if (target.kind === 'user') {
    return (
      <TextLink to="/admin/users/$userId" params={{ userId: target.id }} size="sm">
        {target.name ?? target.id}
      </TextLink>
    );
  }
  if (target.kind === 'order') {
    return (
      <TextLink to="/admin/orders/$orderId" params={{ orderId: target.id }} size="sm">
        Order
      </TextLink>
    );
  }
  return (
    <Text size="sm" truncate title={target.id}>
      {target.kind} {target.id}
    </Text>
  );
}
