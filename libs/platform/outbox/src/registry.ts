import type { EventHandler } from './handler.ts';

type Named = Pick<EventHandler, 'name' | 'event'>;

/** The handlers that a process knows. */
export type HandlerRegistry<Handler extends Named = EventHandler> = {
  find(name: string): Handler | undefined;
  /** The names of those for a type of event. */
  namesFor(type: string): readonly string[];
};

/** Throws when two handlers have one name. */
export const createHandlerRegistry = <Handler extends Named>(
  handlers: readonly Handler[],
): HandlerRegistry<Handler> => {
  const byName = new Map<string, Handler>();
  const byType = new Map<string, string[]>();
  for (const handler of handlers) {
    const { name, event } = handler;
    if (byName.has(name)) throw new Error(`Two event handlers are called ${name}`);
    byName.set(name, handler);
    byType.set(event.type, [...(byType.get(event.type) ?? []), name]);
  }
  return { find: (name) => byName.get(name), namesFor: (type) => byType.get(type) ?? [] };
};
