import { Group, NumberInput, Stack, Text } from '@mantine/core';
import type { SyntheticEvent } from 'react';
import type { RouterOutputs } from '@cartwright/sdk';

type Line = RouterOutputs['admin']['orders']['byId']['lines'][number];

/** How many of which line; lines that are not named have none. */
export type PieceCounts = Readonly<Record<string, number>>;

interface PieceFieldsProps {
  lines: readonly Line[];
  /** How many of a line there can be; lines without any are not shown. */
  maximumOf: (line: Line) => number;
  counts: PieceCounts;
  onChange: (counts: PieceCounts) => void;
}

/** How many pieces of each line are meant. */
export function PieceFields({ lines, maximumOf, counts, onChange }: PieceFieldsProps) {
  return (
    <Stack gap="xs">
      {lines.map((line) => {
        const maximum = maximumOf(line);
        if (maximum === 0) return null;
        return (
          <Group key={line.lineId} wrap="nowrap" justify="space-between" gap="md">
            <div style={{ minWidth: 0 }}>
              <Text size="sm" fw={600} truncate>
                {line.product.title}
              </Text>
              <Text size="xs" c="dimmed">
                {[...Object.values(line.product.options), line.product.sku].join(' · ')}
              </Text>
            </div>
            <Group gap={6} wrap="nowrap">
              <NumberInput
                aria-label={`Pieces of ${line.product.title}`}
                aria-describedby={`of-${line.lineId}`}
                w={80}
                min={0}
                max={maximum}
                clampBehavior="strict"
                allowDecimal={false}
                value={counts[line.lineId] ?? 0}
                // What is typed takes the place of what stands there; a click would put the cursor beside it.
                onFocus={selectAll}
                onClick={selectAll}
                onChange={(value) => onChange({ ...counts, [line.lineId]: Number(value) || 0 })}
              />
              <Text size="sm" c="dimmed" id={`of-${line.lineId}`} style={{ whiteSpace: 'nowrap' }}>
                of {maximum}
              </Text>
            </Group>
          </Group>
        );
      })}
    </Stack>
  );
}

const selectAll = (event: SyntheticEvent<HTMLInputElement>) => event.currentTarget.select();

/** As calls take them. */
export function piecesOf(counts: PieceCounts): { lineId: string; quantity: number }[] {
  return Object.entries(counts).flatMap(([lineId, quantity]) => (quantity > 0 ? { lineId, quantity } : []));
}

/** All that there are. */
export function allPieces(lines: readonly Line[], maximumOf: (line: Line) => number): PieceCounts {
  return Object.fromEntries(lines.map((line) => [line.lineId, maximumOf(line)]));
}
