export { readRunningState, type ServiceState, type ShopState } from './state.ts';
export { createPaths, type Paths } from './paths.ts';
export { startNginx, type NginxOptions } from './nginx.ts';
