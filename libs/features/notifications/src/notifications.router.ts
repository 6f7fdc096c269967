import { authedProcedure, resumable, router } from '@cartwright/api-core';
import {
  listNotificationsInput,
  listNotificationsOutput,
  markReadInput,
  onNewInput,
  preferencesOutput,
  unreadCountOutput,
  updatePreferencesInput,
} from './notifications.contracts.ts';
import type { NotificationService } from './notification-service.ts';

/** `notifications.*`: everybody's own. */
export function createNotificationsRouter({ notifications }: { notifications: NotificationService }) {
  return router({
    list: authedProcedure
      .input(listNotificationsInput)
      .output(listNotificationsOutput)
      .query(({ ctx, input }) => notifications.list(ctx.principal.userId, input)),
    unreadCount: authedProcedure
      .output(unreadCountOutput)
      .query(({ ctx }) => notifications.unreadCount(ctx.principal.userId)),
    markRead: authedProcedure
      .input(markReadInput)
      .output(unreadCountOutput)
      .mutation(({ ctx, input }) => notifications.markRead(ctx.principal.userId, input)),
    preferences: router({
      get: authedProcedure
        .output(preferencesOutput)
        .query(({ ctx }) => notifications.preferences.get(ctx.principal.userId)),
      update: authedProcedure
        .input(updatePreferencesInput)
        .output(preferencesOutput)
        .mutation(({ ctx, input }) => notifications.preferences.update(ctx.principal.userId, input)),
    }),
    onNew: authedProcedure
      .input(resumable(onNewInput))
      .subscription(({ ctx, input }) =>
        notifications.follow(ctx.principal.userId, { ctx, lastEventId: input.lastEventId }),
      ),
  });
}
