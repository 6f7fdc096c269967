/**
 * Outlives the launcher for the moments it takes to end what the launcher started. It reads from its standard input
 * which process groups exist; when that input ends without a farewell, the launcher was killed, and the guard stops the
 * groups in reverse order. It runs in a session of its own, so neither Ctrl-C nor a signal to the launcher's group
 * reaches it.
 *
 * Lines: `add <pid>`, `remove <pid>`, `farewell`.
 */
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';

const graceMs = Number(process.argv[2] ?? 5000);
const groups = [];
let farewell = false;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {});

function signalGroup(pid, signal) {
  try {
    process.kill(-pid, signal);
    return true;
  } catch {
    return false;
  }
}

/** A zombie has ended; where nobody collects orphans it stays listed for good. */
function isZombie(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z');
  } catch {
    return false;
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const [word, text] = line.split(' ');
  const pid = Number(text);
  if (word === 'add' && pid > 1) groups.push(pid);
  if (word === 'remove' && groups.includes(pid)) groups.splice(groups.indexOf(pid), 1);
  if (word === 'farewell') farewell = true;
}

if (!farewell) {
  for (const pid of groups.reverse()) {
    signalGroup(pid, 'SIGTERM');
    const deadline = Date.now() + graceMs;
    while (signalGroup(pid, 0) && !isZombie(pid) && Date.now() < deadline) await delay(25);
    signalGroup(pid, 'SIGKILL');
  }
}
process.exit(0);
