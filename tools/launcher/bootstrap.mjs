/**
 * The first thing every npm script of the shop runs. It stands before `npm ci`, so it uses Node built-ins only and must
 * work on the oldest supported Node. It checks the machine, installs the packages when they are missing or out of date,
 * and hands over to the launcher proper on the Node version the shop is built for.
 *
 *   node tools/launcher/bootstrap.mjs <command> [arguments…]
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { acquireInstallLock, installState, writeStamp } from './install-stamp.mjs';

const MINIMUM_NODE = [20, 19, 0];

/**
 * Says what keeps the shop from running on this machine.
 * @param {{ nodeVersion: string, platform: string, arch: string }} machine
 * @returns {string[]} one plain sentence per obstacle; empty when the machine is fine
 */
export function machineProblems({ nodeVersion, platform, arch }) {
  const problems = [];
  const parts = nodeVersion.replace(/^v/, '').split('.').map(Number);
  const older = MINIMUM_NODE.findIndex((wanted, index) => (parts[index] || 0) !== wanted);
  if (older !== -1 && (parts[older] || 0) < MINIMUM_NODE[older]) {
    problems.push(
      `Node ${nodeVersion} is too old: Cartwright needs ${MINIMUM_NODE.join('.')} or newer. ` +
        'Install a current release from https://nodejs.org (or `nvm install --lts`) and run the command again.',
    );
  }
  if (platform !== 'linux' && platform !== 'darwin') {
    problems.push(
      `The platform ${platform} is not supported: run Cartwright on Linux or macOS` +
        (platform === 'win32' ? ', or inside WSL 2 (`wsl --install`).' : '.'),
    );
  }
  if (arch !== 'x64' && arch !== 'arm64') problems.push(`The processor type ${arch} is not supported: x64 or arm64.`);
  return problems;
}

function say(line) {
  process.stderr.write(`${line}\n`);
}

function npmCommand() {
  const cli = process.env.npm_execpath;
  const node = process.env.npm_node_execpath;
  if (cli && /npm-cli\.[cm]?js$/.test(cli) && existsSync(cli)) {
    // The node that runs this file may lie in the very node_modules that `npm ci` removes.
    const usable = node && existsSync(node) && !node.includes(`${path.sep}node_modules${path.sep}`);
    return { command: usable ? node : 'node', args: [cli] };
  }
  return { command: 'npm', args: [] };
}

/** How many packages lie unpacked; npm makes all the folders first and fills them one by one. */
function countInstalled(folder) {
  let count = 0;
  try {
    for (const name of readdirSync(folder)) {
      if (name.startsWith('.')) continue;
      const entry = path.join(folder, name);
      if (name.startsWith('@')) count += countInstalled(entry);
      else if (existsSync(path.join(entry, 'package.json'))) count += 1;
    }
  } catch {
    // not made yet
  }
  return count;
}

/**
 * Runs `npm ci`, saying every few seconds how far it is, and ends it when this process is asked to end. Resolves to
 * npm's exit code, and whether it was ended.
 */
function runInstall(root) {
  const npm = npmCommand();
  const started = Date.now();
  const seconds = () => Math.round((Date.now() - started) / 1000);
  return new Promise((resolve) => {
    // Under NODE_ENV=production npm would leave out what builds and starts the shop.
    const ci = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
    const child = spawn(npm.command, [...npm.args, ...ci], {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    let stopped = false;
    const stop = (signal) => {
      stopped = true;
      child.kill(signal);
    };
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
    for (const signal of signals) process.on(signal, stop);
    const finish = (code) => {
      clearInterval(timer);
      for (const signal of signals) process.off(signal, stop);
      resolve({ code, stopped });
    };
    const timer = setInterval(
      () =>
        say(
          `  … still installing, ${seconds()} s ${countInstalled(path.join(root, 'node_modules'))} packages unpacked`,
        ),
      5000,
    );
    child.on('error', (error) => {
      say(`  npm could not be started: ${error.message}. npm comes with Node; is it on your PATH?`);
      finish(127);
    });
    child.on('exit', (code) => {
      if (code === 0) say(`  Packages installed in ${seconds()} s.`);
      finish(code ?? 1);
    });
  });
}

async function ensureInstalled(root) {
  const before = installState(root);
  if (before.upToDate) {
    if (!before.stamped) writeStamp(root, before.hash);
    return 0;
  }
  const release = await acquireInstallLock(root, () =>
    say('Another start is installing the packages; waiting for it.'),
  );
  try {
    const state = installState(root);
    if (state.upToDate) return 0;
    say(`${state.reason}: installing the packages with \`npm ci\` (about a minute the first time).`);
    const { code, stopped } = await runInstall(root);
    if (stopped) {
      say('Stopped while the packages were being installed; the next start goes on.');
      return 130;
    }
    if (code !== 0) {
      say('');
      say(`Cartwright cannot go on: \`npm ci\` failed with code ${code}; its message stands above.`);
      say('Is the package registry reachable from here? Is there space on the disk? Then run the command again.');
      return code;
    }
    writeStamp(root, state.hash);
    return 0;
  } finally {
    release();
  }
}

/** Runs the launcher on the installed Node and passes signals on; resolves to its exit code. */
function handOver(root, args, startedAt) {
  const node = path.join(root, 'node_modules', '.bin', 'node');
  return new Promise((resolve) => {
    // The message channel is how the launcher notices that this process was killed.
    const child = spawn(node, [path.join(root, 'tools', 'launcher', 'src', 'main.ts'), ...args], {
      stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
      env: {
        ...process.env,
        PATH: `${path.dirname(node)}${path.delimiter}${process.env.PATH || ''}`,
        CARTWRIGHT_STARTED_AT: String(startedAt),
        NODE_COMPILE_CACHE: path.join(root, 'node_modules', '.cache', 'cartwright', 'compiled'),
      },
    });
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
    child.on('error', (error) => {
      say(`The installed Node at ${node} cannot run: ${error.message}`);
      say('Remove the folder node_modules and run the command again.');
      resolve(1);
    });
    child.on('exit', (code, signal) => resolve(signal ? 1 : (code ?? 1)));
  });
}

async function main() {
  const startedAt = Date.now();
  const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');
  const problems = machineProblems({ nodeVersion: process.version, platform: process.platform, arch: process.arch });
  if (problems.length > 0) {
    say('Cartwright cannot run here:');
    for (const problem of problems) say(`  - ${problem}`);
    return 1;
  }
  if (spawnSync('git', ['--version'], { stdio: 'ignore' }).error) {
    say('Note: git was not found. The shop runs without it; install git before you change its code.');
  }
  const installed = await ensureInstalled(root);
  if (installed !== 0) return installed;
  return handOver(root, process.argv.slice(2), startedAt);
}

if (process.argv[1] && import.meta.url === pathToFileURL(path.resolve(process.argv[1])).href) {
  process.exitCode = await main();
}
