import { Button, Group, Text } from '@mantine/core';
import { IconAlertTriangle, IconInfoCircle } from '@tabler/icons-react';
import type { Money, RouterOutputs } from '@cartwright/sdk';
import { formatMoney } from '../../lib/money.ts';

type Notice = RouterOutputs['cart']['get']['lines'][number]['notices'][number];

interface LineNoticesProps {
  notices: readonly Notice[];
  unitPrice: Money;
  /** Lowers the quantity to what is there. */
  onTakeAvailable: (quantity: number) => void;
}

/** What changed about a line since it was put in, in words. */
export function LineNotices({ notices, unitPrice, onTakeAvailable }: LineNoticesProps) {
  return notices.map((notice) => {
    const serious = notice.kind === 'unavailable' || notice.kind === 'insufficient_stock';
    const Icon = serious ? IconAlertTriangle : IconInfoCircle;
    return (
      <Group
        key={notice.kind}
        gap={6}
        wrap="nowrap"
        align="flex-start"
        c={serious ? 'clay.7' : 'gray.7'}
        role={serious ? 'alert' : 'status'}
      >
        <Icon size={16} aria-hidden style={{ flex: '0 0 auto', marginTop: 3 }} />
        <Text size="sm">{noticeWords(notice, unitPrice)}</Text>
        {notice.kind === 'insufficient_stock' && notice.available > 0 && (
          <Button variant="light" color="clay" size="compact-xs" onClick={() => onTakeAvailable(notice.available)}>
            Take {notice.available}
          </Button>
        )}
      </Group>
    );
  });
}

function noticeWords(notice: Notice, unitPrice: Money): string {
  switch (notice.kind) {
    case 'price_changed':
      return `The price went ${unitPrice.amount > notice.previous.amount ? 'up' : 'down'} from ${formatMoney(notice.previous)} to ${formatMoney(unitPrice)}.`;
    case 'low_stock':
      return `Only ${notice.available} left.`;
    case 'insufficient_stock':
      return notice.available > 0 ? `Only ${notice.available} left.` : 'Sold out.';
    case 'unavailable':
      return 'No longer sold. Please remove it.';
  }
}
