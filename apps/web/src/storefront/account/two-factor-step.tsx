import { Anchor, Button, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTrpc } from '../../app/shop-context.tsx';
import { reasonOf } from '../../lib/errors.ts';
import { InlineError } from '../../ui/states.tsx';
import { AuthFrame } from './auth-frame.tsx';
import { CodeInput } from './code-input.tsx';

interface TwoFactorStepProps {
  challenge: string;
  onSignedIn: () => void;
  /** Back to the password: another account, or a challenge that is not good any more. */
  onRestart: () => void;
}

/** The second step of signing in: the code of the authenticator app, or a recovery code. */
export function TwoFactorStep({ challenge, onSignedIn, onRestart }: TwoFactorStepProps) {
  const [kind, setKind] = useState<'code' | 'recoveryCode'>('code');
  const trpc = useTrpc();
  const form = useForm({ initialValues: { code: '', recoveryCode: '' } });
  const verify = useMutation(
    trpc.auth.verifyTwoFactor.mutationOptions({ onSuccess: onSignedIn, onError: () => form.reset() }),
  );
  const isOver = reasonOf(verify.error) === 'TWO_FACTOR_CHALLENGE_INVALID';

  const swap = (): void => {
    setKind(kind === 'code' ? 'recoveryCode' : 'code');
    verify.reset();
    form.reset();
  };
  const submitCode = (code: string): void => verify.mutate({ challenge, code });

  return (
    <AuthFrame
      title="Two-factor sign-in"
      description={
        kind === 'code'
          ? 'Enter the six digits that your authenticator app shows for us.'
          : 'Enter one of the recovery codes that you kept. Each of them is good once.'
      }
    >
      <form
        noValidate
        onSubmit={form.onSubmit(({ code, recoveryCode }) =>
          kind === 'code' ? submitCode(code) : verify.mutate({ challenge, recoveryCode }),
        )}
      >
        <Stack>
          {kind === 'code' ? (
            <CodeInput
              label="Code"
              autoFocus
              disabled={verify.isPending || isOver}
              onComplete={submitCode}
              {...form.getInputProps('code')}
            />
          ) : (
            <TextInput
              label="Recovery code"
              placeholder="xxxx-xxxx-xxxx"
              autoComplete="off"
              autoFocus
              maxLength={40}
              disabled={isOver}
              {...form.getInputProps('recoveryCode')}
            />
          )}
          <InlineError error={verify.error} />
          {isOver ? (
            <Button size="md" onClick={onRestart}>
              Start again
            </Button>
          ) : (
            <Button type="submit" size="md" loading={verify.isPending}>
              Sign in
            </Button>
          )}
        </Stack>
      </form>
      <Stack gap={4} align="center">
        <Anchor component="button" type="button" size="sm" onClick={swap}>
          {kind === 'code' ? 'Use a recovery code instead' : 'Use your authenticator app instead'}
        </Anchor>
        <Anchor component="button" type="button" size="sm" c="dimmed" onClick={onRestart}>
          Back
        </Anchor>
      </Stack>
    </AuthFrame>
  );
}
