import { Skeleton, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTrpc } from '../../../app/shop-context.tsx';
import { Page } from '../../../ui/page.tsx';
import { ErrorState } from '../../../ui/states.tsx';
import { EmailCard } from './email-card.tsx';
import { NameCard } from './name-card.tsx';
import { PasswordCard } from './password-card.tsx';

/** Name, address and password. */
export function ProfilePage() {
  const me = useQuery(useTrpc().account.me.queryOptions());
  return (
    <Page title="Profile and password" size={760}>
      {me.isPending && <Skeleton h={320} role="status" aria-label="Loading your profile" />}
      {me.isError && <ErrorState error={me.error} onRetry={() => void me.refetch()} />}
      {me.data && (
        <Stack gap="lg">
          <NameCard user={me.data} />
          <EmailCard user={me.data} />
          <PasswordCard />
        </Stack>
      )}
    </Page>
  );
}
