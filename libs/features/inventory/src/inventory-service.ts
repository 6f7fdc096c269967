import { DomainError, notFound } from '@cartwright/domain-errors';
import { available, mergeLinesByVariant, movement } from '@cartwright/domain-stock';
import type { MovementKind, VariantQuantity } from '@cartwright/domain-stock';
import type { IdempotencyRecords, Intent } from '@cartwright/platform-idempotency';
import { decodeCursor, encodeCursor, newId, type Mongo, type Tx } from '@cartwright/platform-mongo';
import type { Outbox, PendingEvent } from '@cartwright/platform-outbox';
import { z } from 'zod';
import { stockChanged } from './inventory.events.ts';
import type { StockMovementsInput } from './stock-admin.contracts.ts';
import type { StockRepository } from './stock-repository.ts';
import type { StockLevelDoc } from './stock.model.ts';

const markSchema = z.strictObject({ at: z.coerce.date(), id: z.string().max(64) });

/** What moves stock: an order, an import, somebody in the admin. Each moves a variant once per kind. */
export interface StockSource {
  readonly source: string;
  readonly sourceId: string;
}

/** The stock of a variant as others see it. */
export interface StockLevelView {
  readonly variantId: string;
  readonly onHand: number;
  readonly reserved: number;
  readonly available: number;
  readonly version: number;
}

export interface StockCorrection {
  readonly variantId: string;
  readonly reason: string;
  readonly by: string;
}

type StockChange = PendingEvent<typeof stockChanged>;

/**
 * Stock and its movements. Operations that take a `Tx` are part of the caller's transaction and return the event to
 * append to the outbox with it.
 */
export function createInventoryService({
  mongo,
  stock,
  records,
  outbox,
  clock,
}: {
  mongo: Pick<Mongo, 'transaction'>;
  stock: StockRepository;
  records: Pick<IdempotencyRecords, 'once'>;
  outbox: Pick<Outbox, 'append'>;
  clock: () => Date;
}) {
  async function move(
    kind: MovementKind,
    lines: Iterable<VariantQuantity>,
    source: StockSource,
    tx: Tx,
  ): Promise<StockChange> {
    const merged = mergeLinesByVariant(lines);
    const changes = merged.map((line) => ({ variantId: line.variantId, ...movement(kind, line.quantity) }));
    if (!(await stock.apply(changes, tx))) throw await shortage(kind, merged);
    const at = clock();
    await stock.insertMovements(
      changes.map((change) => ({ _id: newId(), ...change, kind, ...source, at })),
      tx,
    );
    return changed(merged, source, at);
  }

  /** Read outside the transaction: inside it, lines already reserved by this very attempt would look taken. */
  async function shortage(kind: MovementKind, wanted: readonly VariantQuantity[]): Promise<Error> {
    if (kind !== 'hold') return new Error(`Stock can't ${kind} what it doesn't hold`);
    const levels = new Map(
      (await stock.levels(wanted.map((line) => line.variantId))).map((level) => [level._id, level]),
    );
    const lines = wanted.map(({ variantId, quantity }) => {
      const level = levels.get(variantId);
      return { variantId, requested: quantity, available: level ? available(level) : 0 };
    });
    const short = lines.filter((line) => line.available < line.requested);
    return new DomainError('OUT_OF_STOCK', { lines: short.length > 0 ? short : lines });
  }

  /** Once for an intent, whatever became of the answer: what it came to is then told as it is by now. */
  async function correct(
    { variantId, ...rest }: StockCorrection & { expectedVersion?: number | undefined },
    intent: Intent,
    deltaOf: (onHand: number) => number,
  ): Promise<StockLevelView> {
    await records.once(intent, (note) =>
      mongo.transaction(async (tx) => {
        const level = await existing(variantId, tx);
        await writeCorrection(level, { ...rest, delta: deltaOf(level.onHand), sourceId: intent.id }, tx);
        // Also of a count that was right: a repetition must not set it back later.
        await note(variantId, tx);
        return variantId;
      }),
    );
    return viewOf(await existing(variantId));
  }

  async function existing(variantId: string, tx?: Tx): Promise<StockLevelDoc> {
    const [level] = await stock.levels([variantId], tx);
    if (!level) throw notFound('variant');
    return level;
  }

  async function writeCorrection(
    level: StockLevelDoc,
    given: Omit<StockCorrection, 'variantId'> & {
      delta: number;
      sourceId: string;
      expectedVersion?: number | undefined;
    },
    tx: Tx,
  ): Promise<void> {
    const { reason, by, delta, sourceId, expectedVersion } = given;
    const variantId = level._id;
    if (expectedVersion !== undefined && level.version !== expectedVersion) {
      throw new DomainError('VERSION_CONFLICT', { what: 'stock' });
    }
    if (delta === 0) return;
    const change = { variantId, ...movement('adjust', delta) };
    if (!(await stock.applyOver(change, level.version, tx))) {
      const requested = Math.max(0, -delta);
      throw new DomainError('OUT_OF_STOCK', { lines: [{ variantId, requested, available: available(level) }] });
    }
    const at = clock();
    const source = { source: 'admin', sourceId };
    await stock.insertMovements([{ _id: newId(), ...change, kind: 'adjust', ...source, reason, by, at }], tx);
    await outbox.append(tx, [changed([{ variantId }], source, at)]);
  }

  return {
    /**
     * Reserves all lines or none; lines of one variant count together. Throws OUT_OF_STOCK naming each line that can't be
     * had and what is available of it.
     */
    hold: (lines: Iterable<VariantQuantity>, source: StockSource, tx: Tx) => move('hold', lines, source, tx),
    /** As `hold`, but answers null, with nothing written, when a line can't be had. */
    async holdIfAvailable(lines: Iterable<VariantQuantity>, source: StockSource, tx: Tx): Promise<StockChange | null> {
      const wanted = mergeLinesByVariant(lines);
      const levels = await stock.levels(
        wanted.map((line) => line.variantId),
        tx,
      );
      const free = new Map(levels.map((level) => [level._id, available(level)]));
      const short = wanted.some((line) => (free.get(line.variantId) ?? 0) < line.quantity);
      return short ? null : move('hold', wanted, source, tx);
    },
    /** Undoes a hold. */
    release: (lines: Iterable<VariantQuantity>, source: StockSource, tx: Tx) => move('release', lines, source, tx),
    /** Takes held pieces out of the house. */
    ship: (lines: Iterable<VariantQuantity>, source: StockSource, tx: Tx) => move('ship', lines, source, tx),
    /** Brings pieces back in. */
    restock: (lines: Iterable<VariantQuantity>, source: StockSource, tx: Tx) => move('restock', lines, source, tx),

    /**
     * Corrects the count by a difference, once for an intent. Throws NOT_FOUND, OUT_OF_STOCK when reserved pieces would be
     * missing, or IDEMPOTENCY_KEY_REUSED when the intent was another correction.
     */
    adjust: ({ delta, ...correction }: StockCorrection & { delta: number }, intent: Intent) =>
      correct(correction, intent, () => delta),

    /** Sets the count. Throws as `adjust` does, and VERSION_CONFLICT when the level is not at `expectedVersion`. */
    setStock: (
      { onHand: wanted, ...correction }: StockCorrection & { onHand: number; expectedVersion?: number | undefined },
      intent: Intent,
    ) => correct(correction, intent, (onHand) => wanted - onHand),

    /** Writes the first stock of new variants; those that have a level keep it. */
    async receive(levels: readonly { variantId: string; productId: string; onHand: number }[], tx: Tx): Promise<void> {
      const known = new Set(
        (
          await stock.levels(
            levels.map((level) => level.variantId),
            tx,
          )
        ).map((level) => level._id),
      );
      const fresh = levels.filter((level) => !known.has(level.variantId));
      if (fresh.length === 0) return;
      const at = clock();
      await stock.insertLevels(
        fresh.map(({ variantId, productId, onHand }) => ({
          _id: variantId,
          productId,
          onHand,
          reserved: 0,
          version: 1,
        })),
        tx,
      );
      const moved = fresh.filter((level) => level.onHand > 0);
      if (moved.length === 0) return;
      await stock.insertMovements(
        moved.map(({ variantId, onHand }) => ({
          _id: newId(),
          variantId,
          kind: 'adjust',
          ...movement('adjust', onHand),
          source: 'import',
          sourceId: 'initial',
          at,
        })),
        tx,
      );
    },

    /** Tells of the levels of variants once more, when the transaction is done. */
    republish: (variantIds: readonly string[], tx: Tx): Promise<void> =>
      outbox.append(tx, [
        changed(
          variantIds.map((variantId) => ({ variantId })),
          { source: 'catalog', sourceId: newId() },
          clock(),
        ),
      ]),

    /** How a variant's level came about, the last movement first. */
    async movements({ variantId, limit, cursor }: StockMovementsInput) {
      const mark = cursor === undefined ? undefined : decodeCursor(cursor, markSchema);
      const docs = await stock.movementPage(variantId, limit, mark);
      const page = docs.slice(0, limit);
      const last = page.at(-1);
      return {
        items: page.map(({ _id, variantId: _variant, ...movementFacts }) => ({ id: _id, ...movementFacts })),
        nextCursor: docs.length > limit && last ? encodeCursor({ at: last.at, id: last._id }) : null,
      };
    },

    /** What a variant's movements add up to: its level, unless something went wrong. */
    async sumOfMovements(variantId: string): Promise<{ onHand: number; reserved: number }> {
      const movements = await stock.movementsOf(variantId);
      return {
        onHand: movements.reduce((sum, { deltaOnHand }) => sum + deltaOnHand, 0),
        reserved: movements.reduce((sum, { deltaReserved }) => sum + deltaReserved, 0),
      };
    },

    /**
     * Variants of which no more than `threshold` can be sold, fewest first, so many at most, after one of them. They are in
     * the order of `listedBy`, which pages go by; it is `available` unless an older release moves stock beside this one.
     */
    async lowest(threshold: number, limit: number, after?: { available: number; variantId: string }) {
      const levels = await stock.lowest(threshold, limit, after);
      return levels.map((level) => ({ ...viewOf(level), productId: level.productId, listedBy: level.available }));
    },

    /** To be called once before levels are listed: those of an older release are made ready for it. */
    prepare: () => stock.repairAvailable(),

    /** The levels of variants, by variant id; variants without stock records are left out. */
    async levels(variantIds: readonly string[]): Promise<Map<string, StockLevelView>> {
      if (variantIds.length === 0) return new Map();
      return new Map((await stock.levels(variantIds)).map((level) => [level._id, viewOf(level)]));
    },
  };
}

export type InventoryService = ReturnType<typeof createInventoryService>;

function changed(lines: readonly { variantId: string }[], source: StockSource, at: Date): StockChange {
  return {
    event: stockChanged,
    aggregateId: `${source.source}/${source.sourceId}`,
    aggregateVersion: 1,
    payload: { variantIds: lines.map((line) => line.variantId) },
    occurredAt: at,
  };
}

function viewOf(level: { _id: string; onHand: number; reserved: number; version: number }): StockLevelView {
  const { _id: variantId, onHand, reserved, version } = level;
  return { variantId, onHand, reserved, available: available(level), version };
}
