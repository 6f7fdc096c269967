import { Anchor, Button, getDefaultZIndex, Group, Modal, PasswordInput, Stack, Text } from '@mantine/core';
import { isNotEmpty, useForm } from '@mantine/form';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { CodeInput } from '../storefront/account/code-input.tsx';
import { InlineError } from '../ui/states.tsx';
import { useSession, useShopContext, useTrpc } from './shop-context.tsx';

/** Asks a signed-in person again who they are, whatever page wanted something dangerous; that then goes on by itself. */
export function StepUpDialog() {
  const { stepUp } = useShopContext();
  const session = useSession();
  const isOpen = useSyncExternalStore(stepUp.subscribe, stepUp.isOpen);
  // Nobody is left who could answer.
  useEffect(() => {
    if (isOpen && !session) stepUp.answer(false);
  }, [isOpen, session, stepUp]);
  return (
    <Modal
      opened={isOpen && session !== null}
      onClose={() => stepUp.answer(false)}
      title="Please confirm that it’s you"
      // Often it is a dialog that wanted the dangerous thing: this one stands in front of it.
      zIndex={getDefaultZIndex('modal') + 1}
      centered
    >
      <StepUpForm onDone={() => stepUp.answer(true)} onCancel={() => stepUp.answer(false)} />
    </Modal>
  );
}

function StepUpForm({ onDone, onCancel }: { onDone: () => void; onCancel: () => void }) {
  const trpc = useTrpc();
  const [kind, setKind] = useState<'password' | 'code'>('password');
  const { data: twoFactor } = useQuery(trpc.account.twoFactor.status.queryOptions());
  const form = useForm({
    initialValues: { password: '', code: '' },
    validate: kind === 'password' ? { password: isNotEmpty('Enter your password') } : {},
  });
  const confirm = useMutation(
    trpc.auth.stepUp.mutationOptions({ onSuccess: onDone, onError: () => form.setFieldValue('code', '') }),
  );
  const swap = (): void => {
    setKind(kind === 'password' ? 'code' : 'password');
    confirm.reset();
  };
  return (
    <form
      noValidate
      onSubmit={form.onSubmit(({ password, code }) => confirm.mutate(kind === 'password' ? { password } : { code }))}
    >
      <Stack>
        <Text size="sm" c="dimmed">
          For changes that matter we ask once more. It holds for ten minutes on this device.
        </Text>
        {kind === 'password' ? (
          <PasswordInput
            label="Password"
            autoComplete="current-password"
            data-autofocus
            {...form.getInputProps('password')}
          />
        ) : (
          <CodeInput
            label="Code of your authenticator app"
            autoFocus
            disabled={confirm.isPending}
            onComplete={(code) => confirm.mutate({ code })}
            {...form.getInputProps('code')}
          />
        )}
        {twoFactor?.enabled && (
          <Anchor component="button" type="button" size="sm" onClick={swap} style={{ alignSelf: 'flex-start' }}>
            {kind === 'password' ? 'Use a code of your authenticator app' : 'Use your password'}
          </Anchor>
        )}
        <InlineError error={confirm.error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onCancel}>
            Cancel
          </Button>
          <Button type="submit" loading={confirm.isPending}>
            Confirm
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
