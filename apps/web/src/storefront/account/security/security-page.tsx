import { useQuery } from '@tanstack/react-query';
import { Skeleton } from '@mantine/core';
import { useTrpc } from '../../../app/shop-context.tsx';
import { Page } from '../../../ui/page.tsx';
import { ErrorState } from '../../../ui/states.tsx';
import { TwoFactorOff } from './two-factor-off.tsx';
import { TwoFactorOn } from './two-factor-on.tsx';

/** Two-factor sign-in: set up, recovery codes, off again. */
export function SecurityPage() {
  const trpc = useTrpc();
  const status = useQuery(trpc.account.twoFactor.status.queryOptions());
  return (
    <Page title="Security" size={720}>
      {status.isPending && <Skeleton h={220} />}
      {status.isError && <ErrorState error={status.error} onRetry={() => void status.refetch()} />}
      {status.data && (status.data.enabled ? <TwoFactorOn status={status.data} /> : <TwoFactorOff />)}
    </Page>
  );
}
