import { Button, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { isEmail, isNotEmpty, useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { getRouteApi, useRouter } from '@tanstack/react-router';
import { useShopConfig } from '../../app/hooks.ts';
import { useTrpc } from '../../app/shop-context.tsx';
import { TextLink } from '../../ui/links.tsx';
import { InlineError } from '../../ui/states.tsx';
import { AuthFrame } from './auth-frame.tsx';

const route = getRouteApi('/storefront/register');

/** A new account; it is signed in at once. */
export function RegisterPage() {
  const { next } = route.useSearch();
  const router = useRouter();
  const trpc = useTrpc();
  const { data: config } = useShopConfig();
  const minLength = config?.passwordRules.minLength ?? 8;
  const form = useForm({
    initialValues: { name: '', email: '', password: '' },
    validate: {
      name: isNotEmpty('Enter your name'),
      email: isEmail('Enter a valid e-mail address'),
      password: (password) => ([...password].length < minLength ? `At least ${minLength} characters` : null),
    },
  });
  const register = useMutation(
    trpc.auth.register.mutationOptions({ onSuccess: () => router.history.push(next ?? '/') }),
  );
  return (
    <AuthFrame title="Create an account" description="For your orders and a faster checkout.">
      <form onSubmit={form.onSubmit((values) => register.mutate(values))} noValidate>
        <Stack>
          <TextInput label="Name" autoComplete="name" maxLength={120} {...form.getInputProps('name')} />
          <TextInput
            label="E-mail"
            type="email"
            autoComplete="email"
            inputMode="email"
            {...form.getInputProps('email')}
          />
          <PasswordInput
            label="Password"
            description={`At least ${minLength} characters`}
            autoComplete="new-password"
            {...form.getInputProps('password')}
          />
          <InlineError error={register.error} />
          <Button type="submit" size="md" loading={register.isPending}>
            Create account
          </Button>
        </Stack>
      </form>
      <Text size="sm" ta="center">
        Been here before?{' '}
        <TextLink to="/sign-in" search={next === undefined ? {} : { next }} fw={600}>
          Sign in
        </TextLink>
      </Text>
    </AuthFrame>
  );
}
