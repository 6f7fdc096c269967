export declare const createR: () => import('@trpc/server').TRPCBuiltRouter<
  {
    ctx: object;
    meta: object;
    errorShape: import('@trpc/server').TRPCErrorShape<import('./error-shape.ts').ErrorData>;
    transformer: true;
  },
  import('@trpc/server').TRPCDecorateCreateRouterOptions<{
    a: import('@trpc/server').TRPCMutationProcedure<{
      input: {
        idempotencyKey?: string | undefined;
        x: number;
      };
      output: {
        y: string;
      };
      meta: object;
      errorShape: import('@trpc/server').TRPCErrorShape<import('./error-shape.ts').ErrorData>;
    }>;
    s: import('@trpc/server').TRPCSubscriptionProcedure<{
      input: {
        lastEventId?: string | undefined;
      };
      output: AsyncIterable<
        import('@trpc/server/unstable-core-do-not-import').TrackedData<{
          at: Date;
        }>,
        void,
        undefined
      >;
      meta: object;
      errorShape: import('@trpc/server').TRPCErrorShape<import('./error-shape.ts').ErrorData>;
    }>;
  }>
>;
