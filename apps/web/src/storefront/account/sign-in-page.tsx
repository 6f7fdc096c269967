import { Button, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { isEmail, isNotEmpty, useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { getRouteApi, useRouter } from '@tanstack/react-router';
import { useState } from 'react';
import { useShopContext } from '../../app/shop-context.tsx';
import { TextLink } from '../../ui/links.tsx';
import { InlineError } from '../../ui/states.tsx';
import { AuthFrame } from './auth-frame.tsx';
import { DemoAccounts } from './demo-accounts.tsx';
import { TwoFactorStep } from './two-factor-step.tsx';

const route = getRouteApi('/storefront/sign-in');

/** Sign in, in two steps for those who want it, then on to where the visitor wanted to go. */
export function SignInPage() {
  const { next } = route.useSearch();
  const router = useRouter();
  const { trpc, demoAccounts } = useShopContext();
  const form = useForm({
    initialValues: { email: '', password: '' },
    validate: { email: isEmail('Enter your e-mail address'), password: isNotEmpty('Enter your password') },
  });
  const [challenge, setChallenge] = useState<string | null>(null);
  const goOn = (): void => router.history.push(next ?? '/');
  const login = useMutation(
    trpc.auth.login.mutationOptions({
      onSuccess: (answer) => (answer.status === 'ok' ? goOn() : setChallenge(answer.challenge)),
    }),
  );
  if (challenge !== null) {
    const restart = (): void => {
      setChallenge(null);
      form.setFieldValue('password', '');
    };
    return <TwoFactorStep challenge={challenge} onSignedIn={goOn} onRestart={restart} />;
  }
  return (
    <AuthFrame title="Sign in" description="Your cart comes with you.">
      <form onSubmit={form.onSubmit((values) => login.mutate(values))} noValidate>
        <Stack>
          <TextInput
            label="E-mail"
            type="email"
            autoComplete="email"
            inputMode="email"
            {...form.getInputProps('email')}
          />
          <PasswordInput label="Password" autoComplete="current-password" {...form.getInputProps('password')} />
          <TextLink to="/forgot-password" size="sm" style={{ alignSelf: 'flex-end' }}>
            Forgot your password?
          </TextLink>
          <InlineError error={login.error} />
          <Button type="submit" size="md" loading={login.isPending}>
            Sign in
          </Button>
        </Stack>
      </form>
      <Text size="sm" ta="center">
        New here?{' '}
        <TextLink to="/register" search={next === undefined ? {} : { next }} fw={600}>
          Create an account
        </TextLink>
      </Text>
      {demoAccounts && <DemoAccounts onPick={(values) => form.setValues(values)} />}
    </AuthFrame>
  );
}
