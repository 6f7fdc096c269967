import { Alert, Button, Stack } from '@mantine/core';
import { IconCircleCheck } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { ButtonLink } from '../../../ui/links.tsx';
import { InlineError } from '../../../ui/states.tsx';
import { AuthFrame } from '../auth-frame.tsx';
import { useLinkToken } from './use-link-token.ts';

interface MailedLinkProps {
  title: string;
  description: string;
  action: string;
  /** What is said once it is done. */
  done: string;
  mutation: {
    mutate: (input: { token: string }) => void;
    isPending: boolean;
    isSuccess: boolean;
    error: unknown;
  };
  /** Where to go on then. */
  next: ReactNode;
}

/** The page behind a mailed link. Nothing happens before the button: programs that look into mails open links too. */
export function MailedLink({ title, description, action, done, mutation, next }: MailedLinkProps) {
  const token = useLinkToken();
  return (
    <AuthFrame title={title} description={description}>
      {mutation.isSuccess ? (
        <Stack>
          <Alert color="pine" icon={<IconCircleCheck size={20} />} role="status">
            {done}
          </Alert>
          {next}
        </Stack>
      ) : (
        <Stack>
          <InlineError error={mutation.error} />
          <Button
            size="md"
            loading={mutation.isPending}
            disabled={token === ''}
            onClick={() => mutation.mutate({ token })}
          >
            {action}
          </Button>
          {token === '' && (
            <Alert color="gray" role="alert">
              This address is incomplete. Please open the link in your mail once more.
            </Alert>
          )}
        </Stack>
      )}
    </AuthFrame>
  );
}

export const ToTheShop = () => (
  <ButtonLink to="/" variant="default">
    To the shop
  </ButtonLink>
);
