import type { NotificationDto } from '../lib/notification-list.ts';
import { useTick } from '../ui/use-tick.ts';
import { NotificationRow } from './notification-row.tsx';
import { useMarkRead } from './use-notifications.ts';
import classes from './notifications.module.css';

interface NotificationRowsProps {
  label: string;
  items: readonly NotificationDto[];
  /** Called when the reader goes where one of them leads. */
  onFollow?: () => void;
}

/** Notifications one below the other; each can be read here. */
export function NotificationRows({ label, items, onFollow }: NotificationRowsProps) {
  const markRead = useMarkRead();
  const now = useTick(30_000);
  return (
    <ul className={classes['list']} aria-label={label}>
      {items.map((notification) => (
        <NotificationRow
          key={notification.id}
          notification={notification}
          now={now}
          onRead={(id) => markRead.mutate({ ids: [id] })}
          {...(onFollow && { onFollow })}
        />
      ))}
    </ul>
  );
}
