import { createContext, useContext, useSyncExternalStore } from 'react';
import type { Cartwright } from '@cartwright/sdk';
import type { createReactBindings } from '@cartwright/sdk/react';
import { mediaUrl } from '../lib/media-url.ts';
import type { StepUpPrompt } from './step-up.ts';

export type Trpc = ReturnType<typeof createReactBindings>;
export type Session = NonNullable<ReturnType<Cartwright['session']['current']>>;

export interface ShopContextValue {
  shop: Cartwright;
  trpc: Trpc;
  /** Origin of the API, without a slash at its end; pictures are served below it. */
  apiUrl: string;
  demoAccounts: boolean;
  /** Asks the person again who they are. */
  stepUp: StepUpPrompt;
}

const ShopContext = createContext<ShopContextValue | null>(null);

export const ShopProvider = ShopContext.Provider;

/** The shop client of this page. Throws when a component is drawn outside `ShopProvider`. */
export function useShopContext(): ShopContextValue {
  const value = useContext(ShopContext);
  if (!value) throw new Error('useShopContext needs a ShopProvider above it');
  return value;
}

export const useShop = (): Cartwright => useShopContext().shop;
export const useTrpc = (): Trpc => useShopContext().trpc;

/** Who is signed in, or null; redraws on sign-in and sign-out, in this tab or another. */
export function useSession(): Session | null {
  const { session } = useShop();
  return useSyncExternalStore(
    (listener) => session.subscribe(listener),
    () => session.current(),
  );
}

/** Turns a picture's key as products carry it into an address. */
export function useMediaUrl(): (key: string) => string {
  const { apiUrl } = useShopContext();
  return (key) => mediaUrl(apiUrl, key);
}
