import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { useTrpc } from '../../app/shop-context.tsx';

/** What every step with an order does in the end: all pages with orders are read again, and it is said that it worked. */
export function useOrderStep<Answer>(said: string | ((answer: Answer) => string), onDone?: () => void) {
  const trpc = useTrpc();
  const queryClient = useQueryClient();
  return {
    onSuccess: (answer: Answer) => {
      onDone?.();
      notifications.show({ color: 'pine', message: typeof said === 'string' ? said : said(answer) });
    },
    onSettled: () => queryClient.invalidateQueries(trpc.admin.orders.pathFilter()),
  };
}
