import { DomainError, refusalError } from '@cartwright/domain-errors';
import { effectiveUnitPrice } from '@cartwright/domain-pricing';
import type { CouponAnswer, CouponService } from '@cartwright/feature-coupons';
import { newId, type Mongo, type Tx } from '@cartwright/platform-mongo';
import {
  addItem,
  beginFilling,
  clearCart,
  joinFilling,
  mergeLines,
  putItem,
  removeItem,
  type Cart,
  type CartItem,
  type CartOwner,
  type FillingNews,
} from './cart.ts';
import type { CartViewDto } from './cart.contracts.ts';
import { resolveLines, toCouponLine, type ResolvedLines } from './cart-lines.ts';
import type { CartSettings, CartTokens, CatalogPort, CatalogVariant } from './cart.ports.ts';
import type { CartRepository, UntoldNews } from './cart-repository.ts';
import { cartView } from './cart-view.ts';

/** Whose cart: a signed-in user's, or a guest's by the token the client keeps, if it has one yet. */
export type CartActor = { readonly userId: string } | { readonly cartToken: string | undefined };

/** How often an operation is tried anew when others change the same cart, and how long it waits at most before that. */
const ATTEMPTS = 12;
const WAIT_START_MS = 5;
const WAIT_MAX_MS = 200;

interface Opened {
  readonly cart: Cart;
  readonly isNew: boolean;
  /** The token of a guest's new cart, to be handed to the client. */
  readonly cartToken?: string;
}

/** Carts of users and guests: line operations, coupon, merging, and what checkout needs of them. */
export function createCartService({
  mongo,
  carts,
  catalog,
  coupons,
  tokens,
  settings,
  clock,
}: {
  mongo: Pick<Mongo, 'transaction'>;
  carts: CartRepository;
  catalog: CatalogPort;
  coupons: Pick<CouponService, 'evaluate'>;
  tokens: CartTokens;
  settings: CartSettings;
  clock: () => Date;
}) {
  const ownerOf = (actor: CartActor): CartOwner | undefined => {
    if ('userId' in actor) return { userId: actor.userId };
    return actor.cartToken === undefined ? undefined : { tokenHash: tokens.hash(actor.cartToken) };
  };

  const timesOf = (owner: CartOwner) => {
    const now = clock();
    return 'userId' in owner
      ? { now }
      : { now, expiresAt: new Date(now.getTime() + settings.guestCartSeconds * 1_000) };
  };

  async function open(actor: CartActor): Promise<Opened> {
    const owner = ownerOf(actor);
    const existing = owner && (await carts.byOwner(owner));
    if (existing) return { cart: existing, isNew: false };
    if (owner && 'userId' in owner) return { cart: emptyCart(owner), isNew: true };
    // An unknown token is never taken over: it may have been voided by a merge, or be somebody's guess.
    const cartToken = tokens.create();
    return { cart: emptyCart({ tokenHash: tokens.hash(cartToken) }), isNew: true, cartToken };
  }

  /**
   * Changes a cart atomically: read, change, save over the version that was read; anew when somebody was faster. The change
   * is given what the catalog says of the cart's variants and of those that are `wanted` besides.
   */
  async function change(
    actor: CartActor,
    operation: (cart: Cart, variants: readonly CatalogVariant[]) => Cart,
    wanted: readonly string[] = [],
  ): Promise<CartViewDto> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const { cart, isNew, cartToken } = await open(actor);
      const variants = await variantsOf(cart, wanted);
      const changed = operation(cart, variants);
      if (changed === cart) return view(cart, variants, actor);
      const times = timesOf(cart.owner);
      const begun = beginFilling(changed, { id: newId(), since: times.now });
      const next = { ...begun.cart, version: cart.version + 1 };
      const write = { ...times, news: begun.news };
      const saved = isNew ? await carts.insert(next, write) : await carts.save(next, write);
      if (saved) return { ...(await view(next, variants, actor)), ...(cartToken === undefined ? {} : { cartToken }) };
      await pause(Math.random() * Math.min(WAIT_MAX_MS, WAIT_START_MS * 2 ** attempt));
    }
    throw new DomainError('VERSION_CONFLICT', { what: 'cart' });
  }

  async function variantsOf(cart: Cart, wanted: readonly string[] = []): Promise<readonly CatalogVariant[]> {
    const ids = new Set([...cart.lines.map((line) => line.variantId), ...wanted]);
    return ids.size === 0 ? [] : catalog.variantsByIds([...ids]);
  }

  async function view(cart: Cart, variants: readonly CatalogVariant[], actor: CartActor): Promise<CartViewDto> {
    const coupon = cart.couponCode === undefined ? undefined : await evaluate(cart, cart.couponCode, variants, actor);
    return cartView({ cart, variants, coupon, settings, now: clock() });
  }

  function evaluate(
    cart: Cart,
    code: string,
    variants: readonly CatalogVariant[],
    actor: CartActor,
  ): Promise<CouponAnswer> {
    const { currency } = settings;
    const { lines } = resolveLines(cart.lines, variants, { currency, now: clock() });
    const customer = 'userId' in actor ? actor.userId : undefined;
    return coupons.evaluate({ code, currency, customer, lines: lines.map(toCouponLine) });
  }

  /** The variant as an item for the cart. Throws VARIANT_UNAVAILABLE. */
  function itemOf(variantId: string, quantity: number, variants: readonly CatalogVariant[]) {
    const variant = variants.find((one) => one.variantId === variantId);
    if (!variant?.purchasable || variant.currency !== settings.currency) {
      throw new DomainError('VARIANT_UNAVAILABLE', { variantIds: [variantId] });
    }
    const { unitPrice } = effectiveUnitPrice(variant, clock());
    const item: CartItem = { variantId, quantity, unitPrice };
    return { item, available: variant.available };
  }

  /** Buyers learn at once that there is not enough; the truth is read when the order is placed. */
  function requireStock(cart: Cart, variantId: string, available: number): Cart {
    const requested = cart.lines.find((line) => line.variantId === variantId)?.quantity ?? 0;
    if (requested > available) {
      throw new DomainError('OUT_OF_STOCK', { lines: [{ variantId, requested, available: Math.max(0, available) }] });
    }
    return cart;
  }

  async function put(
    actor: CartActor,
    { variantId, quantity }: { variantId: string; quantity: number },
    putIn: typeof addItem | typeof putItem,
  ): Promise<CartViewDto> {
    const lineId = newId();
    return change(
      actor,
      (cart, variants) => {
        const { item, available } = itemOf(variantId, quantity, variants);
        return requireStock(putIn(cart, item, lineId), variantId, available);
      },
      [variantId],
    );
  }

  return {
    /** The cart with its full price explanation; an empty one when there is none yet. */
    async get(actor: CartActor): Promise<CartViewDto> {
      const owner = ownerOf(actor);
      const cart = owner && (await carts.byOwner(owner));
      const shown = cart ?? emptyCart(owner ?? { tokenHash: '' }, '');
      return view(shown, await variantsOf(shown), actor);
    },

    /** Adds pieces. Throws VARIANT_UNAVAILABLE, OUT_OF_STOCK, QUANTITY_LIMIT (1–999) or CART_FULL (50 lines). */
    addItem: (actor: CartActor, piece: { variantId: string; quantity: number }) => put(actor, piece, addItem),

    /** Sets how many pieces the cart holds. Throws as `addItem` does. */
    setQuantity: (actor: CartActor, piece: { variantId: string; quantity: number }) => put(actor, piece, putItem),

    /** Takes a variant out; nothing happens when it is not in. */
    removeItem: (actor: CartActor, variantId: string) => change(actor, (cart) => removeItem(cart, variantId)),

    /** Empties the cart and takes its coupon off. */
    clear: (actor: CartActor) => change(actor, clearCart),

    /** Puts a coupon on, in place of an earlier one. Throws the COUPON_* reason that forbids it. */
    async applyCoupon(actor: CartActor, code: string): Promise<CartViewDto> {
      const { cart } = await open(actor);
      const answer = await evaluate(cart, code, await variantsOf(cart), actor);
      if (!answer.ok) throw refusalError(answer);
      return change(actor, (current) => ({ ...current, couponCode: answer.coupon.code }));
    },

    /**
     * Fills the cart with what was bought before, at today's prices: of each variant the larger quantity, capped by stock, so
     * doing it twice changes nothing more. Answers also the variants that could not be had, or not so many.
     */
    async refill(actor: CartActor, items: readonly Pick<CartItem, 'variantId' | 'quantity'>[]) {
      const { currency } = settings;
      const wanted = items.map(({ variantId, quantity }) => {
        return { lineId: newId(), variantId, quantity, seenUnitPrice: 0 };
      });
      const filled = await change(
        actor,
        (cart, variants) => {
          const { lines } = resolveLines(wanted, variants, { currency, now: clock() });
          const available = new Map(lines.map(({ variant }) => [variant.variantId, variant.available]));
          const priced = lines.map(({ line, unitPrice }) => ({ ...line, seenUnitPrice: unitPrice }));
          const merged = mergeLines(cart, { lines: priced }, (id) => available.get(id) ?? 0);
          return merged.lines === cart.lines ? cart : merged;
        },
        items.map(({ variantId }) => variantId),
      );
      const held = new Map(filled.lines.map((line) => [line.variantId, line.quantity]));
      const short = items.filter(({ variantId, quantity }) => (held.get(variantId) ?? 0) < quantity);
      return { cart: filled, short: [...new Set(short.map(({ variantId }) => variantId))] };
    },

    removeCoupon: (actor: CartActor) =>
      change(actor, (cart) => (cart.couponCode === undefined ? cart : { ...cart, couponCode: undefined })),

    /**
     * Takes a guest's cart into the user's when they sign in: the larger quantity wins, capped by stock. The guest's cart
     * is gone and its token void afterwards; a repetition finds nothing and does nothing. True when something was merged.
     */
    async merge(guestToken: string, userId: string): Promise<boolean> {
      return mongo.transaction(async (tx) => {
        const guest = await carts.byOwner({ tokenHash: tokens.hash(guestToken) }, tx);
        if (!guest) return false;
        const news = await carts.untoldOf(guest.id, tx);
        await carts.remove(guest.id, tx);
        if (guest.lines.length === 0 && news.length === 0) return false;
        const variants = await catalog.variantsByIds(
          guest.lines.map((line) => line.variantId),
          tx,
        );
        const available = new Map(variants.map((variant) => [variant.variantId, variant.available]));
        const availableOf = (variantId: string) => available.get(variantId) ?? 0;
        await takeIn({ userId }, guest, { availableOf, news }, tx);
        return guest.lines.length > 0;
      });
    },

    /** The cart as checkout needs it; null when there is none. */
    async forCheckout(actor: CartActor): Promise<Cart | null> {
      const owner = ownerOf(actor);
      return owner ? carts.byOwner(owner) : null;
    },

    /** The lines with the catalog's word on them, priced now. */
    async resolve(cart: Pick<Cart, 'lines'>, tx?: Tx): Promise<ResolvedLines> {
      const variants = await catalog.variantsByIds(
        cart.lines.map((line) => line.variantId),
        tx,
      );
      return resolveLines(cart.lines, variants, { currency: settings.currency, now: clock() });
    },

    /** Empties the very version that is being ordered. Throws CART_CHANGED when the cart has moved on. */
    async takeOrdered(cart: Cart, tx: Tx): Promise<void> {
      const emptied = { ...clearCart(cart), filling: undefined, version: cart.version + 1 };
      if (await carts.save(emptied, timesOf(cart.owner), tx)) return;
      const current = await carts.byOwner(cart.owner, tx);
      throw new DomainError('CART_CHANGED', { cartVersion: current?.version ?? 0 });
    },

    /**
     * Puts the lines of a canceled order back next to what the cart holds by now, and its coupon where it has none: into a
     * user's, or into the one it was placed from, where that is still there.
     */
    async restore(
      to: { userId: string } | { cartId: string },
      { lines, couponCode }: { lines: readonly CartItem[]; couponCode?: string | undefined },
      tx: Tx,
    ): Promise<void> {
      const owner = 'userId' in to ? { userId: to.userId } : (await carts.byId(to.cartId, tx))?.owner;
      if (!owner) return;
      const restored = lines.map(({ variantId, quantity, unitPrice }) => ({
        lineId: newId(),
        variantId,
        quantity,
        seenUnitPrice: unitPrice,
      }));
      // It was counted as a cart when the order's was filled: this is still the same.
      const filling = { id: newId(), since: clock() };
      const existing = await carts.byOwner(owner, tx);
      const from = { lines: restored, couponCode, ...(existing?.filling ? {} : { filling }) };
      await takeIn(owner, from, { availableOf: () => Infinity, news: [] }, tx);
    },

    /** Carts that got their first item, or went into another, and what of it nobody was told yet. */
    fillings: (limit: number): Promise<UntoldNews[]> => carts.untold(clock(), limit),

    /** Has carts forget what they told. */
    forgetFillings: (told: readonly UntoldNews[]): Promise<void> => carts.forget(told),
  };

  async function takeIn(
    owner: CartOwner,
    from: Pick<Cart, 'lines' | 'couponCode' | 'filling'>,
    { availableOf, news }: { availableOf: (variantId: string) => number; news: readonly FillingNews[] },
    tx: Tx,
  ): Promise<void> {
    const existing = await carts.byOwner(owner, tx);
    const cart = existing ?? emptyCart(owner);
    const joined = joinFilling(mergeLines(cart, from, availableOf), from.filling);
    const merged = { ...joined.cart, version: cart.version + 1 };
    const write = { ...timesOf(owner), news: [...news, ...joined.news] };
    if (!existing) await carts.insertIn(merged, write, tx);
    else if (!(await carts.save(merged, write, tx))) throw new DomainError('VERSION_CONFLICT', { what: 'cart' });
  }
}

export type CartService = ReturnType<typeof createCartService>;

/** Random waits, so that those who got in each other's way don't come back all at once. */
const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

function emptyCart(owner: CartOwner, id: string = newId()): Cart {
  return { id, version: 0, owner, lines: [] };
}
