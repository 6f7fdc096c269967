import { Badge, Button, Group, Modal, Paper, PasswordInput, Stack, Text, Title } from '@mantine/core';
import { isNotEmpty, matches, useForm } from '@mantine/form';
import { useDisclosure } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { RouterOutputs } from '@cartwright/sdk';
import { useTrpc } from '../../../app/shop-context.tsx';
import { formatDate } from '../../../lib/dates.ts';
import { InlineError } from '../../../ui/states.tsx';
import { CodeInput } from '../code-input.tsx';
import { RecoveryCodes } from './recovery-codes.tsx';

/** From here on people are told to make new codes. */
const FEW_CODES = 3;

/** Two-factor sign-in that is on: new recovery codes, and off. */
export function TwoFactorOn({ status }: { status: RouterOutputs['account']['twoFactor']['status'] }) {
  const trpc = useTrpc();
  const queryClient = useQueryClient();
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const [isDisabling, disabling] = useDisclosure();
  const refresh = (): void => void queryClient.invalidateQueries(trpc.account.twoFactor.pathFilter());
  const [isRenewing, renewing] = useDisclosure();
  if (codes) {
    const done = (): void => {
      setCodes(null);
      refresh();
    };
    return <RecoveryCodes codes={codes} title="Your new recovery codes" onDone={done} />;
  }
  const left = status.recoveryCodesLeft;
  return (
    <Paper p={{ base: 'lg', sm: 'xl' }}>
      <Stack gap="lg">
        <div>
          <Group gap="sm">
            <Title order={2} size="h3">
              Two-factor sign-in
            </Title>
            <Badge variant="light">On</Badge>
          </Group>
          {status.since && (
            <Text c="dimmed" size="sm" mt={4}>
              On since {formatDate(status.since)}. Signing in takes your password and a code of your authenticator app.
            </Text>
          )}
        </div>
        <Group justify="space-between" gap="md">
          <div>
            <Text fw={600} size="sm">
              Recovery codes
            </Text>
            <Text size="sm" c={left <= FEW_CODES ? 'red.8' : 'dimmed'}>
              {left} of 10 left{left <= FEW_CODES && ': better make new ones'}
            </Text>
          </div>
          <Button variant="default" onClick={renewing.open}>
            Make new codes
          </Button>
        </Group>
        <Group justify="space-between" gap="md">
          <div>
            <Text fw={600} size="sm">
              Turn off
            </Text>
            <Text size="sm" c="dimmed">
              Your password alone will sign in again.
            </Text>
          </div>
          <Button variant="light" color="red" onClick={disabling.open}>
            Turn off
          </Button>
        </Group>
      </Stack>
      <Modal opened={isRenewing} onClose={renewing.close} title="Make new recovery codes" centered>
        <RenewForm
          onDone={(renewed) => {
            renewing.close();
            setCodes(renewed);
          }}
        />
      </Modal>
      <Modal opened={isDisabling} onClose={disabling.close} title="Turn off two-factor sign-in" centered>
        <DisableForm
          onDone={() => {
            disabling.close();
            notifications.show({ message: 'Two-factor sign-in is off.' });
            refresh();
          }}
        />
      </Modal>
    </Paper>
  );
}

function RenewForm({ onDone }: { onDone: (codes: readonly string[]) => void }) {
  const trpc = useTrpc();
  const form = useForm({
    initialValues: { code: '' },
    validate: { code: matches(/^\d{6}$/, 'Enter the six digits') },
  });
  const regenerate = useMutation(
    trpc.account.twoFactor.regenerateRecoveryCodes.mutationOptions({
      onSuccess: ({ recoveryCodes }) => onDone(recoveryCodes),
      onError: () => form.setFieldValue('code', ''),
    }),
  );
  return (
    <form noValidate onSubmit={form.onSubmit((values) => regenerate.mutate(values))}>
      <Stack>
        <Text size="sm">The codes that you have now are good no more then.</Text>
        <CodeInput label="Code of your authenticator app" data-autofocus {...form.getInputProps('code')} />
        <InlineError error={regenerate.error} />
        <Button type="submit" loading={regenerate.isPending}>
          Make new codes
        </Button>
      </Stack>
    </form>
  );
}

function DisableForm({ onDone }: { onDone: () => void }) {
  const trpc = useTrpc();
  const form = useForm({
    initialValues: { password: '', code: '' },
    validate: { password: isNotEmpty('Enter your password'), code: matches(/^\d{6}$/, 'Enter the six digits') },
  });
  const disable = useMutation(
    trpc.account.twoFactor.disable.mutationOptions({
      onSuccess: onDone,
      onError: () => form.setFieldValue('code', ''),
    }),
  );
  return (
    <form noValidate onSubmit={form.onSubmit((values) => disable.mutate(values))}>
      <Stack>
        <PasswordInput
          label="Password"
          autoComplete="current-password"
          data-autofocus
          {...form.getInputProps('password')}
        />
        <CodeInput label="Code of your authenticator app" {...form.getInputProps('code')} />
        <InlineError error={disable.error} />
        <Button type="submit" color="red" loading={disable.isPending}>
          Turn off
        </Button>
      </Stack>
    </form>
  );
}
