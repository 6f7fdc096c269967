import { Button, Group, Modal, Select, Stack, Table, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconUserOff, IconUserPlus } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { getRouteApi, useRouter } from '@tanstack/react-router';
import type { RouterOutputs } from '@cartwright/sdk';
import { useTrpc } from '../../app/shop-context.tsx';
import { formatDate } from '../../lib/dates.ts';
import { compact } from '../../lib/search-params.ts';
import { TextLink } from '../../ui/links.tsx';
import { Page } from '../../ui/page.tsx';
import { NothingHere } from '../../ui/states.tsx';
import { PagedList, TableFrame } from '../paged-list.tsx';
import { SearchField } from '../search-field.tsx';
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
          <SearchField
            label="E-mail or name"
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
        {people.data?.truncated && (
          <Text size="sm" c="dimmed" role="status">
            Many match. Type more to see the others.
          </Text>
        )}
        <PagedList list={people} pages={pages} loading="Loading users">
          {shown.length === 0 ? (
            <NothingHere
              icon={<IconUserOff size={44} stroke={1.3} />}
              title="Nobody matches"
              description="Search looks at the beginnings of addresses, names and their words."
            >
              <Button onClick={() => void navigate({ search: {} })}>Clear filters</Button>
            </NothingHere>
          ) : (
            <TableFrame list={people}>
              <PeopleTable people={shown} />
            </TableFrame>
          )}
        </PagedList>
      </Stack>
      <Modal opened={inviting} onClose={close} title="Invite somebody" centered>
        <InviteForm onDone={close} />
      </Modal>
    </Page>
  );
}

function PeopleTable({ people }: { people: readonly Person[] }) {
  return (
    <Table highlightOnHover verticalSpacing="sm" horizontalSpacing="md" aria-label="Users">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Name</Table.Th>
          <Table.Th visibleFrom="sm">E-mail</Table.Th>
          <Table.Th>State</Table.Th>
          <Table.Th visibleFrom="sm">Since</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {people.map((person) => (
          <Table.Tr key={person.id} data-testid="person">
            <Table.Td maw={220}>
              <TextLink to="/admin/users/$userId" params={{ userId: person.id }} size="sm" fw={600}>
                {person.name}
              </TextLink>
              <Text size="xs" c="dimmed" truncate title={person.email} hiddenFrom="sm">
                {person.email}
              </Text>
            </Table.Td>
            <Table.Td maw={260} visibleFrom="sm">
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
            <Table.Td style={{ whiteSpace: 'nowrap' }} visibleFrom="sm">
              {formatDate(person.createdAt)}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
