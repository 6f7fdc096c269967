import { Button, Modal, Paper, Stack, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation } from '@tanstack/react-query';
import type { RouterOutputs } from '@cartwright/sdk';
import { useTrpc } from '../../app/shop-context.tsx';
import { formatDateTime } from '../../lib/dates.ts';
import { InlineError } from '../../ui/states.tsx';
import { BanForm } from './ban-form.tsx';
import { usePeopleChanged } from './use-people-changed.ts';

type Person = RouterOutputs['admin']['users']['byId'];

/** A user's ban, to make and to take back. */
export function BanCard({ person, isSelf }: { person: Person; isSelf: boolean }) {
  const [banning, { open, close }] = useDisclosure(false);
  const { ban } = person;
  return (
    <Paper p="lg" component="section" aria-label="Ban">
      <Title order={2} size="h4" mb="xs">
        Ban
      </Title>
      {ban ? (
        <RunningBan userId={person.id} ban={ban} />
      ) : (
        <Stack gap="sm" align="flex-start">
          <Text size="sm" c="dimmed">
            {isSelf ? 'You can’t ban yourself.' : 'Not banned.'}
          </Text>
          {!isSelf && (
            <Button color="red" variant="light" onClick={open}>
              Ban…
            </Button>
          )}
        </Stack>
      )}
      <Modal opened={banning} onClose={close} title={`Ban ${person.name}`} centered>
        <BanForm userId={person.id} onDone={close} />
      </Modal>
    </Paper>
  );
}

function RunningBan({ userId, ban }: { userId: string; ban: NonNullable<Person['ban']> }) {
  const trpc = useTrpc();
  const unban = useMutation(trpc.admin.users.unban.mutationOptions(usePeopleChanged()));
  const cancel = useMutation(trpc.admin.users.cancelBan.mutationOptions(usePeopleChanged()));
  const change = ban.state === 'active' ? unban : cancel;
  const end = ban.until ? ` until ${formatDateTime(ban.until)}` : ' for good';
  return (
    <Stack gap="sm" align="flex-start">
      <Text size="sm">
        {ban.state === 'active' ? `Banned${end}, since ` : `Will be banned${end}, beginning `}
        {formatDateTime(ban.from)}.
      </Text>
      <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
        {ban.reason}
      </Text>
      <InlineError error={change.error} />
      <Button variant="default" loading={change.isPending} onClick={() => change.mutate({ userId })}>
        {ban.state === 'active' ? 'Lift the ban' : 'Take the ban back'}
      </Button>
    </Stack>
  );
}
