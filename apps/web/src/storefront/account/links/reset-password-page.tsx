import { Alert, Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconCircleCheck } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useShopConfig } from '../../../app/hooks.ts';
import { useTrpc } from '../../../app/shop-context.tsx';
import { reasonOf } from '../../../lib/errors.ts';
import { compact } from '../../../lib/search-params.ts';
import { ButtonLink } from '../../../ui/links.tsx';
import { InlineError } from '../../../ui/states.tsx';
import { AuthFrame } from '../auth-frame.tsx';
import { useLinkToken } from './use-link-token.ts';

/** A new password, by the token of a mail; with the second factor where there is one. */
export function ResetPasswordPage() {
  const token = useLinkToken();
  const { data: config } = useShopConfig();
  const minLength = config?.passwordRules.minLength ?? 8;
  const form = useForm({
    initialValues: { newPassword: '', code: '' },
    validate: { newPassword: (value) => ([...value].length < minLength ? `At least ${minLength} characters` : null) },
  });
  const reset = useMutation(useTrpc().auth.resetPassword.mutationOptions());
  const refusal = reasonOf(reset.error);
  const asksForCode = refusal === 'TWO_FACTOR_REQUIRED' || refusal === 'TWO_FACTOR_CODE_INVALID';
  if (reset.isSuccess) {
    return (
      <AuthFrame title="Your new password" description="Every device was signed out.">
        <Alert color="pine" icon={<IconCircleCheck size={20} />} role="status">
          Your password is changed.
        </Alert>
        <ButtonLink to="/sign-in" size="md">
          Sign in
        </ButtonLink>
      </AuthFrame>
    );
  }
  return (
    <AuthFrame title="Choose a new password" description="It signs out every device that knows the old one.">
      <form
        noValidate
        onSubmit={form.onSubmit(({ newPassword, code }) =>
          reset.mutate({ token, newPassword, ...compact({ code: code.trim() || undefined }) }),
        )}
      >
        <Stack>
          <PasswordInput
            label="New password"
            description={`At least ${minLength} characters`}
            autoComplete="new-password"
            {...form.getInputProps('newPassword')}
          />
          {(asksForCode || form.values.code !== '') && (
            <TextInput
              label="Code of your authenticator app"
              autoComplete="one-time-code"
              inputMode="numeric"
              {...form.getInputProps('code')}
            />
          )}
          <InlineError error={reset.error} />
          <Button type="submit" size="md" loading={reset.isPending} disabled={token === ''}>
            Change password
          </Button>
          {(token === '' || refusal === 'TOKEN_INVALID') && (
            <ButtonLink to="/forgot-password" variant="default">
              Ask for a new link
            </ButtonLink>
          )}
        </Stack>
      </form>
    </AuthFrame>
  );
}
