import { useQueryClient } from '@tanstack/react-query';
import { useTrpc } from '../../app/shop-context.tsx';

/** What follows a change of a person: everything on screen of people is read again, whatever came of it. */
export function usePeopleChanged(onDone?: () => void) {
  const trpc = useTrpc();
  const queryClient = useQueryClient();
  return {
    onSuccess: () => onDone?.(),
    onSettled: () => queryClient.invalidateQueries(trpc.admin.users.pathFilter()),
  };
}
