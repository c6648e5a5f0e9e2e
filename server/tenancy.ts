import fs from "node:fs";
import path from "node:path";
import postgres from "postgres";

const instanceLock = 727_002;

/** Held by the one server that runs on an embedded database; the database lets go of it when its holder dies. */
export type Tenancy = { note: (url: string, consolePid: number) => void; leave: () => Promise<void> };

/** Takes the folder, or says who has it. */
export async function takeFolder(databaseUrl: string, folder: string): Promise<Tenancy> {
  const sql = postgres(databaseUrl, {
    max: 1,
    onnotice: () => {},
    idle_timeout: 0,
    connection: { application_name: "comptoir-tenancy" },
  });
  const file = path.join(folder, "server.json");
  const [row] = await sql`select pg_try_advisory_lock(${instanceLock}) as taken`;
  if (!row?.taken) {
    await sql.end();
    throw new Error(
      `Another server already runs on ${folder}${whoHas(file)}. Stop it, or choose another DATA_DIR and PORT.`,
    );
  }
  return {
    note: (url, consolePid) => fs.writeFileSync(file, JSON.stringify({ pid: process.pid, url, consolePid })),
    leave: async () => {
      fs.rmSync(file, { force: true });
      await sql.end({ timeout: 2 });
    },
  };
}

function whoHas(file: string): string {
  try {
    const { pid, url } = JSON.parse(fs.readFileSync(file, "utf8")) as { pid: number; url: string };
    return ` (process ${pid}, ${url})`;
  } catch {
    return "";
  }
}

/** Whether a server runs on the database right now: the person who only borrowed the database may then not stop it. */
export async function isTaken(databaseUrl: string): Promise<boolean> {
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => {} });
  try {
    const [row] = await sql`select pg_try_advisory_lock(${instanceLock}) as taken`;
    return !row?.taken;
  } finally {
    await sql.end();
  }
}
