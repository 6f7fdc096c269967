import { useQueryClient } from '@tanstack/react-query';
import type { QueryFilters } from '@tanstack/react-query';
import { useState } from 'react';
import { atMostEvery } from '../lib/at-most-every.ts';

/** A busy shop tells of something all the time. */
const READ_EVERY_MS = 2_000;

/** Has queries read again, as often as it is asked to and not more often than a busy shop can bear. The first filter counts. */
export function useReadAgain(queries: QueryFilters): () => void {
  const queryClient = useQueryClient();
  const [readAgain] = useState(() => atMostEvery(READ_EVERY_MS, () => queryClient.invalidateQueries(queries)));
  return readAgain;
}
