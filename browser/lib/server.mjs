// The executable under test: filled once with the demonstration, then started from copies of what it filled,
// so that a journey that moves the clock or withdraws a power can have a server of its own.
import { execFile, spawn } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import readline from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";

const READY = /^ready (http:\/\/127\.0\.0\.1:\d+)\/?$/;
/** Filling takes up to 20 seconds in a release build; tests run an unoptimised one beside three pages that are looked at. */
const START_LIMIT = 420_000;
/** What the worker has begun is finished first: of years that a journey skipped, on a busy machine. */
const STOP_LIMIT = 60_000;

/** Starts the executable on a data folder, as a demonstration unless words say else; gives its address and a way to stop it. */
async function start(executable, data, words = ["demo", "--data", data]) {
  const child = spawn(executable, [...words, "--listen", "127.0.0.1:0"], { stdio: ["ignore", "pipe", "pipe"] });
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
  const given = process.env.PLACEWELL_BASE?.replace(/\/$/, "");
  if (given) {
    return { fill: () => {}, bare: async () => given, shared: async () => given, alone: async () => null, stop: async () => {} };
  }
  const folder = await mkdtemp(path.join(tmpdir(), "placewell-browser-"));
  const running = [];
  const ending = [];
  /** Remembers what ends meanwhile, and what went wrong with it. */
  const end = (what) => ending.push(what.then(() => null, (error) => error));
  const begin = async (data, words) => {
    const server = await start(executable, data, words);
    running.push(server);
    return server;
  };
  const halt = async (server) => {
    running.splice(running.indexOf(server), 1);
    await server.stop();
  };
  let filling;
  /** The folder that is copied; filled by the first who asks. */
  const filled = () => (filling ??= process.env.PLACEWELL_FILLED ?? fillOnce());
  const fillOnce = async () => {
    const first = await begin(path.join(folder, "filled"));
    await settled(first);
    await halt(first);
    return first.data;
  };
  const open = async (name) => {
    const data = path.join(folder, name);
    await cp(await filled(), data, { recursive: true });
    return begin(data);
  };
  let bare;
  let shared;
  let count = 0;
  return {
    /** Begins to fill, for whoever asks later. */
    fill: () => {
      // Whoever asks later is told what went wrong.
      Promise.resolve(filled()).catch(() => {});
    },
    /** The address of a server with nearly nothing in it, there in seconds. */
    bare: async () => (await (bare ??= region(executable, path.join(folder, "bare"), begin))).base,
    /** The address of the server that journeys share. */
    shared: async () => (await (shared ??= open("shared"))).base,
    /** A server for one journey alone, with the folder of its data; `stop` waits for nothing, the end of the run does. */
    alone: async () => {
      const server = await open(`alone-${(count += 1)}`);
      // Copies of a demonstration are large, and may lie in memory.
      const stop = () => end(halt(server).then(() => rm(server.data, { recursive: true, force: true })));
      return { base: server.base, data: server.data, stop };
    },
    stop: async () => {
      await Promise.resolve(filling).catch(() => {});
      for (const server of [...running]) end(halt(server));
      const wrong = (await Promise.all(ending)).find((error) => error);
      await rm(folder, { recursive: true, force: true });
      if (wrong) throw wrong;
    },
  };
}

/** Serves the region of the example that the executable itself prints. */
async function region(executable, data, begin) {
  const run = promisify(execFile);
  const database = ["--database", `sqlite://${path.join(data, "placewell.db")}`];
  const file = path.join(data, "region.toml");
  await mkdir(data);
  await writeFile(file, (await run(executable, ["init", "--example"])).stdout);
  await run(executable, ["init", file, ...database]);
  return begin(data, ["serve", ...database]);
}
