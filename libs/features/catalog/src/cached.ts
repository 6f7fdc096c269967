/**
 * Keeps what `load` gave for some milliseconds: within them nothing is loaded, and while it is loaded all wait for the
 * same. A failure is not kept.
 */
export function cachedFor<T>(milliseconds: number, load: () => Promise<T>): () => Promise<T> {
  let value: Promise<T> | undefined;
  let until = 0;
  return () => {
    if (value && performance.now() < until) return value;
    const loading = load();
    value = loading;
    until = Number.POSITIVE_INFINITY;
    loading.then(
      () => {
        until = performance.now() + milliseconds;
      },
      () => {
        value = undefined;
      },
    );
    return loading;
  };
}
