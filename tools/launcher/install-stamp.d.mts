type Lockfile = { packages?: Record<string, object> };
export declare function installedMatchesLockfile(
  wanted: Lockfile | undefined,
  installed: Lockfile | undefined,
): boolean;
export declare function installState(root: string): {
  upToDate: boolean;
  stamped: boolean;
  hash: string;
  reason: string;
};
export declare function writeStamp(root: string, hash: string): void;
export declare function acquireInstallLock(root: string, onWait: () => void): Promise<() => void>;
