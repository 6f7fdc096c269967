import { Group, Text, TextInput } from '@mantine/core';
import { isEmail, useForm } from '@mantine/form';
import { TextLink } from '../../ui/links.tsx';

/** The address of somebody who orders without an account; `email` is undefined until it is one. */
export function useGuestEmail() {
  const form = useForm({
    initialValues: { email: '' },
    validateInputOnBlur: true,
    validate: { email: isEmail('We need your e-mail address for the order') },
  });
  const email = form.values.email.trim();
  return { ...form, email: form.isValid('email') && email !== '' ? email : undefined };
}

/** Where the link to the order goes; and the way to sign in instead. */
export function GuestEmail({ form }: { form: ReturnType<typeof useGuestEmail> }) {
  return (
    <div>
      <Group justify="space-between" mb="xs" gap="xs">
        <Text size="sm" c="dimmed">
          You order as a guest.
        </Text>
        <Text size="sm">
          Have an account?{' '}
          <TextLink to="/sign-in" search={{ next: '/checkout' }} fw={600}>
            Sign in
          </TextLink>
        </Text>
      </Group>
      <TextInput
        label="E-mail"
        description="The link to your order goes there"
        type="email"
        required
        autoComplete="email"
        inputMode="email"
        maxLength={254}
        mb="md"
        {...form.getInputProps('email')}
      />
    </div>
  );
}
