import {
  Button,
  Group,
  SegmentedControl,
  Stack,
  Text,
  TextInput,
  Textarea,
  type SegmentedControlProps,
} from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { useId } from 'react';
import { useTrpc } from '../../app/shop-context.tsx';
import { InlineError } from '../../ui/states.tsx';
import { EMPTY_BAN, toBanInput, validateBan, type BanValues } from './ban-values.ts';
import { usePeopleChanged } from './use-people-changed.ts';

/** Bans a user: why, from when, until when. */
export function BanForm({ userId, onDone }: { userId: string; onDone: () => void }) {
  const trpc = useTrpc();
  const form = useForm<BanValues>({ initialValues: EMPTY_BAN, validate: (values) => validateBan(values, new Date()) });
  const ban = useMutation(trpc.admin.users.ban.mutationOptions(usePeopleChanged(onDone)));
  const { begins, ends } = form.values;
  return (
    <form noValidate onSubmit={form.onSubmit((values) => ban.mutate(toBanInput(userId, values)))}>
      <Stack>
        <Textarea
          label="Reason"
          description="The customer reads it, by mail and when signing in"
          required
          autosize
          minRows={2}
          maxLength={500}
          data-autofocus
          {...form.getInputProps('reason')}
        />
        <Choice
          label="Begins"
          data={[
            { value: 'now', label: 'Now' },
            { value: 'later', label: 'Later' },
          ]}
          {...form.getInputProps('begins')}
        />
        {begins === 'later' && (
          <TextInput type="datetime-local" label="From" required {...form.getInputProps('from')} />
        )}
        <Choice
          label="Ends"
          data={[
            { value: 'never', label: 'Never' },
            { value: 'later', label: 'At a time' },
          ]}
          {...form.getInputProps('ends')}
        />
        {ends === 'later' && (
          <TextInput type="datetime-local" label="Until" required {...form.getInputProps('until')} />
        )}
        <Text size="sm" c="dimmed">
          All sessions end. Unpaid orders are canceled; paid ones are held until you have looked at them.
        </Text>
        <InlineError error={ban.error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onDone}>
            Leave it
          </Button>
          <Button type="submit" color="red" loading={ban.isPending}>
            {begins === 'now' ? 'Ban now' : 'Schedule the ban'}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function Choice({ label, ...control }: SegmentedControlProps & { label: string }) {
  const id = useId();
  return (
    <div>
      <Text size="sm" fw={500} mb={4} id={id}>
        {label}
      </Text>
      <SegmentedControl aria-labelledby={id} fullWidth {...control} />
    </div>
  );
}
