import { Button, Paper, Stack, Text, Title } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { RouterOutputs } from '@cartwright/sdk';
import { useTrpc } from '../../app/shop-context.tsx';
import { InlineError } from '../../ui/states.tsx';
import { usePeopleChanged } from './use-people-changed.ts';

type Person = RouterOutputs['admin']['users']['byId'];

/** Takes the second factor off for somebody who has lost it. */
export function TwoFactorCard({ person, isSelf }: { person: Person; isSelf: boolean }) {
  const trpc = useTrpc();
  const reset = useMutation(trpc.admin.users.resetTwoFactor.mutationOptions(usePeopleChanged()));
  if (!person.twoFactorEnabled || isSelf) return null;
  return (
    <Paper p="lg" component="section" aria-label="Second factor">
      <Title order={2} size="h4" mb="xs">
        Second factor
      </Title>
      <Stack gap="sm" align="flex-start">
        <Text size="sm" c="dimmed">
          For somebody who lost phone and recovery codes. Make sure who is asking: they are told by mail.
        </Text>
        <InlineError error={reset.error} />
        <Button
          color="red"
          variant="light"
          loading={reset.isPending}
          onClick={() => reset.mutate({ userId: person.id })}
        >
          Take it off
        </Button>
      </Stack>
    </Paper>
  );
}
