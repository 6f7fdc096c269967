import { Button, PasswordInput, Stack } from '@mantine/core';
import { isNotEmpty, useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { useShopConfig } from '../../../app/hooks.ts';
import { useTrpc } from '../../../app/shop-context.tsx';
import { InlineError } from '../../../ui/states.tsx';
import { DetailCard, Saved } from './detail-card.tsx';

export function PasswordCard() {
  const { data: config } = useShopConfig();
  const minLength = config?.passwordRules.minLength ?? 8;
  const form = useForm({
    initialValues: { currentPassword: '', newPassword: '' },
    validate: {
      currentPassword: isNotEmpty('Enter your password'),
      newPassword: (value) => ([...value].length < minLength ? `At least ${minLength} characters` : null),
    },
  });
  const change = useMutation(useTrpc().account.changePassword.mutationOptions({ onSuccess: () => form.reset() }));
  return (
    <DetailCard title="Your password" hint="Changing it signs out your other devices.">
      <form onSubmit={form.onSubmit((values) => change.mutate(values))} noValidate>
        <Stack>
          <PasswordInput
            label="Current password"
            autoComplete="current-password"
            {...form.getInputProps('currentPassword')}
          />
          <PasswordInput
            label="New password"
            description={`At least ${minLength} characters`}
            autoComplete="new-password"
            {...form.getInputProps('newPassword')}
          />
          <InlineError error={change.error} />
          {change.isSuccess && <Saved>Your password is changed.</Saved>}
          <Button type="submit" variant="default" loading={change.isPending} style={{ alignSelf: 'flex-start' }}>
            Change password
          </Button>
        </Stack>
      </form>
    </DetailCard>
  );
}
