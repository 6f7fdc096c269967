export { PERMISSIONS, ROLES, can, isRole } from './permissions.ts';
export type { Permission, Role } from './permissions.ts';
