import { Transition } from '@mantine/core';
import { IconWifiOff } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useConnectionTrouble } from './live.tsx';
import classes from './connection-banner.module.css';

const WORDS = {
  offline: 'You’re offline. What you see may have changed.',
  lost: 'Live updates are paused. Reconnecting…',
};

/** A small sign above the page while live updates are away. It goes by itself when they are back, and moves nothing. */
export function ConnectionBanner() {
  const trouble = useConnectionTrouble();
  // Its words stay while it fades away.
  const [shown, setShown] = useState<keyof typeof WORDS>('lost');
  useEffect(() => {
    if (trouble) setShown(trouble);
  }, [trouble]);
  return (
    <div role="status" aria-live="polite" className={classes['place']}>
      <Transition mounted={trouble !== null} transition="slide-up" duration={200}>
        {(style) => (
          <div className={classes['banner']} style={style} data-testid="connection-banner">
            <IconWifiOff size={16} aria-hidden /> {WORDS[trouble ?? shown]}
          </div>
        )}
      </Transition>
    </div>
  );
}
