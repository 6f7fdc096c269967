import { Button, Group, Text } from '@mantine/core';
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import type { CursorPages } from './use-cursor-pages.ts';

interface PagerProps {
  pages: CursorPages;
  nextCursor: string | null;
  busy: boolean;
  /** What leads back and on, of lists that don't go by time. */
  words?: { previous: string; next: string };
}

const BY_TIME = { previous: 'Newer', next: 'Older' };

/** Earlier and later pages of a table; nothing when there is only one. */
export function Pager({ pages, nextCursor, busy, words = BY_TIME }: PagerProps) {
  if (pages.page === 1 && nextCursor === null) return null;
  return (
    <Group justify="space-between" component="nav" aria-label="Pages">
      <Text size="sm" c="dimmed" role="status">
        Page {pages.page}
      </Text>
      <Group gap="xs">
        <Button
          variant="default"
          size="sm"
          leftSection={<IconChevronLeft size={16} />}
          disabled={busy || pages.page === 1}
          onClick={pages.previous}
        >
          {words.previous}
        </Button>
        <Button
          variant="default"
          size="sm"
          rightSection={<IconChevronRight size={16} />}
          disabled={busy || nextCursor === null}
          onClick={() => nextCursor !== null && pages.next(nextCursor)}
        >
          {words.next}
        </Button>
      </Group>
    </Group>
  );
}
