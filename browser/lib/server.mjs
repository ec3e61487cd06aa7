// The executable under test: filled once with the demonstration, then started from copies of what it filled,
// so that a journey that moves the clock or withdraws a power can have a server of its own.
import { spawn } from "node:child_process";
import { cp, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import readline from "node:readline";
import { setTimeout as pause } from "node:timers/promises";

const READY = /^ready (http:\/\/127\.0\.0\.1:\d+)\/?$/;
/** Filling takes up to 20 seconds in a release build; tests run an unoptimised one beside other work. */
const START_LIMIT = 180_000;
/** What the worker has begun is finished first: of years that a journey skipped, on a busy machine. */
const STOP_LIMIT = 60_000;

/** Starts the executable on a data folder; gives its address and a way to stop it. */
async function start(executable, data) {
  const child = spawn(executable, ["demo", "--listen", "127.0.0.1:0", "--data", data], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said = [];
  // A run that is cut short must not leave its server behind.
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);
  child.once("exit", () => process.off("exit", kill));
  const ended = new Promise((resolve) => {
    child.once("exit", (code, signal) => resolve(`ended with ${signal ?? code}`));
    child.once("error", (error) => resolve(`could not be started: ${error.message}`));
  });
  const ready = new Promise((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      readline.createInterface({ input: stream }).on("line", (line) => {
        said.push(line);
        if (said.length > 200) said.shift();
        const match = READY.exec(line);
        if (match && stream === child.stdout) resolve({ base: match[1] });
      });
    }
  });
  const limit = timer(START_LIMIT, "was not ready in time");
  const first = await Promise.race([ready, ended, limit.promise]);
  limit.clear();
  if (typeof first === "string") {
    child.kill("SIGKILL");
    throw new Error(`${executable} ${first}\n${said.join("\n")}`);
  }
  const stop = async () => {
    child.kill("SIGTERM");
    const patience = timer(STOP_LIMIT, "did not stop when asked to");
    const how = await Promise.race([ended, patience.promise]);
    patience.clear();
    if (child.exitCode !== 0) {
      child.kill("SIGKILL");
      throw new Error(`${executable} ${how}\n${said.join("\n")}`);
    }
  };
  return { base: first.base, data, stop, pid: child.pid };
}

/** How long what a filled server still does by itself may take. */
const SETTLE_LIMIT = 120_000;
/** A server that looks for work twice a second and finds none works less than this, in hundredths of a second each second. */
const IDLE = 10;

/** Waits until a server works no more, so that its copies need not do again what it still had to do; where that can be seen. */
async function settled({ pid }) {
  const worked = async () => {
    const text = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
    const [user, system] = text.slice(text.lastIndexOf(")") + 2).split(" ").slice(11, 13);
    return Number(user) + Number(system);
  };
  let before = await worked();
  for (const end = performance.now() + SETTLE_LIMIT; performance.now() < end; ) {
    await pause(1000);
    const now = await worked();
    if (!(now - before >= IDLE)) return;
    before = now;
  }
}

function timer(milliseconds, words) {
  let handle;
  const promise = new Promise((resolve) => {
    handle = setTimeout(() => resolve(words), milliseconds);
  });
  return { promise, clear: () => clearTimeout(handle) };
}

/**
 * Servers of one run. Where `PLACEWELL_BASE` names one that runs already, every journey uses that one; where
 * `PLACEWELL_FILLED` names a folder that is filled already, it is copied instead of filling one.
 */
export async function servers(executable) {
  const given = process.env.PLACEWELL_BASE;
  if (given) {
    return { shared: async () => given.replace(/\/$/, ""), alone: async () => null, stop: async () => {} };
  }
  const folder = await mkdtemp(path.join(tmpdir(), "placewell-browser-"));
  const filled = process.env.PLACEWELL_FILLED;
  const running = [];
  const open = async (name) => {
    const data = path.join(folder, name);
    if (name !== "filled") await cp(filled ?? path.join(folder, "filled"), data, { recursive: true });
    const server = await start(executable, data);
    running.push(server);
    return server;
  };
  const halt = async (server) => {
    running.splice(running.indexOf(server), 1);
    await server.stop();
  };
  try {
    if (!filled) {
      const first = await open("filled");
      await settled(first);
      await halt(first);
    }
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
  let shared;
  let count = 0;
  return {
    /** The address of the server that journeys share. */
    shared: async () => (await (shared ??= open("shared"))).base,
    /** A server for one journey alone, with the folder of its data. */
    alone: async () => {
      const server = await open(`alone-${(count += 1)}`);
      return { base: server.base, data: server.data, stop: () => halt(server) };
    },
    stop: async () => {
      try {
        for (const server of [...running]) await halt(server);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
  };
}
