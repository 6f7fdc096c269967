export { runSeed, replayOf } from './run.ts';
export type { Outcome } from './run.ts';
export { startCluster } from './cluster.ts';
export type { Cluster, ClusterOptions } from './cluster.ts';
