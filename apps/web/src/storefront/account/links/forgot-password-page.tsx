import { Alert, Button, Stack, Text, TextInput } from '@mantine/core';
import { isEmail, useForm } from '@mantine/form';
import { IconMail } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useTrpc } from '../../../app/shop-context.tsx';
import { TextLink } from '../../../ui/links.tsx';
import { InlineError } from '../../../ui/states.tsx';
import { AuthFrame } from '../auth-frame.tsx';

/** Asks for a mail that lets one choose a new password. The answer is the same for every address. */
export function ForgotPasswordPage() {
  const form = useForm({ initialValues: { email: '' }, validate: { email: isEmail('Enter your e-mail address') } });
  const request = useMutation(useTrpc().auth.requestPasswordReset.mutationOptions());
  return (
    <AuthFrame title="Forgot your password?" description="We mail you a link that lets you choose a new one.">
      {request.isSuccess ? (
        <Alert color="pine" icon={<IconMail size={20} />} role="status">
          If there is an account with this address, a mail is on its way. The link in it is good for an hour.
        </Alert>
      ) : (
        <form onSubmit={form.onSubmit((values) => request.mutate(values))} noValidate>
          <Stack>
            <TextInput
              label="E-mail"
              type="email"
              autoComplete="email"
              inputMode="email"
              {...form.getInputProps('email')}
            />
            <InlineError error={request.error} />
            <Button type="submit" size="md" loading={request.isPending}>
              Send me the link
            </Button>
          </Stack>
        </form>
      )}
      <Text size="sm" ta="center">
        <TextLink to="/sign-in" fw={600}>
          Back to sign in
        </TextLink>
      </Text>
    </AuthFrame>
  );
}
