import { Outlet } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Footer } from './footer.tsx';
import { Header } from './header.tsx';
import classes from './layout.module.css';

/** Header, page and footer of the shop. The page is the route's, unless children stand in for it. */
export function StorefrontLayout({ children = <Outlet /> }: { children?: ReactNode }) {
  return (
    <div className={classes['shell']}>
      <Header />
      <main id="main" tabIndex={-1} className={classes['main']}>
        {children}
      </main>
      <Footer />
    </div>
  );
}
