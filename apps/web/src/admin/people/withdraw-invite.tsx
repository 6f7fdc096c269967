import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { RouterOutputs } from '@cartwright/sdk';
import { notifyError } from '../../app/hooks.ts';
import { useTrpc } from '../../app/shop-context.tsx';
import { usePeopleChanged } from './use-people-changed.ts';

type Person = RouterOutputs['admin']['users']['list']['items'][number];

/** Takes an invitation back that was not taken up. */
export function WithdrawInvite({ person }: { person: Person }) {
  const trpc = useTrpc();
  const withdraw = useMutation(
    trpc.admin.users.cancelInvite.mutationOptions({ ...usePeopleChanged(), onError: notifyError }),
  );
  return (
    <Button
      size="compact-xs"
      variant="subtle"
      color="red"
      loading={withdraw.isPending}
      aria-label={`Withdraw the invitation of ${person.name}`}
      onClick={() => withdraw.mutate({ userId: person.id })}
    >
      Withdraw
    </Button>
  );
}
