import { Button, Group, Modal, Paper, Select, Skeleton, Stack, Table, Text, TextInput } from '@mantine/core';
import { useDebouncedCallback, useDisclosure } from '@mantine/hooks';
import { IconSearch, IconUserOff, IconUserPlus } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { getRouteApi, useRouter } from '@tanstack/react-router';
import type { RouterOutputs } from '@cartwright/sdk';
import { useState } from 'react';
import { useTrpc } from '../../app/shop-context.tsx';
import { formatDate } from '../../lib/dates.ts';
import { compact } from '../../lib/search-params.ts';
import { TextLink } from '../../ui/links.tsx';
import { Page } from '../../ui/page.tsx';
import { ErrorState, NothingHere } from '../../ui/states.tsx';
import { Pager } from '../pager.tsx';
import { useCursorPages } from '../use-cursor-pages.ts';
import { InviteForm } from './invite-form.tsx';
import { PersonBadges, ROLE_WORDS } from './person-badges.tsx';
import { WithdrawInvite } from './withdraw-invite.tsx';

type Person = RouterOutputs['admin']['users']['list']['items'][number];

const HERE = '/admin/users';
const route = getRouteApi(HERE);
const ROLES = (['customer', 'staff', 'admin'] as const).map((value) => ({ value, label: ROLE_WORDS[value] }));
const SHOWN = [
  { value: 'banned', label: 'Banned' },
  { value: 'unverified', label: 'Unverified' },
  { value: 'invited', label: 'Invited' },
] as const;

/** The people of the shop, to find and to filter. */
export function UsersPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const router = useRouter();
  const trpc = useTrpc();
  const [inviting, { open, close }] = useDisclosure(false);
  const pages = useCursorPages(JSON.stringify(search));
  const people = useQuery(
    trpc.admin.users.list.queryOptions(
      {
        ...compact({ query: search.q, role: search.role, cursor: pages.cursor }),
        ...(search.show === 'banned' ? { banned: true } : {}),
        ...(search.show === 'unverified' ? { verified: false } : {}),
        ...(search.show === 'invited' ? { invited: true } : {}),
        limit: 20,
      },
      { placeholderData: keepPreviousData, staleTime: 0 },
    ),
  );
  const setSearch = (change: { [K in keyof typeof search]: (typeof search)[K] | undefined }) => {
    // A search that was typed just before following a link must not lead back from it.
    if (router.latestLocation.pathname !== HERE) return;
    void navigate({ search: compact({ ...search, ...change }), replace: true });
  };
  const shown = people.data?.items ?? [];
  return (
    <Page
      title="Users"
      actions={
        <Button leftSection={<IconUserPlus size={17} />} onClick={open}>
          Invite
        </Button>
      }
    >
      <Stack gap="md">
        <Group gap="sm" role="search" aria-label="Filter the users">
          <PersonSearch
            key={search.q === undefined ? 'empty' : 'typed'}
            initial={search.q ?? ''}
            onSearch={(q) => setSearch({ q })}
          />
          <Select
            aria-label="Role"
            placeholder="Any role"
            clearable
            w={160}
            data={ROLES}
            value={search.role ?? null}
            onChange={(value) => setSearch({ role: ROLES.find((role) => role.value === value)?.value })}
          />
          <Select
            aria-label="State"
            placeholder="Any state"
            clearable
            w={150}
            data={[...SHOWN]}
            value={search.show ?? null}
            onChange={(value) => setSearch({ show: SHOWN.find((state) => state.value === value)?.value })}
          />
        </Group>
        {people.isPending && <Skeleton h={420} role="status" aria-label="Loading users" />}
        {people.isError && !people.data && <ErrorState error={people.error} onRetry={() => void people.refetch()} />}
        {people.data?.truncated && (
          <Text size="sm" c="dimmed" role="status">
            Many match. Type more to see the others.
          </Text>
        )}
        {people.data && shown.length === 0 && (
          <NothingHere
            icon={<IconUserOff size={44} stroke={1.3} />}
            title="Nobody matches"
            description="Search looks at the beginnings of addresses, names and their words."
          >
            <Button onClick={() => void navigate({ search: {} })}>Clear filters</Button>
          </NothingHere>
        )}
        {shown.length > 0 && (
          <Paper style={{ opacity: people.isPlaceholderData ? 0.6 : 1, overflowX: 'auto' }}>
            <PeopleTable people={shown} />
          </Paper>
        )}
        <Pager pages={pages} nextCursor={people.data?.nextCursor ?? null} busy={people.isPlaceholderData} />
      </Stack>
      <Modal opened={inviting} onClose={close} title="Invite somebody" centered>
        <InviteForm onDone={close} />
      </Modal>
    </Page>
  );
}

function PeopleTable({ people }: { people: readonly Person[] }) {
  return (
    <Table highlightOnHover verticalSpacing="sm" horizontalSpacing="md" miw={620} aria-label="Users">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Name</Table.Th>
          <Table.Th>E-mail</Table.Th>
          <Table.Th>State</Table.Th>
          <Table.Th>Since</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {people.map((person) => (
          <Table.Tr key={person.id} data-testid="person">
            <Table.Td maw={220}>
              <TextLink to="/admin/users/$userId" params={{ userId: person.id }} size="sm" fw={600}>
                {person.name}
              </TextLink>
            </Table.Td>
            <Table.Td maw={260}>
              <Text size="sm" truncate title={person.email}>
                {person.email}
              </Text>
            </Table.Td>
            <Table.Td>
              <Group gap="xs">
                <PersonBadges person={person} />
                {person.invited && <WithdrawInvite person={person} />}
              </Group>
            </Table.Td>
            <Table.Td style={{ whiteSpace: 'nowrap' }}>{formatDate(person.createdAt)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function PersonSearch({ initial, onSearch }: { initial: string; onSearch: (query: string | undefined) => void }) {
  const [value, setValue] = useState(initial);
  const search = useDebouncedCallback((text: string) => onSearch(text.trim() || undefined), 300);
  return (
    <TextInput
      type="search"
      aria-label="E-mail or name"
      placeholder="E-mail or name"
      leftSection={<IconSearch size={16} />}
      flex={1}
      miw={200}
      maw={380}
      maxLength={100}
      value={value}
      onChange={(event) => {
        setValue(event.currentTarget.value);
        search(event.currentTarget.value);
      }}
    />
  );
}
