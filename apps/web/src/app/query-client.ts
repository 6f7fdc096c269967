import { QueryClient } from '@tanstack/react-query';

/** No retries here: the SDK repeats what may pass by itself, and what comes through to a page is worth showing. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: { staleTime: 30_000, refetchOnWindowFocus: false, retry: false },
      mutations: { retry: false },
    },
  });
}
