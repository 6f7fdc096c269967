import { Badge, Tooltip } from '@mantine/core';
import classes from './live-badge.module.css';

/** Says whether what is shown follows the shop by itself at this moment. */
export function LiveBadge({ live }: { live: boolean }) {
  return (
    <Tooltip label={live ? 'This page updates by itself' : 'Reconnecting; the page still checks every few seconds'}>
      <Badge
        variant="default"
        size="md"
        leftSection={<span className={classes['dot']} data-live={live} aria-hidden />}
        role="status"
        data-testid="live-badge"
      >
        {live ? 'Live' : 'Connecting'}
      </Badge>
    </Tooltip>
  );
}
