import type { SuperJSONResult } from 'superjson';
/** Why the guard refused an input; undefined when it didn't. */
export declare const rejectionOf: (input: unknown) => string | undefined;
/**
 * Reads an input that superjson wrote, of a stranger. Only Date, bounded bigint and undefined are accepted beyond JSON;
 * everything is checked before superjson sees it. `referentialEqualities` (a value used twice) are dropped: the values
 * are repeated in the JSON itself.
 */
export declare const readGuardedInput: (payload: unknown) => unknown;
/** The transformer of the API: guarded towards the server, plain superjson towards clients. */
export declare const guardedTransformer: {
  input: {
    serialize: (value: unknown) => SuperJSONResult;
    deserialize: typeof readGuardedInput;
  };
  output: {
    serialize: (value: unknown) => SuperJSONResult;
    deserialize: (payload: SuperJSONResult) => unknown;
  };
};
