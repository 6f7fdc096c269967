import { Button, Group, Select, Stack, TextInput } from '@mantine/core';
import { isEmail, isNotEmpty, useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { useTrpc } from '../../app/shop-context.tsx';
import { InlineError } from '../../ui/states.tsx';
import { ROLE_WORDS } from './person-badges.tsx';
import { usePeopleChanged } from './use-people-changed.ts';

const ROLES = (['customer', 'staff', 'admin'] as const).map((value) => ({ value, label: ROLE_WORDS[value] }));

/** Mails somebody a link to an account of their own. */
export function InviteForm({ onDone }: { onDone: () => void }) {
  const trpc = useTrpc();
  const form = useForm({
    initialValues: { email: '', name: '', role: 'staff' as (typeof ROLES)[number]['value'] },
    validate: { email: isEmail('Enter an e-mail address'), name: isNotEmpty('Enter a name') },
  });
  const invite = useMutation(trpc.admin.users.invite.mutationOptions(usePeopleChanged(onDone)));
  return (
    <form noValidate onSubmit={form.onSubmit((values) => invite.mutate(values))}>
      <Stack>
        <TextInput label="Name" required maxLength={120} data-autofocus {...form.getInputProps('name')} />
        <TextInput label="E-mail" type="email" required maxLength={254} {...form.getInputProps('email')} />
        <Select label="Role" data={ROLES} allowDeselect={false} {...form.getInputProps('role')} />
        <InlineError error={invite.error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onDone}>
            Leave it
          </Button>
          <Button type="submit" loading={invite.isPending}>
            Send the invitation
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
