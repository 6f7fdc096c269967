import { Alert, Button, Stack, Text, TextInput } from '@mantine/core';
import { isEmail, useForm } from '@mantine/form';
import { IconMail } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useTrpc } from '../../app/shop-context.tsx';
import { TextLink } from '../../ui/links.tsx';
import { InlineError } from '../../ui/states.tsx';
import { AuthFrame } from '../account/auth-frame.tsx';

/** Has the link to an order mailed. The answer is the same whatever number and address are given. */
export function FindOrderPage() {
  const form = useForm({
    initialValues: { number: '', email: '' },
    validate: {
      number: (number) => (number.trim().length < 3 ? 'It looks like CW-1A2B3C4D' : null),
      email: isEmail('Enter the e-mail address you ordered with'),
    },
  });
  const lookup = useMutation(useTrpc().orders.lookup.mutationOptions());
  return (
    <AuthFrame title="Find your order" description="Ordered without an account? We mail you the link to your order.">
      {lookup.isSuccess ? (
        <Alert color="pine" icon={<IconMail size={20} />} role="status">
          If number and address belong together, a mail with a link is on its way.
        </Alert>
      ) : (
        <form onSubmit={form.onSubmit((values) => lookup.mutate(values))} noValidate>
          <Stack>
            <TextInput
              label="Order number"
              placeholder="CW-1A2B3C4D"
              maxLength={20}
              autoCapitalize="characters"
              {...form.getInputProps('number')}
            />
            <TextInput
              label="E-mail"
              type="email"
              autoComplete="email"
              inputMode="email"
              {...form.getInputProps('email')}
            />
            <InlineError error={lookup.error} />
            <Button type="submit" size="md" loading={lookup.isPending}>
              Send me the link
            </Button>
          </Stack>
        </form>
      )}
      <Text size="sm" ta="center">
        You have an account?{' '}
        <TextLink to="/orders" fw={600}>
          See your orders
        </TextLink>
      </Text>
    </AuthFrame>
  );
}
