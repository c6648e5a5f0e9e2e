import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import path from "node:path";
import { afterEach, expect, test } from "vitest";
import type { Db } from "#db/client.ts";
import { testDatabase } from "#db/testing.ts";
import { addDays, now } from "#lib/core/clock.ts";
import type { Context } from "#lib/core/context.ts";
import { settleKeyring } from "#lib/domain/retention/keyring/commands.ts";
import { requestZeroRetention } from "#lib/domain/zero-retention/commands.ts";
import { readiness } from "#lib/domain/zero-retention/readiness/queries.ts";
import { systemAt } from "#lib/testing/billing.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { zeroRetentionAsk, zeroRetentionDesk } from "#lib/testing/zero-retention.ts";
import { zeroRetentionCommands } from "#server/admin/zero-retention.ts";
import { checkReadinessJob } from "./jobs.ts";
import { coreLimitIn, swapsIn } from "./machine.ts";
import { lookAround, whenReady } from "./readiness.ts";

const { db, sql } = await testDatabase();
const system = (on: Db = db, at = now()) => systemAt(on, at);
await settleKeyring(system());

const children: ChildProcess[] = [];
afterEach(async () => {
  for (const child of children.splice(0)) {
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
  }
});

/** What it does: says that it is up and, once another signal has come through, that it heard it. */
const script = `process.on("SIGUSR2", () => setTimeout(() => process.stdout.write("heard"), 200));
  process.stdout.write("up"); setInterval(() => undefined, 1000);`;
const told = (child: ChildProcess) => once(child.stdout as NonNullable<typeof child.stdout>, "data");

/** A process of this installation, as its address of the database says. */
async function running(flags: string[], variables: Record<string, string> = {}): Promise<ChildProcess> {
  const child = spawn(process.execPath, [...flags, "-e", script], {
    env: { ...process.env, ...variables },
    stdio: ["ignore", "pipe", "pipe"],
  });
  children.push(child);
  await told(child);
  return child;
}

const stateOf = async (check: string, on?: Db) => {
  const lines = await lookAround(system(on));
  return lines.find((line) => line.check === check)?.state;
};

const onLinux = process.platform === "linux";

test.skipIf(!onLinux)(
  "help-zdr 15: a process that is told to write its memory to a file turns readiness red while it runs",
  async () => {
    expect(await stateOf("process-flags")).toBe("good");
    await running([], { NODE_OPTIONS: "--report-on-fatalerror" });
    expect(await stateOf("process-flags")).toBe("red");
    await running(["--inspect=127.0.0.1:0"]);
    const [line] = (await lookAround(system())).filter(({ check }) => check === "process-flags");
    expect(line?.found).toBe("server: --report-on-fatalerror, server: --inspect");
  },
);

test.skipIf(!onLinux || !fs.existsSync("/usr/bin/prlimit"))(
  "help-zdr 15: a process whose crash would write a core file turns readiness red",
  async () => {
    const { pid } = await running([]);
    const limit = (size: string) => execFileSync("prlimit", [`--core=${size}`, `--pid=${pid}`]);
    limit("0:");
    const before = await lookAround(system());
    limit("1024:");
    const after = await lookAround(system());
    const found = (lines: typeof before) => lines.find(({ check }) => check === "core-dumps");
    expect(found(after)).toMatchObject({ state: "red" });
    expect(found(before)?.found).not.toBe(found(after)?.found);
  },
);

test.skipIf(!onLinux)(
  "help-zdr 15: a signal opens no debugger in the process of the pages, and would in one without our part",
  async () => {
    const answers = async (flags: string[]) => {
      const child = await running(flags);
      const said: string[] = [];
      child.stderr?.on("data", (text) => said.push(String(text)));
      child.kill("SIGUSR1");
      child.kill("SIGUSR2");
      await told(child);
      return said.join("").includes("Debugger listening");
    };
    const ours = path.resolve("server/follow-parent.mjs");
    expect(await answers([`--import=${ours}`])).toBe(false);
    expect(await answers(["--inspect-port=0"])).toBe(true);
  },
);

test("help-zdr 15: what Linux says of limits and swap is read as it is meant", () => {
  const table = (soft: string) => `Limit                     Soft Limit           Hard Limit           Units
Max file size             unlimited            unlimited            bytes
Max core file size        ${soft}                    unlimited            bytes\n`;
  expect([coreLimitIn(table("0")), coreLimitIn(table("unlimited")), coreLimitIn("")]).toEqual(["0", "unlimited", null]);
  const swaps = "Filename\t\t\t\tType\t\tSize\n/dev/zram0 partition 1\n/dev/dm-1 partition 1\n/swap.img file 1\n";
  const isEncrypted = (device: string) => device === "/dev/dm-1";
  expect(swapsIn(swaps, { isBarred: false, isEncrypted })).toEqual(["/swap.img"]);
  expect(swapsIn(swaps, { isBarred: true, isEncrypted })).toEqual([]);
  expect(swapsIn("Filename\n", { isBarred: false, isEncrypted })).toEqual([]);
  expect(swapsIn(null, { isBarred: false, isEncrypted })).toBeNull();
});

test("help-zdr 21: a database that logs values turns readiness red, as its settings are for our connections", async () => {
  expect(await stateOf("database-log")).toBe("good");
  await db.transaction(async (tx) => {
    await tx.execute("set local log_min_duration_statement = 0");
    await tx.execute("set local log_parameter_max_length = -1");
    expect(await stateOf("database-log", tx as unknown as Db)).toBe("red");
  });
});

test("help-zdr 21: what was found is stored for the desk, which sees who checked when; and red stops what would become active", async () => {
  const ctx = await testWorkspace(db);
  const desk = await zeroRetentionDesk(db, ctx);
  await lookAround(system());
  expect((await readiness(desk)).places).toMatchObject([{ isLate: false, lines: expect.any(Array) }]);
  const later = await readiness({ ...desk, now: addDays(now(), 1) });
  expect(later.places).toMatchObject([{ isLate: true }]);
  const line = { check: "swap", found: "Memory can be swapped to /swapfile.", remedy: "swapoff -a" };
  let asked = 0;
  const verify = async () => {
    asked++;
    return { isClean: true, facts: { found: [] } };
  };
  const given = [ctx, {} as Parameters<ReturnType<typeof whenReady>>[1]] as const;
  const refused = await whenReady(verify, async () => [{ ...line, state: "red" }])(...given);
  expect(refused).toEqual({ isClean: false, facts: { not_ready: ["swap"] }, stuckOn: "readiness" });
  expect(asked).toBe(0);
  const admitted = await whenReady(verify, async () => [{ ...line, state: "warn" }])(...given);
  expect(admitted).toEqual({ isClean: true, facts: { found: [], attested: [], cannot_be_seen: ["swap"] } });
});

test("help-zdr 21: a terminal sees whether background jobs run; a job that asks knows that they do", async () => {
  expect(await stateOf("worker")).toBe("red");
  await checkReadinessJob.perform({});
  const [row] = await sql`select line ->> 'state' as state from readiness_checks, jsonb_array_elements(lines) as line
    where line ->> 'check' = 'worker'`;
  expect(row?.state).toBe("good");
});

test("T-4.2.2.2-ZDR3: where no one of the staff can, the operator decides about a request at the terminal", async () => {
  const [first, second] = [await testWorkspace(db), await testWorkspace(db)];
  const set = async (ctx: Context, to: string) => {
    const request = await requestZeroRetention(ctx, zeroRetentionAsk());
    const command = zeroRetentionCommands.find(({ name }) => name === "zero-retention set");
    return (await command?.run?.(system(), { request, to, reason: "The contract asks for it." }))?.result;
  };
  expect(await set(first, "approved")).toMatchObject({ state: "approved" });
  expect(await set(second, "denied")).toMatchObject({ state: "denied" });
  const rows = await sql`select zero_retention_since is not null as is_quiet from organizations
    where id in (${first.organizationId}, ${second.organizationId}) order by id = ${first.organizationId}`;
  expect(rows.map(({ is_quiet }) => is_quiet)).toEqual([false, true]);
});

test("help-zdr 21: the operator attests at the terminal what cannot be seen, for a year, and it is in the provider's audit log", async () => {
  const run = async (name: string, options = {}, at = now()) => {
    const outcome = await zeroRetentionCommands.find((one) => one.name === name)?.run?.(system(db, at), options);
    return outcome?.lines.join("\n") ?? "";
  };
  const copies = (text: string) => text.match(/^(GOOD|WARN|RED) .*Backups and replicas.*$/m)?.[1];
  expect(copies(await run("zero-retention status"))).toBe("WARN");
  const statement = { what: "backups", by: "Ines Roth", note: "Backups are deleted after seven days by the provider." };
  expect(await run("zero-retention attest", statement)).toContain("attested by Ines Roth until");
  expect(copies(await run("zero-retention status"))).toBe("GOOD");
  expect(copies(await run("zero-retention status", {}, addDays(now(), 366)))).toBe("WARN");
  await expect(run("zero-retention attest", { ...statement, what: "everything" })).rejects.toThrow("One of:");
});
