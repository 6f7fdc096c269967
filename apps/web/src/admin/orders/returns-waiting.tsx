import { Badge } from '@mantine/core';
import { useTrpc } from '../../app/shop-context.tsx';
import { useOrderActivity } from '../order-activity.tsx';
import { useReadAgain } from '../use-read-again.ts';
import { useOrderCounts } from './use-order-counts.ts';

const SHOWN_MAX = 99;

/** How many orders have a return that waits for an answer, as it changes; nothing for none. */
export function ReturnsWaiting() {
  const trpc = useTrpc();
  const { returnRequested: count } = useOrderCounts();
  const readAgain = useReadAgain(trpc.admin.orders.counts.pathFilter());
  useOrderActivity({
    onActivity: (activity) => {
      // With none that waits before, and none now, it is none still.
      if (activity.returnRequested || count > 0) readAgain();
    },
    onGap: readAgain,
  });
  if (count === 0) return null;
  const words = count === 1 ? '1 return waits for an answer' : `${count} returns wait for an answer`;
  return (
    <Badge color="clay" size="sm" role="img" aria-label={words} title={words} data-testid="returns-waiting">
      {count > SHOWN_MAX ? `${SHOWN_MAX}+` : count}
    </Badge>
  );
}
