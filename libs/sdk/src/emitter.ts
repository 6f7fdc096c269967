/** A value that listeners may follow. */
export function createEmitter<T>(initial: T) {
  let value = initial;
  const listeners = new Set<(value: T) => void>();
  return {
    get: (): T => value,
    set(next: T): void {
      value = next;
      for (const listener of [...listeners]) listener(next);
    },
    /** Calls back on each change; returns how to stop. */
    subscribe(listener: (value: T) => void): () => void {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
