import { Badge } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTrpc } from '../../app/shop-context.tsx';
import { atMostEvery } from '../../lib/at-most-every.ts';
import { useOrderActivity } from '../order-activity.tsx';
import { useOrderCounts } from './use-order-counts.ts';

const SHOWN_MAX = 99;
/** A busy shop tells of something all the time. */
const READ_EVERY_MS = 2_000;

/** How many orders have a return that waits for an answer, as it changes; nothing for none. */
export function ReturnsWaiting() {
  const trpc = useTrpc();
  const queryClient = useQueryClient();
  const { returnRequested: count } = useOrderCounts();
  const [readAgain] = useState(() =>
    atMostEvery(READ_EVERY_MS, () => queryClient.invalidateQueries(trpc.admin.orders.counts.pathFilter())),
  );
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
