import type { TRPCClientError, TRPCLink } from '@trpc/client';
import { observable, type Unsubscribable } from '@trpc/server/observable';
import type { AppRouter } from './app-router.ts';
import { describeError } from './errors.ts';
import { backoff, retriesOf, withoutDirection } from './links.ts';

/** What stands before the transport of queries that need no session: errors get their reason, passing ones are tried again. */
export function createRetryLink(): TRPCLink<AppRouter> {
  return () =>
    ({ op: given, next }) =>
      observable((observer) => {
        const op = { ...given, input: withoutDirection(given.input) };
        let current: Unsubscribable | undefined;
        let timer: ReturnType<typeof setTimeout> | undefined;
        const began = performance.now();
        function attempt(count: number): void {
          current = next(op).subscribe({
            next: (envelope) => observer.next(envelope),
            error: (raw: TRPCClientError<AppRouter>) => {
              const error = describeError(raw);
              if (count < retriesOf(error, performance.now() - began))
                timer = setTimeout(() => attempt(count + 1), backoff(count));
              else observer.error(error);
            },
            complete: () => observer.complete(),
          });
        }
        attempt(0);
        return () => {
          clearTimeout(timer);
          current?.unsubscribe();
        };
      });
}
