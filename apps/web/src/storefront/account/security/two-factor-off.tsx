import { Badge, Button, Code, CopyButton, Group, Image, List, Paper, Stack, Text, Title } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { RouterOutputs } from '@cartwright/sdk';
import { notifyError } from '../../../app/hooks.ts';
import { useTrpc } from '../../../app/shop-context.tsx';
import { InlineError } from '../../../ui/states.tsx';
import { CodeInput } from '../code-input.tsx';
import { RecoveryCodes } from './recovery-codes.tsx';

type Setup = RouterOutputs['account']['twoFactor']['setup'];

/** Turning two-factor sign-in on: scan, type a code, keep the recovery codes. */
export function TwoFactorOff() {
  const trpc = useTrpc();
  const queryClient = useQueryClient();
  const [setup, setSetup] = useState<Setup | null>(null);
  const [recoveryCodes, setRecoveryCodes] = useState<readonly string[] | null>(null);
  const begin = useMutation(
    trpc.account.twoFactor.setup.mutationOptions({ onSuccess: setSetup, onError: notifyError }),
  );
  // Read anew only when the codes are put away: they are shown once.
  const finish = (): void => void queryClient.invalidateQueries(trpc.account.twoFactor.pathFilter());

  if (recoveryCodes) return <RecoveryCodes codes={recoveryCodes} title="Two-factor sign-in is on" onDone={finish} />;
  return (
    <Paper p={{ base: 'lg', sm: 'xl' }}>
      <Stack gap="lg">
        <div>
          <Group gap="sm">
            <Title order={2} size="h3">
              Two-factor sign-in
            </Title>
            <Badge variant="light" color="gray">
              Off
            </Badge>
          </Group>
          <Text c="dimmed" size="sm" mt={4}>
            With it, signing in takes your password and a code from an app on your phone. Whoever learns your password
            stays out.
          </Text>
        </div>
        {setup ? (
          <EnableForm setup={setup} onEnabled={setRecoveryCodes} />
        ) : (
          <Button style={{ alignSelf: 'flex-start' }} loading={begin.isPending} onClick={() => begin.mutate()}>
            Set up two-factor sign-in
          </Button>
        )}
      </Stack>
    </Paper>
  );
}

function EnableForm({ setup, onEnabled }: { setup: Setup; onEnabled: (codes: readonly string[]) => void }) {
  const trpc = useTrpc();
  const form = useForm({ initialValues: { code: '' } });
  const enable = useMutation(
    trpc.account.twoFactor.enable.mutationOptions({
      onSuccess: ({ recoveryCodes }) => onEnabled(recoveryCodes),
      onError: () => form.reset(),
    }),
  );
  return (
    <List type="ordered" spacing="lg" styles={{ itemWrapper: { width: '100%' }, itemLabel: { width: '100%' } }}>
      <List.Item>
        <Text size="sm">
          Scan this picture with an authenticator app, such as Aegis, 2FAS, Google Authenticator or 1Password.
        </Text>
        <Group gap="xl" mt="sm" align="center">
          <Image src={setup.qrCode} alt="QR code for your authenticator app" w={200} h={200} radius="md" />
          <Stack gap={6} miw={0}>
            <Text size="xs" c="dimmed">
              Can’t scan? Type this key into the app:
            </Text>
            <Code fz="sm" style={{ overflowWrap: 'anywhere' }}>
              {(setup.secret.match(/.{1,4}/g) ?? []).join(' ')}
            </Code>
            <CopyButton value={setup.secret}>
              {({ copied, copy }) => (
                <Button
                  variant="subtle"
                  size="compact-sm"
                  style={{ alignSelf: 'flex-start' }}
                  leftSection={copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
                  onClick={copy}
                >
                  {copied ? 'Copied' : 'Copy key'}
                </Button>
              )}
            </CopyButton>
          </Stack>
        </Group>
      </List.Item>
      <List.Item>
        <form noValidate onSubmit={form.onSubmit(({ code }) => enable.mutate({ code }))}>
          <Stack gap="sm" maw={320}>
            <CodeInput
              label="Enter the code that it shows"
              disabled={enable.isPending}
              onComplete={(code) => enable.mutate({ code })}
              {...form.getInputProps('code')}
            />
            <InlineError error={enable.error} />
            <Button type="submit" loading={enable.isPending} style={{ alignSelf: 'flex-start' }}>
              Turn on
            </Button>
          </Stack>
        </form>
      </List.Item>
    </List>
  );
}
