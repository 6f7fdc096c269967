import { ConfigError, loadConfig, type Config } from '@cartwright/platform-config';

const STOP_SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/** Something that runs until it is closed. */
export interface Running {
  /** One line saying where it answers. */
  readonly ready: string;
  close(): Promise<void>;
}

/**
 * Runs a process of the shop: reads the configuration (naming every wrong variable and starting nothing when it is
 * wrong), starts, prints `ready`, and closes in order on SIGTERM or Ctrl-C.
 */
export async function runHost(
  env: Readonly<Record<string, string | undefined>>,
  start: (config: Config) => Promise<Running>,
): Promise<void> {
  let config: Config;
  try {
    config = loadConfig(env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 78;
    return;
  }
  const running = await start(config);

  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    running.close().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
        process.exit(1);
      },
    );
  };
  for (const signal of STOP_SIGNALS) process.on(signal, stop);
  // Last: whoever reads this may ask for the end at once.
  process.stdout.write(`ready ${running.ready}\n`);
}
