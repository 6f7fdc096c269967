import type { RouterOutputs } from '@cartwright/sdk';

type Money = ProductCard['price'];
export type ProductCard = RouterOutputs['catalog']['products']['byIds']['items'][number];
type Product = RouterOutputs['catalog']['products']['bySlug'];

/** What is known of a product since the page read it. */
export interface LiveProduct {
  /** Absent when it was read anew rather than told; what is told later is newer. */
  readonly version?: number;
  readonly status: 'active' | 'inactive';
  readonly price?: Money | undefined;
  readonly compareAt?: Money | undefined;
  readonly available: boolean;
  readonly variants: readonly {
    readonly id: string;
    readonly price: Money;
    readonly salePrice?: Money | undefined;
    readonly available: number;
  }[];
}

/** The shop follows no more of them at once. */
const FOLLOWED_MAX = 100;
/** Products of one page register one after another, and are followed together. */
const GATHER_MS = 150;
/**
 * A product that left the screen is followed for a while: longer than its page is shown again without being read anew.
 */
const LINGER_MS = 60_000;

/**
 * Which products are on screen, and what changed about them. One subscription follows them all: `followed` says whom,
 * and `changed` and `readAnew` take what is heard of them.
 */
export function createProductWatch(now: () => number = Date.now) {
  /** By id: how many parts of the page show it, and since when none does. The latest registered come last. */
  const shown = new Map<string, { count: number; leftAt: number }>();
  const known = new Map<string, LiveProduct>();
  const listeners = new Set<() => void>();
  let followed: readonly string[] = [];
  let heard = 0;
  /** By id: the number of the news about it, to tell what came after a question was asked. */
  const heardAt = new Map<string, number>();
  let gathering: ReturnType<typeof setTimeout> | undefined;
  let lingering: ReturnType<typeof setTimeout> | undefined;

  function tell(): void {
    for (const listener of listeners) listener();
  }

  function forget(id: string): void {
    shown.delete(id);
    known.delete(id);
    heardAt.delete(id);
  }

  function gather(): void {
    gathering = undefined;
    const oldest = now() - LINGER_MS;
    for (const [id, { count, leftAt }] of shown) if (count === 0 && leftAt <= oldest) forget(id);
    // Those on screen go before those that left it, the newest before the older.
    const byNeed = [...shown].reverse().sort(([, left], [, right]) => Number(right.count > 0) - Number(left.count > 0));
    for (const [id, { count }] of byNeed.slice(FOLLOWED_MAX)) if (count === 0) forget(id);
    const next = byNeed.slice(0, FOLLOWED_MAX).map(([id]) => id);
    if (next.length === 0 || next.some((id) => !followed.includes(id))) followed = next.sort();
    tell();
  }

  function leave(id: string): void {
    const entry = shown.get(id);
    if (!entry) return;
    entry.count -= 1;
    if (entry.count > 0) return;
    entry.leftAt = now();
    clearTimeout(lingering);
    lingering = setTimeout(gather, LINGER_MS);
  }

  return {
    /** Registers a product as on screen; returns how to take it off. */
    look(id: string): () => void {
      const count = shown.get(id)?.count ?? 0;
      shown.delete(id);
      shown.set(id, { count: count + 1, leftAt: 0 });
      if (!followed.includes(id)) gathering ??= setTimeout(gather, GATHER_MS);
      let isOn = true;
      return () => {
        if (isOn) leave(id);
        isOn = false;
      };
    },

    followed: (): readonly string[] => followed,
    known: (id: string): LiveProduct | undefined => known.get(id),

    subscribe(listener: () => void): () => void {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },

    /** Takes news of a product; older than what is known, or of one that is not looked at, it is none. */
    changed(change: LiveProduct & { readonly productId: string; readonly version: number }): void {
      const { productId } = change;
      if (!shown.has(productId) || (known.get(productId)?.version ?? 0) >= change.version) return;
      heardAt.set(productId, (heard += 1));
      known.set(productId, change);
      tell();
    },

    /**
     * Ask before reading products anew, and hand it the answer: it replaces what was known, but for what was told since.
     * A product that is missing in the answer is not for sale any more.
     */
    readAnew(): (ids: readonly string[], cards: readonly ProductCard[]) => void {
      const askedAt = heard;
      return (ids, cards) => {
        for (const id of ids) {
          if (!shown.has(id) || (heardAt.get(id) ?? 0) > askedAt) continue;
          const card = cards.find((candidate) => candidate.id === id);
          known.set(
            id,
            card
              ? {
                  status: 'active',
                  price: card.price,
                  compareAt: card.compareAt,
                  available: card.available,
                  variants: [],
                }
              : { status: 'inactive', available: false, variants: [] },
          );
        }
        tell();
      };
    },
  };
}

export type ProductWatch = ReturnType<typeof createProductWatch>;

/** A product of a list as it is now. Of one that isn't sold any more the last price stays. */
export function currentCard<C extends Pick<ProductCard, 'price' | 'compareAt' | 'available'>>(
  card: C,
  live: LiveProduct | undefined,
): C {
  if (!live) return card;
  if (live.status === 'inactive' || !live.price) return { ...card, available: false };
  const { compareAt: _former, ...rest } = card;
  return {
    ...(rest as C),
    price: live.price,
    available: live.available,
    ...(live.compareAt && { compareAt: live.compareAt }),
  };
}

/** A product with its variants as they are now. */
export function currentProduct(product: Product, live: LiveProduct | undefined): Product {
  if (!live) return product;
  const card = currentCard(product, live);
  if (live.status === 'inactive') {
    return { ...card, variants: product.variants.map((variant) => ({ ...variant, available: 0 })) };
  }
  const variants = product.variants.map((variant) => {
    const change = live.variants.find(({ id }) => id === variant.id);
    if (!change) return variant;
    const { salePrice: _former, ...rest } = variant;
    const { price, available, salePrice } = change;
    return { ...rest, price, available, ...(salePrice && { salePrice }) };
  });
  return { ...card, variants };
}
