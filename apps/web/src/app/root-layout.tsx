import { useEffect, useRef } from 'react';
import { Outlet, useLocation } from '@tanstack/react-router';
import { NotificationFeed } from '../notifications/notification-feed.tsx';
import { ConnectionBanner } from './connection-banner.tsx';
import { SessionEffects } from './session-effects.tsx';
import { StepUpDialog } from './step-up-dialog.tsx';

/** Around every page: the way past the header, the connection banner, and where focus goes after a change of page. */
export function RootLayout() {
  useFocusOnNavigation();
  return (
    <>
      <a href="#main" className="cw-skip-link">
        Skip to content
      </a>
      <SessionEffects />
      <NotificationFeed />
      <ConnectionBanner />
      <StepUpDialog />
      <Outlet />
    </>
  );
}

/** Moves focus to the new page's content, so keyboards and screen readers start there. */
function useFocusOnNavigation(): void {
  const { pathname } = useLocation();
  const previous = useRef(pathname);
  useEffect(() => {
    if (previous.current === pathname) return;
    previous.current = pathname;
    document.getElementById('main')?.focus({ preventScroll: true });
  }, [pathname]);
}
