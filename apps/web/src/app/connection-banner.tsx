import { Transition } from '@mantine/core';
import { IconWifiOff } from '@tabler/icons-react';
import { useConnectionLost } from './live.tsx';
import classes from './connection-banner.module.css';

/** A slim line at the top while live updates are away. It goes by itself when they are back. */
export function ConnectionBanner() {
  const lost = useConnectionLost();
  return (
    <div role="status" aria-live="polite">
      <Transition mounted={lost} transition="slide-down" duration={200}>
        {(style) => (
          <div className={classes['banner']} style={style} data-testid="connection-banner">
            <IconWifiOff size={15} aria-hidden /> Live updates are paused. Reconnecting…
          </div>
        )}
      </Transition>
    </div>
  );
}
