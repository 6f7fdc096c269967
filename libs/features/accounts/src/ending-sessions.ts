import type { SessionStore } from './session-store.ts';

/** Ends sessions after something that those who hold them may not survive. */
export function createEndingSessions({ sessions }: { sessions: Pick<SessionStore, 'listOf' | 'end'> }) {
  /**
   * Ends a user's sessions, but for one. It is done in the request itself, and again by the event of the change: a process
   * that dies in between ends them a little later, and then those alone that began by the change. In the request all end,
   * whatever they say of when they began: clocks of instances differ.
   */
  return async (
    userId: string,
    { until, except }: { until?: Date; except?: string | undefined } = {},
  ): Promise<void> => {
    const all = await sessions.listOf(userId);
    const over = all.filter(({ id, createdAt }) => id !== except && (!until || createdAt <= until));
    await sessions.end(
      userId,
      over.map(({ id }) => id),
    );
  };
}

export type EndSessions = ReturnType<typeof createEndingSessions>;
