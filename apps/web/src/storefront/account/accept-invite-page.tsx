import { Button, PasswordInput, Stack } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useShopConfig } from '../../app/hooks.ts';
import { useTrpc } from '../../app/shop-context.tsx';
import { reasonOf } from '../../lib/errors.ts';
import { TextLink } from '../../ui/links.tsx';
import { InlineError } from '../../ui/states.tsx';
import { AuthFrame } from './auth-frame.tsx';

/** Where the mail of an invitation leads: a password, and one is in. */
export function AcceptInvitePage() {
  // The token stands behind the `#`, which is sent to no server.
  const [token] = useState(() => window.location.hash.slice(1));
  const trpc = useTrpc();
  const navigate = useNavigate();
  const { data: config } = useShopConfig();
  const minimum = config?.passwordRules.minLength ?? 8;
  const form = useForm({
    initialValues: { password: '' },
    validate: {
      password: (value) => (value.length < minimum ? `At least ${minimum} characters` : null),
    },
  });
  const accept = useMutation(
    trpc.auth.acceptInvite.mutationOptions({
      onSuccess: ({ user }) => navigate({ to: user.role === 'customer' ? '/' : '/admin' }),
    }),
  );
  const isSpent = token.length < 16 || reasonOf(accept.error) === 'TOKEN_INVALID';
  return (
    <AuthFrame title="You are invited" description="Choose a password to begin.">
      {isSpent ? (
        <Stack>
          <InlineError error={accept.error} />
          <span>This link is not good any more. Ask for another invitation, or sign in.</span>
          <TextLink to="/sign-in">Sign in</TextLink>
        </Stack>
      ) : (
        <form noValidate onSubmit={form.onSubmit(({ password }) => accept.mutate({ token, password }))}>
          <Stack>
            <PasswordInput label="Password" autoComplete="new-password" {...form.getInputProps('password')} />
            <InlineError error={accept.error} />
            <Button type="submit" size="md" loading={accept.isPending}>
              Begin
            </Button>
          </Stack>
        </form>
      )}
    </AuthFrame>
  );
}
