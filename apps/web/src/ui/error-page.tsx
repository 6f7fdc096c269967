import { useRouter } from '@tanstack/react-router';
import { Page } from './page.tsx';
import { ErrorState } from './states.tsx';

/** A page that failed to load or to draw. */
export function ErrorPage({ error, reset }: { error: unknown; reset: () => void }) {
  const router = useRouter();
  return (
    <Page title="Something went wrong" heading={null} size={720}>
      <ErrorState
        error={error}
        onRetry={() => {
          reset();
          void router.invalidate();
        }}
      />
    </Page>
  );
}
