interface Slot<T> {
  readonly value: T;
  readonly bytes: number;
  used: boolean;
}

/**
 * Keeps values by key within so many bytes. When there are more, the oldest goes that was not read since it was last looked
 * at for that: what is read over and over stays, and reading costs no more than a look at a map.
 */
export function createBoundedMap<T extends object>({ maxBytes }: { maxBytes: number }) {
  const slots = new Map<string, Slot<T>>();
  let bytes = 0;

  function remove(key: string): T | undefined {
    const slot = slots.get(key);
    if (!slot) return undefined;
    slots.delete(key);
    bytes -= slot.bytes;
    return slot.value;
  }

  return {
    get(key: string): T | undefined {
      const slot = slots.get(key);
      if (slot) slot.used = true;
      return slot?.value;
    },

    /** Answers what had to go for it; nothing is kept that is larger than an eighth of all. */
    set(key: string, value: T, size: number): T[] {
      const replaced = remove(key);
      const gone = replaced === undefined ? [] : [replaced];
      if (size > maxBytes / 8) return gone;
      slots.set(key, { value, bytes: size, used: false });
      bytes += size;
      for (const [oldest, slot] of slots) {
        if (bytes <= maxBytes) break;
        slots.delete(oldest);
        if (slot.used) {
          // Once round: it is the youngest now, and goes next time unless it was read.
          slot.used = false;
          slots.set(oldest, slot);
        } else {
          bytes -= slot.bytes;
          gone.push(slot.value);
        }
      }
      return gone;
    },

    remove,

    clear(): void {
      slots.clear();
      bytes = 0;
    },

    size: () => ({ entries: slots.size, bytes }),
  };
}
