import { ActionIcon, Group, NumberInput } from '@mantine/core';
import { IconMinus, IconPlus } from '@tabler/icons-react';

interface QuantityInputProps {
  value: number;
  onChange: (value: number) => void;
  max: number;
  label: string;
  size?: 'sm' | 'md';
  disabled?: boolean;
}

/** A whole number from 1 to `max`, by buttons, arrow keys or typing. */
export function QuantityInput({ value, onChange, max, label, size = 'sm', disabled = false }: QuantityInputProps) {
  const edge = size === 'md' ? 42 : 34;
  const set = (next: number) => onChange(Math.max(1, Math.min(max, next)));
  return (
    <Group gap={0} wrap="nowrap" role="group" aria-label={label} style={{ flex: '0 0 auto' }}>
      <ActionIcon
        variant="default"
        size={edge}
        style={{ borderStartEndRadius: 0, borderEndEndRadius: 0, borderInlineEnd: 0 }}
        aria-label="One less"
        disabled={disabled || value <= 1}
        onClick={() => set(value - 1)}
      >
        <IconMinus size={15} />
      </ActionIcon>
      <NumberInput
        aria-label={label}
        value={value}
        onChange={(next) => typeof next === 'number' && Number.isInteger(next) && set(next)}
        min={1}
        max={max}
        allowDecimal={false}
        allowNegative={false}
        hideControls
        clampBehavior="strict"
        disabled={disabled}
        w={52}
        styles={{ input: { textAlign: 'center', borderRadius: 0, height: edge, minHeight: edge, paddingInline: 4 } }}
      />
      <ActionIcon
        variant="default"
        size={edge}
        style={{ borderStartStartRadius: 0, borderEndStartRadius: 0, borderInlineStart: 0 }}
        aria-label="One more"
        disabled={disabled || value >= max}
        onClick={() => set(value + 1)}
      >
        <IconPlus size={15} />
      </ActionIcon>
    </Group>
  );
}
