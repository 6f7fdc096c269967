import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { QueryKey } from '@tanstack/react-query';
import { exportRefetchMs } from './export-refetch.ts';

interface ExportOptions<Status> {
  /** Has the file written. */
  ask: () => Promise<Status>;
  read: (exportId: string, signal: AbortSignal) => Promise<Status>;
  /** Under which it is kept how far a file is. */
  keyOf: (exportId: string) => QueryKey;
}

/** A file that is asked for, followed while a worker writes it, and downloaded. */
export function useExport<Status extends { id: string; state: 'pending' | 'done' | 'failed' }>({
  ask,
  read,
  keyOf,
}: ExportOptions<Status>) {
  const queryClient = useQueryClient();
  const asking = useMutation({
    mutationFn: ask,
    // It may be the one under way of which nothing could be heard.
    onSuccess: ({ id }) => queryClient.invalidateQueries({ queryKey: keyOf(id) }),
  });
  const begun = asking.data?.id;
  const status = useQuery({
    queryKey: keyOf(begun ?? ''),
    queryFn: ({ signal }) => read(begun ?? '', signal),
    enabled: begun !== undefined,
    staleTime: Infinity,
    refetchInterval: ({ state }) => exportRefetchMs(state),
  });
  const file = status.data?.id === begun ? status.data : undefined;
  return {
    ask: () => asking.mutate(),
    error: asking.error ?? status.error,
    /** As far as it is known; of no earlier one. */
    file,
    /** For the link that downloads it. */
    status,
    isWaiting:
      asking.isPending || (begun !== undefined && exportRefetchMs({ data: file, error: status.error }) !== false),
  };
}
