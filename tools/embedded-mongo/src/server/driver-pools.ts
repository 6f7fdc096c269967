/** The connections that one driver uses in turn. */
interface Pool {
  readonly open: Set<number>;
  /** Those over which a command is under way. */
  readonly busy: Set<number>;
}

export type DriverPools = ReturnType<typeof createDriverPools>;

/**
 * Which connections are those of one driver. Nothing says so, but drivers use their sessions over any of their
 * connections, so those that have carried the same session belong together.
 */
export function createDriverPools() {
  const pools = new Map<number, Pool>();

  return {
    open(connection: number): void {
      pools.set(connection, { open: new Set([connection]), busy: new Set() });
    },

    close(connection: number): void {
      const pool = pools.get(connection);
      pool?.open.delete(connection);
      pool?.busy.delete(connection);
      pools.delete(connection);
    },

    /** The connections have carried the same session. */
    join(a: number, b: number): void {
      const [one, two] = [pools.get(a), pools.get(b)];
      if (one === undefined || two === undefined || one === two) return;
      const [large, small] = one.open.size < two.open.size ? [two, one] : [one, two];
      for (const member of small.open) {
        pools.set(member, large);
        large.open.add(member);
      }
      for (const member of small.busy) large.busy.add(member);
    },

    /** A command begins over the connection. */
    begin: (connection: number): void => void pools.get(connection)?.busy.add(connection),

    /** The command is done; the connection may be closed by then. */
    end: (connection: number): void => void pools.get(connection)?.busy.delete(connection),

    /** How many connections of the driver carry no command. */
    idle(connection: number): number {
      const pool = pools.get(connection);
      return pool === undefined ? 0 : pool.open.size - pool.busy.size;
    },
  };
}
