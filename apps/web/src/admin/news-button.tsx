import { Button, Transition } from '@mantine/core';
import { IconArrowUp } from '@tabler/icons-react';
import classes from './news-button.module.css';

interface NewsButtonProps {
  count: number;
  onClick: () => void;
}

/** Says over a list that there is more to see, without moving what is being read. */
export function NewsButton({ count, onClick }: NewsButtonProps) {
  return (
    <div className={classes['place']} role="status">
      <Transition mounted={count > 0} transition="slide-down" duration={180}>
        {(style) => (
          <Button
            size="compact-sm"
            radius="xl"
            px="md"
            style={style}
            className={classes['button']}
            leftSection={<IconArrowUp size={15} />}
            onClick={onClick}
            data-testid="new-orders"
          >
            {count === 1 ? '1 new order' : `${count > 99 ? '99+' : count} new orders`}
          </Button>
        )}
      </Transition>
    </div>
  );
}
