import { Text, VisuallyHidden } from '@mantine/core';
import { changeWords } from '../../lib/figures.ts';

interface ChangeBadgeProps {
  /** In basis points; null when there was nothing before. */
  change: number | null;
  /** What it is now. */
  value: number;
  /** Whether more is better. */
  isGood?: boolean | undefined;
}

/** By how much a figure changed: in colour where that is good or bad. */
export function ChangeBadge({ change, value, isGood = true }: ChangeBadgeProps) {
  const words = changeWords(change, value);
  if (!words) return null;
  const isBetter = (words.direction === 'up') === isGood;
  const colour = words.direction === 'same' ? 'dimmed' : isBetter ? 'pine.8' : 'red.8';
  return (
    <Text span size="xs" fw={650} c={colour} className="cw-numeric">
      <span aria-hidden>{words.text}</span>
      <VisuallyHidden>{words.spoken}</VisuallyHidden>
    </Text>
  );
}
