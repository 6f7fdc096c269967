import { Indicator } from '@mantine/core';
import type { ComponentProps } from 'react';

const SHOWN_MAX = 99;

interface CountBadgeProps extends Omit<ComponentProps<typeof Indicator>, 'label' | 'disabled'> {
  count: number;
}

/** How many there are, on the corner of what it wraps; nothing for none. What it wraps says the number in words. */
export function CountBadge({ count, ...rest }: CountBadgeProps) {
  return (
    <Indicator
      label={count > SHOWN_MAX ? `${SHOWN_MAX}+` : count}
      disabled={count === 0}
      size={18}
      offset={8}
      color="clay.6"
      aria-hidden={false}
      {...rest}
    />
  );
}
