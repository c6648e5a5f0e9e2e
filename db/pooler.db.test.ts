import { spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { freePort } from "./embedded.ts";
import { connect } from "./pool.ts";
import { refusePooler } from "./pooler.ts";
import { sqlstateOf } from "./sqlstate.ts";
import { testDatabase } from "./testing.ts";

const { url } = await testDatabase();
const stops: (() => void)[] = [];
afterAll(() => {
  for (const stop of stops) stop();
});

/** A real PgBouncer before the database, and the address that leads through it. */
async function bouncer(mode: "transaction" | "session", ignored: string): Promise<string> {
  const program = process.env.TEST_PGBOUNCER;
  if (!program) throw new Error("No PgBouncer was found: set TEST_PGBOUNCER to one, as npm test does.");
  const target = new URL(url);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "comptoir-bouncer-"));
  fs.chmodSync(folder, 0o755);
  const port = await freePort();
  const file = path.join(folder, "pgbouncer.ini");
  const { hostname, port: inner, pathname, username, password } = target;
  fs.writeFileSync(
    file,
    `[databases]
* = host=${hostname} port=${inner} dbname=${pathname.slice(1)} user=${username} password=${decodeURIComponent(password)}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
pool_mode = ${mode}
ignore_startup_parameters = ${ignored}
`,
  );
  const root = process.getuid?.() === 0 ? ["-u", "nobody"] : [];
  const child = spawn(program, [...root, file], { stdio: "ignore" });
  stops.push(() => {
    child.kill("SIGKILL");
    fs.rmSync(folder, { recursive: true, force: true });
  });
  const through = `postgres://anybody@127.0.0.1:${port}/any`;
  const { sql } = connect(through, 1);
  await expect
    .poll(
      () =>
        sql`select 1 as one`.then(
          () => "there",
          // One that refuses our settings is there too.
          (error: unknown) => (sqlstateOf(error) === "08P01" ? "there" : "away"),
        ),
      { timeout: 10_000 },
    )
    .toBe("there");
  await sql.end();
  return through;
}

const settings =
  "statement_timeout, lock_timeout, idle_in_transaction_session_timeout, log_parameter_max_length_on_error";

test("PostgreSQL itself, and a pooler in session mode, are taken", async () => {
  await refusePooler(url);
  await refusePooler(await bouncer("session", settings));
});

test("a pooler in transaction mode is refused in one line that says what to do", async () => {
  const refused = refusePooler(await bouncer("transaction", settings));
  await expect(refused).rejects.toThrow(/^DATABASE_URL leads to a connection pooler that shares sessions[^\n]*$/);
});

test("a pooler that refuses settings of a session is told apart, with their names", async () => {
  const refused = refusePooler(await bouncer("session", "extra_float_digits"));
  await expect(refused).rejects.toThrow(`${settings} to the pooler's ignore_startup_parameters`);
});
