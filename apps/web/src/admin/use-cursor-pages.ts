import { useState } from 'react';

export interface CursorPages {
  cursor: string | undefined;
  /** Counted from 1. */
  page: number;
  previous: () => void;
  next: (cursor: string) => void;
  first: () => void;
}

/** Back and forth through a keyset list: remembers the cursors passed. Another `key` starts over. */
export function useCursorPages(key: string): CursorPages {
  const [trail, setTrail] = useState<{ key: string; cursors: readonly string[] }>({ key, cursors: [] });
  const cursors = trail.key === key ? trail.cursors : [];
  return {
    cursor: cursors.at(-1),
    page: cursors.length + 1,
    previous: () => setTrail({ key, cursors: cursors.slice(0, -1) }),
    next: (cursor) => setTrail({ key, cursors: [...cursors, cursor] }),
    first: () => setTrail({ key, cursors: [] }),
  };
}
