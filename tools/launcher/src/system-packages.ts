import { spawn, spawnSync } from 'node:child_process';
import path from 'node:path';
import { findOnPath } from './sources.ts';

/** A program of the operating system that the shop or its tests need. */
export type SystemProgram = {
  title: string;
  binaries: readonly string[];
  packages: { apt: string; dnf: string; apk: string; pacman: string; brew: string };
};

export const REDIS: SystemProgram = {
  title: 'Redis',
  binaries: ['redis-server', 'valkey-server'],
  packages: { apt: 'redis-server', dnf: 'redis', apk: 'redis', pacman: 'redis', brew: 'redis' },
};

export const CHROMIUM: SystemProgram = {
  title: 'Chromium',
  binaries: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'],
  packages: { apt: 'chromium', dnf: 'chromium', apk: 'chromium', pacman: 'chromium', brew: '--cask chromium' },
};

/** Only for the tests of docker/nginx, and for restarting instances behind it. */
export const NGINX: SystemProgram = {
  title: 'nginx',
  binaries: ['nginx'],
  packages: { apt: 'nginx', dnf: 'nginx', apk: 'nginx', pacman: 'nginx', brew: 'nginx' },
};

/** A program is missing and could not be installed; the message says what to type. */
export class MissingProgramError extends Error {
  override name = 'MissingProgramError';
}

/**
 * Finds a program, or installs it with apt-get when this process may: as root, or with sudo that asks no password.
 * @returns the full path of the program
 * @throws MissingProgramError that says exactly what to install
 */
export async function ensureProgram(
  program: SystemProgram,
  {
    env,
    report,
    uid = process.getuid?.(),
  }: { env: NodeJS.ProcessEnv; report: (line: string) => void; uid?: number | undefined },
): Promise<string> {
  const find = () => whereIs(program, env);
  const found = find();
  if (found !== undefined) return found;

  const apt = findOnPath('apt-get', env);
  const prefix = apt === undefined ? undefined : administratorPrefix(env, uid);
  if (apt === undefined || prefix === undefined) throw new MissingProgramError(howToInstall(program, env));

  report(`${program.title} is not installed; installing it with apt-get (half a minute or so).`);
  const install = [...prefix, apt, 'install', '-y', '--no-install-recommends', program.packages.apt];
  const first = await runQuietly(install, env);
  if (first.code !== 0) {
    report('  The list of packages is missing or old; fetching it.');
    await runQuietly([...prefix, apt, 'update'], env);
    const second = await runQuietly(install, env);
    if (second.code !== 0) {
      const tail = second.output.trim().split('\n').slice(-5).join('\n    ');
      throw new MissingProgramError(
        `apt-get could not install ${program.title}:\n    ${tail}\n${howToInstall(program, env)}`,
      );
    }
  }
  const installed = find();
  if (installed === undefined) throw new MissingProgramError(howToInstall(program, env));
  report(`  ${program.title} installed: ${installed}`);
  return installed;
}

/** Whether a program is there. */
export const isInstalled = (program: SystemProgram, env: NodeJS.ProcessEnv): boolean =>
  whereIs(program, env) !== undefined;

function whereIs(program: SystemProgram, env: NodeJS.ProcessEnv): string | undefined {
  // Servers stand where ordinary users' PATH does not lead.
  const wide = { ...env, PATH: [env['PATH'] ?? '', '/usr/sbin', '/usr/local/sbin'].join(path.delimiter) };
  return program.binaries.map((name) => findOnPath(name, wide)).find((found) => found !== undefined);
}

/** What a person has to type on this machine. */
export function howToInstall(program: SystemProgram, env: NodeJS.ProcessEnv): string {
  const { packages } = program;
  const managers: [string, string][] = [
    ['apt-get', `sudo apt-get install -y ${packages.apt}`],
    ['dnf', `sudo dnf install -y ${packages.dnf}`],
    ['apk', `sudo apk add ${packages.apk}`],
    ['pacman', `sudo pacman -S ${packages.pacman}`],
    ['brew', `brew install ${packages.brew}`],
  ];
  const here = managers.find(([manager]) => findOnPath(manager, env) !== undefined);
  const command = here?.[1] ?? `(with your package manager) ${packages.apt}`;
  const lines = [
    `${program.title} is needed and was not found. Install it and run the command again:`,
    '',
    `    ${command}`,
  ];
  if (program === REDIS)
    lines.push('', 'Or point REDIS_URL to a Redis you already have, for instance redis://127.0.0.1:6379.');
  return lines.join('\n');
}

function administratorPrefix(env: NodeJS.ProcessEnv, uid: number | undefined): string[] | undefined {
  if (uid === 0) return [];
  const sudo = findOnPath('sudo', env);
  if (sudo === undefined) return undefined;
  return spawnSync(sudo, ['-n', 'true'], { stdio: 'ignore', env }).status === 0 ? [sudo, '-n'] : undefined;
}

function runQuietly(command: readonly string[], env: NodeJS.ProcessEnv): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    const [file = '', ...args] = command;
    const child = spawn(file, args, {
      env: { ...env, DEBIAN_FRONTEND: 'noninteractive' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        output += chunk.toString();
      });
    }
    child.once('error', (error) => resolve({ code: 127, output: error.message }));
    child.once('close', (code) => resolve({ code: code ?? 1, output }));
  });
}
