import { ActionIcon, Text, Tooltip } from '@mantine/core';
import { IconBell, IconCheck, IconCreditCard, IconPackage } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import type { MouseEvent, ReactNode } from 'react';
import { formatDateTime, formatRelative } from '../lib/dates.ts';
import type { NotificationDto } from '../lib/notification-list.ts';
import { localPath } from '../lib/search-params.ts';
import classes from './notifications.module.css';

interface NotificationRowProps {
  notification: NotificationDto;
  now: Date;
  onRead: (id: string) => void;
  /** Called when the reader goes where it leads. */
  onFollow?: () => void;
}

/** One notification: what happened, when, and the way there. Following it reads it. */
export function NotificationRow({ notification, now, onRead, onFollow }: NotificationRowProps) {
  const { id, type, title, body, createdAt, readAt } = notification;
  const isUnread = readAt === undefined;
  const read = () => {
    if (isUnread) onRead(id);
  };
  return (
    <li className={classes['row']} data-unread={isUnread} data-testid="notification">
      <span className={classes['icon']} aria-hidden>
        {iconOf(type)}
      </span>
      <div className={classes['text']}>
        <Way
          link={localPath(notification.link)}
          onFollow={() => {
            read();
            onFollow?.();
          }}
        >
          {isUnread && <span className={classes['unreadWord']}>Unread: </span>}
          {title}
        </Way>
        <Text size="sm" c="dimmed" lineClamp={2}>
          {body}
        </Text>
        <Text
          size="xs"
          c="dimmed"
          component="time"
          dateTime={createdAt.toISOString()}
          title={formatDateTime(createdAt)}
        >
          {formatRelative(createdAt, now)}
        </Text>
      </div>
      {isUnread && (
        <Tooltip label="Mark as read">
          <ActionIcon
            className={classes['mark']}
            variant="subtle"
            color="gray"
            aria-label={`Mark as read: ${title}`}
            onClick={read}
          >
            <IconCheck size={17} />
          </ActionIcon>
        </Tooltip>
      )}
    </li>
  );
}

/** A link within the site to an address that the shop made up. */
function Way({ link, onFollow, children }: { link: string | undefined; onFollow: () => void; children: ReactNode }) {
  const navigate = useNavigate();
  if (link === undefined) return <span className={classes['title']}>{children}</span>;
  const follow = (event: MouseEvent) => {
    onFollow();
    // Whoever asks for another tab gets it from the browser.
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    void navigate({ href: link });
  };
  return (
    <a href={link} onClick={follow} className={classes['title']} data-link>
      {children}
    </a>
  );
}

function iconOf(type: string) {
  if (type.startsWith('payment.')) return <IconCreditCard size={20} stroke={1.6} />;
  if (type.startsWith('order.')) return <IconPackage size={20} stroke={1.6} />;
  return <IconBell size={20} stroke={1.6} />;
}
