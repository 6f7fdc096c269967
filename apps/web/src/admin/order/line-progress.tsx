import { Group, Badge } from '@mantine/core';
import type { RouterOutputs } from '@cartwright/sdk';

type Line = RouterOutputs['admin']['orders']['byId']['lines'][number];

/** Where the pieces of a line are, as far as they moved. */
export function LineProgress({ line }: { line: Line }) {
  const { open, shipped, delivered, returned, refunded } = line.progress;
  const facts: [string, number][] = [
    ['to send', shipped > 0 || refunded > 0 ? open : 0],
    ['sent', shipped],
    ['arrived', delivered],
    ['came back', returned],
    ['refunded', refunded],
  ];
  const told = facts.filter(([, count]) => count > 0);
  if (told.length === 0) return null;
  return (
    <Group gap={6} mt={6}>
      {told.map(([word, count]) => (
        <Badge key={word} variant="light" color="gray" size="sm" tt="none">
          {count} {word}
        </Badge>
      ))}
    </Group>
  );
}
