import { Group, Rating, Text } from '@mantine/core';

interface StarsProps {
  average: number;
  count?: number;
  size?: 'xs' | 'sm' | 'md';
}

/** Stars with the number of reviews; one label for screen readers instead of ten radio buttons. */
export function Stars({ average, count, size = 'xs' }: StarsProps) {
  if (count === 0) {
    return (
      <Text size="xs" c="dimmed" h={16}>
        No reviews yet
      </Text>
    );
  }
  const label =
    `Rated ${average.toFixed(1)} of 5` +
    (count === undefined ? '' : ` by ${count} ${count === 1 ? 'person' : 'people'}`);
  return (
    <Group gap={6} wrap="nowrap" role="img" aria-label={label}>
      <Rating value={average} fractions={4} size={size} color="clay.4" readOnly aria-hidden inert />
      {count !== undefined && (
        <Text size="xs" c="dimmed" className="cw-numeric" aria-hidden>
          {average.toFixed(1)} ({count})
        </Text>
      )}
    </Group>
  );
}
