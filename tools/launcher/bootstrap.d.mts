export declare function machineProblems(machine: { nodeVersion: string; platform: string; arch: string }): string[];
