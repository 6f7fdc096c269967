import { Button, Group, TextInput } from '@mantine/core';
import { isNotEmpty, useForm } from '@mantine/form';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { RouterOutputs } from '@cartwright/sdk';
import { useTrpc } from '../../../app/shop-context.tsx';
import { InlineError } from '../../../ui/states.tsx';
import { DetailCard, Saved } from './detail-card.tsx';

type User = RouterOutputs['account']['me'];

export function NameCard({ user }: { user: User }) {
  const trpc = useTrpc();
  const queryClient = useQueryClient();
  const form = useForm({ initialValues: { name: user.name }, validate: { name: isNotEmpty('Enter your name') } });
  const update = useMutation(
    trpc.account.update.mutationOptions({
      onSuccess: (changed) => queryClient.setQueryData(trpc.account.me.queryKey(), changed),
    }),
  );
  return (
    <DetailCard title="Your name">
      <form onSubmit={form.onSubmit((values) => update.mutate(values))} noValidate>
        <Group align="flex-end">
          <TextInput label="Name" autoComplete="name" maxLength={120} flex={1} {...form.getInputProps('name')} />
          <Button type="submit" variant="default" loading={update.isPending}>
            Save
          </Button>
        </Group>
      </form>
      <InlineError error={update.error} />
      {update.isSuccess && <Saved>Saved.</Saved>}
    </DetailCard>
  );
}
