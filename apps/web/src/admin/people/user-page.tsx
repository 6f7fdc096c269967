import { Grid, Paper, Skeleton, Stack, Table, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { RouterOutputs } from '@cartwright/sdk';
import { useSession, useTrpc } from '../../app/shop-context.tsx';
import { formatDateTime } from '../../lib/dates.ts';
import { reasonOf } from '../../lib/errors.ts';
import { TextLink } from '../../ui/links.tsx';
import { AdminNotFoundPage } from '../admin-not-found-page.tsx';
import { Page } from '../../ui/page.tsx';
import { ErrorState } from '../../ui/states.tsx';
import { BanCard } from './ban-card.tsx';
import { PersonBadges } from './person-badges.tsx';
import { RoleCard } from './role-card.tsx';
import { SessionsCard } from './sessions-card.tsx';
import { TwoFactorCard } from './two-factor-card.tsx';

const route = getRouteApi('/admin/users/$userId');

/** One user, with what an administrator can do. */
export function UserPage() {
  const { userId } = route.useParams();
  const trpc = useTrpc();
  const session = useSession();
  const person = useQuery(trpc.admin.users.byId.queryOptions({ userId }, { staleTime: 0 }));
  if (person.isPending) {
    return (
      <Page title="User">
        <Skeleton h={420} role="status" aria-label="Loading the user" />
      </Page>
    );
  }
  if (!person.data) {
    if (reasonOf(person.error) === 'NOT_FOUND') return <AdminNotFoundPage title="There is no such user" />;
    return (
      <Page title="User">
        <ErrorState error={person.error} onRetry={() => void person.refetch()} />
      </Page>
    );
  }
  const { data } = person;
  const isSelf = session?.user.id === data.id;
  return (
    <Page
      title={data.name}
      breadcrumbs={
        <TextLink to="/admin/users" size="sm" c="dimmed" display="inline-block" mb="xs">
          ‹ Users
        </TextLink>
      }
      description={data.email}
      actions={<PersonBadges person={data} size="lg" />}
    >
      <Grid gap={{ base: 'lg', md: 32 }} align="flex-start">
        <Grid.Col span={{ base: 12, md: 7 }}>
          <Stack gap="lg">
            <Facts person={data} />
            <SessionsCard userId={data.id} />
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 5 }}>
          <Stack gap="lg">
            <BanCard person={data} isSelf={isSelf} />
            <RoleCard person={data} isSelf={isSelf} />
            <TwoFactorCard person={data} isSelf={isSelf} />
          </Stack>
        </Grid.Col>
      </Grid>
    </Page>
  );
}

function Facts({ person }: { person: RouterOutputs['admin']['users']['byId'] }) {
  const { total, pending, paid, canceled } = person.orders;
  const rows = [
    ['E-mail', `${person.email}${person.emailVerified ? '' : ', not confirmed'}`],
    ['Since', formatDateTime(person.createdAt)],
    ['Orders', total === 0 ? 'None' : `${total}: ${pending} pending, ${paid} paid, ${canceled} canceled`],
    ['Second factor', person.twoFactorEnabled ? 'On' : 'Off'],
  ] as const;
  return (
    <Paper p="lg" component="section" aria-label="Facts">
      <Title order={2} size="h4" mb="xs">
        Facts
      </Title>
      <Table variant="vertical" layout="fixed" withRowBorders={false}>
        <Table.Tbody>
          {rows.map(([label, value]) => (
            <Table.Tr key={label}>
              <Table.Th w={130} c="dimmed" fw={400} bg="transparent" px={0}>
                {label}
              </Table.Th>
              <Table.Td style={{ overflowWrap: 'anywhere' }}>{value}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {total > 0 && (
        <TextLink to="/admin/orders" search={{ q: person.email }} size="sm">
          See the orders
        </TextLink>
      )}
      <TextLink to="/admin/audit" search={{ target: person.id }} size="sm" ml={total > 0 ? 'md' : 0}>
        See what was done here
      </TextLink>
    </Paper>
  );
}
