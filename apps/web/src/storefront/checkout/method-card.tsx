import { Group, Radio, Text } from '@mantine/core';
import classes from './checkout.module.css';

interface MethodCardProps {
  value: string;
  label: string;
  hint?: string;
  /** At the right: the price. */
  aside?: string;
}

/** One way of shipping or paying, as a card to choose. */
export function MethodCard({ value, label, hint, aside }: MethodCardProps) {
  return (
    <Radio.Card value={value} className={classes['method']} aria-label={aside ? `${label}, ${aside}` : label}>
      <Group wrap="nowrap" gap="md">
        <Radio.Indicator />
        <div style={{ flex: 1 }}>
          <Text size="sm" fw={600}>
            {label}
          </Text>
          {hint && (
            <Text size="xs" c="dimmed">
              {hint}
            </Text>
          )}
        </div>
        {aside && (
          <Text size="sm" fw={600} className="cw-numeric">
            {aside}
          </Text>
        )}
      </Group>
    </Radio.Card>
  );
}
