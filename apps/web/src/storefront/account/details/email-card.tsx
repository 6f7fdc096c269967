import { Badge, Button, Group, Text, TextInput } from '@mantine/core';
import { isEmail, useForm } from '@mantine/form';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { RouterOutputs } from '@cartwright/sdk';
import { useTrpc } from '../../../app/shop-context.tsx';
import { InlineError } from '../../../ui/states.tsx';
import { DetailCard, Saved } from './detail-card.tsx';

type User = RouterOutputs['account']['me'];

/** The address: whether it is confirmed, and another one. */
export function EmailCard({ user }: { user: User }) {
  const trpc = useTrpc();
  const queryClient = useQueryClient();
  const form = useForm({
    initialValues: { newEmail: '' },
    validate: { newEmail: isEmail('Enter a valid e-mail address') },
  });
  const resend = useMutation(trpc.auth.resendVerification.mutationOptions());
  const change = useMutation(
    trpc.account.changeEmail.mutationOptions({
      onSuccess: () => queryClient.invalidateQueries(trpc.account.me.queryFilter()),
    }),
  );
  return (
    <DetailCard title="Your e-mail address">
      <Group gap="sm">
        <Text fw={600}>{user.email}</Text>
        <Badge variant="light" color={user.emailVerified ? 'pine' : 'clay'}>
          {user.emailVerified ? 'Confirmed' : 'Not confirmed'}
        </Badge>
        {!user.emailVerified && (
          <Button size="compact-sm" variant="subtle" loading={resend.isPending} onClick={() => resend.mutate({})}>
            Send the mail again
          </Button>
        )}
      </Group>
      <InlineError error={resend.error} />
      {resend.isSuccess && <Saved>A mail is on its way.</Saved>}
      <form onSubmit={form.onSubmit((values) => change.mutate(values))} noValidate>
        <Group align="flex-end">
          <TextInput
            label="New address"
            type="email"
            autoComplete="email"
            inputMode="email"
            flex={1}
            {...form.getInputProps('newEmail')}
          />
          <Button type="submit" variant="default" loading={change.isPending}>
            Change
          </Button>
        </Group>
      </form>
      <InlineError error={change.error} />
      {user.pendingEmail !== undefined && (
        <Text size="sm" c="dimmed" role="status">
          We have mailed a link to {user.pendingEmail}. The address changes once you open it.
        </Text>
      )}
    </DetailCard>
  );
}
