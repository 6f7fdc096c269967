import { publicProcedure, router } from '@cartwright/api-core';
import { configOutput, healthOutput, versionOutput, type ShopConfigDto } from './system.contracts.ts';

/** What the system router tells of the running shop. */
export interface SystemFacts {
  config: ShopConfigDto;
  version: string;
  /** Whether what the shop stands on answers. */
  isHealthy: () => Promise<boolean>;
  clock: () => Date;
}

/** `system.*`: what a client asks before anything else. */
export function createSystemRouter({ config, version, isHealthy, clock }: SystemFacts) {
  return router({
    health: publicProcedure
      .output(healthOutput)
      .query(async () => ({ status: (await isHealthy()) ? ('ok' as const) : ('degraded' as const), time: clock() })),
    version: publicProcedure.output(versionOutput).query(() => ({ name: 'cartwright', version })),
    config: publicProcedure.output(configOutput).query(() => config),
  });
}
