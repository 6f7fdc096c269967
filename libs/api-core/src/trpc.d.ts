import type { TRPCErrorShape } from '@trpc/server/rpc';
import type { Permission } from '@cartwright/domain-permissions';
import type { Principal } from './context.sealed.ts';
import type { ErrorData } from './error-shape.ts';
/** Calls in one HTTP batch; hosts hand it to their adapter as `maxBatchSize`. */
export declare const MAX_BATCH_SIZE = 20;
export declare const router: import('@trpc/server').TRPCRouterBuilder<{
  ctx: object;
  meta: object;
  errorShape: TRPCErrorShape<ErrorData>;
  transformer: true;
}>;
export declare const mergeRouters: <TRouters extends import('@trpc/server').AnyRouter[]>(
  ...routerList: TRouters
) => import('@trpc/server').TRPCMergeRouters<TRouters>;
/** For tests: calls procedures without a transport. */
export declare const createCallerFactory: import('@trpc/server').TRPCRouterCallerFactory<{
  ctx: object;
  meta: object;
  errorShape: TRPCErrorShape<ErrorData>;
  transformer: true;
}>;
/** Open to everybody; who calls is not looked at. */
export declare const publicProcedure: import('@trpc/server').TRPCProcedureBuilder<
  object,
  object,
  {
    authenticate: () => Promise<Principal | null>;
    cartToken: string | undefined;
    idempotencyKeyHeader: string | undefined;
    ip: string;
    logger: import('@cartwright/platform-logger').Logger;
    orderToken: string | undefined;
    requestId: string;
    transport: 'http' | 'ws';
    userAgent: string;
  },
  import('@trpc/server').TRPCUnsetMarker,
  import('@trpc/server').TRPCUnsetMarker,
  import('@trpc/server').TRPCUnsetMarker,
  import('@trpc/server').TRPCUnsetMarker,
  false,
  TRPCErrorShape<ErrorData>
>;
/** Open to everybody; `ctx.principal` is null for guests. A bad token is refused all the same, so that clients refresh it. */
export declare const identifiedProcedure: import('@trpc/server').TRPCProcedureBuilder<
  object,
  object,
  {
    authenticate: () => Promise<Principal | null>;
    cartToken: string | undefined;
    idempotencyKeyHeader: string | undefined;
    ip: string;
    logger: import('@cartwright/platform-logger').Logger;
    orderToken: string | undefined;
    principal: Principal | null;
    requestId: string;
    transport: 'http' | 'ws';
    userAgent: string;
  },
  import('@trpc/server').TRPCUnsetMarker,
  import('@trpc/server').TRPCUnsetMarker,
  import('@trpc/server').TRPCUnsetMarker,
  import('@trpc/server').TRPCUnsetMarker,
  false,
  TRPCErrorShape<ErrorData>
>;
/** For signed-in users: UNAUTHENTICATED without a valid token, SESSION_REVOKED when its session has ended. */
export declare const authedProcedure: import('@trpc/server').TRPCProcedureBuilder<
  object,
  object,
  {
    authenticate: () => Promise<Principal | null>;
    cartToken: string | undefined;
    idempotencyKeyHeader: string | undefined;
    ip: string;
    logger: import('@cartwright/platform-logger').Logger;
    orderToken: string | undefined;
    principal: Principal;
    requestId: string;
    transport: 'http' | 'ws';
    userAgent: string;
  },
  import('@trpc/server').TRPCUnsetMarker,
  import('@trpc/server').TRPCUnsetMarker,
  import('@trpc/server').TRPCUnsetMarker,
  import('@trpc/server').TRPCUnsetMarker,
  false,
  TRPCErrorShape<ErrorData>
>;
/** For users whose role has the permission; FORBIDDEN for others. */
export declare const requirePermission: (permission: Permission) => import('@trpc/server').TRPCProcedureBuilder<
  object,
  object,
  {
    authenticate: () => Promise<Principal | null>;
    cartToken: string | undefined;
    idempotencyKeyHeader: string | undefined;
    ip: string;
    logger: import('@cartwright/platform-logger').Logger;
    orderToken: string | undefined;
    principal: Principal;
    requestId: string;
    transport: 'http' | 'ws';
    userAgent: string;
  },
  import('@trpc/server').TRPCUnsetMarker,
  import('@trpc/server').TRPCUnsetMarker,
  import('@trpc/server').TRPCUnsetMarker,
  import('@trpc/server').TRPCUnsetMarker,
  false,
  TRPCErrorShape<ErrorData>
>;
