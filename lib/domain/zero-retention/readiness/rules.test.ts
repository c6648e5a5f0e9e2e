import { expect, test } from "vitest";
import { addDays, now } from "#lib/core/clock.ts";
import { checkTitles, type Facts, isLate, isValid, readinessOf, validUntil, worstOf } from "./rules.ts";

const settings = {
  log_error_verbosity: "terse",
  log_min_error_statement: "panic",
  log_parameter_max_length: "0",
  log_parameter_max_length_on_error: "0",
  log_min_duration_statement: "-1",
  log_statement: "none",
  wal_recycle: "off",
  archive_mode: "off",
};
const ready: Facts = {
  processes: [
    { name: "server", flags: ["--enable-source-maps"], coreLimit: "0" },
    { name: "front", flags: ["--enable-source-maps", "--disable-sigusr1"], coreLimit: "0" },
    { name: "worker", flags: ["--disable-sigusr1"], coreLimit: "0" },
    { name: "database", flags: [], coreLimit: "0" },
  ],
  swaps: [],
  corePattern: "core",
  knowsDisableSignal: true,
  database: { isEmbedded: true, settings, slots: [] },
  house: {
    backupDays: 7,
    keyring: { flaw: null, hoursAhead: 48, oldestRingDays: 7 },
    models: 3,
    quietModels: 1,
    workerMinutes: 0.5,
    isStarting: false,
  },
  attested: ["backups"],
};

const database = (more: Partial<Facts["database"]>, attested = ready.attested): Facts => ({
  ...ready,
  attested,
  database: { ...ready.database, ...more },
});
const set = (more: Record<string, string>): Facts => database({ settings: { ...settings, ...more } });
const house = (more: Partial<Facts["house"]>): Facts => ({ ...ready, house: { ...ready.house, ...more } });
const machine = (more: Partial<Facts>): Facts => ({ ...ready, ...more });
const front = (more: object): Facts =>
  machine({ processes: [{ name: "front", flags: ["--disable-sigusr1"], coreLimit: "0", ...more }] });
const flagged = (...flags: string[]): Facts => front({ flags: ["--disable-sigusr1", ...flags] });

const cases: [string, keyof typeof checkTitles, "good" | "warn" | "red", Facts][] = [
  ["rows in errors", "database-log", "red", set({ log_error_verbosity: "default" })],
  ["statements that failed", "database-log", "red", set({ log_min_error_statement: "error" })],
  ["parameters of statements that failed", "database-log", "red", set({ log_parameter_max_length_on_error: "-1" })],
  ["plans", "database-log", "red", set({ debug_print_plan: "on" })],
  ["slow statements without values", "database-log", "good", set({ log_min_duration_statement: "0" })],
  [
    "slow statements with values",
    "database-log",
    "red",
    set({ log_min_duration_statement: "0", log_parameter_max_length: "-1" }),
  ],
  [
    "samples with values",
    "database-log",
    "red",
    set({ log_min_duration_sample: "100", log_parameter_max_length: "64" }),
  ],
  [
    "some transactions with values",
    "database-log",
    "red",
    set({ log_transaction_sample_rate: "0.1", log_parameter_max_length: "-1" }),
  ],
  ["every statement with values", "database-log", "red", set({ log_statement: "all", log_parameter_max_length: "-1" })],
  ["values of statements that are not logged", "database-log", "good", set({ log_parameter_max_length: "-1" })],
  [
    "auto_explain",
    "database-extensions",
    "red",
    set({ "auto_explain.log_min_duration": "0", "auto_explain.log_parameter_max_length": "-1" }),
  ],
  [
    "auto_explain without values",
    "database-extensions",
    "good",
    set({ "auto_explain.log_min_duration": "0", "auto_explain.log_parameter_max_length": "0" }),
  ],
  ["pgaudit", "database-extensions", "red", set({ "pgaudit.log": "all", "pgaudit.log_parameter": "on" })],
  [
    "pgaudit without values",
    "database-extensions",
    "good",
    set({ "pgaudit.log": "all", "pgaudit.log_parameter": "off" }),
  ],
  ["pg_stat_statements", "database-extensions", "warn", set({ "pg_stat_statements.track_utility": "on" })],
  ["a managed database", "managed-logs", "warn", database({ isEmbedded: false })],
  [
    "a managed database, attested",
    "managed-logs",
    "good",
    database({ isEmbedded: false }, ["backups", "database-logs"]),
  ],
  ["backups that are not attested", "database-copies", "warn", database({}, [])],
  [
    "an archive that is not attested",
    "database-copies",
    "warn",
    database({ settings: { ...settings, archive_mode: "on" } }, []),
  ],
  ["a replica that is there", "database-copies", "good", database({ slots: [{ name: "r1", awayDays: null }] })],
  ["a replica that is away for a day", "database-copies", "good", database({ slots: [{ name: "r1", awayDays: 1 }] })],
  [
    "a replica that is away for longer than backups live",
    "database-copies",
    "red",
    database({ slots: [{ name: "r1", awayDays: 8 }] }),
  ],
  ["used files of the log of changes", "database-copies", "red", set({ wal_recycle: "on" })],
  ...[
    "--inspect",
    "--inspect-brk=0.0.0.0:9229",
    "--heap-prof",
    "--heap_prof",
    "--cpu-prof",
    "--cpu-prof-dir=/tmp",
    "--heapsnapshot-signal=SIGUSR2",
    "--heapsnapshot-near-heap-limit=1",
    "--report-on-fatalerror",
    "--report-dir=/tmp",
  ].map((flag): (typeof cases)[number] => [flag, "process-flags", "red", flagged(flag)]),
  [
    "other flags",
    "process-flags",
    "good",
    flagged("--max-old-space-size=512", "--import=./inspect.mjs", "--reporter=json"),
  ],
  ["a front that a signal opens", "signal-inspector", "warn", front({ flags: [] })],
  ["a Node that does not know the flag", "signal-inspector", "warn", machine({ knowsDisableSignal: false })],
  ["core files", "core-dumps", "red", front({ coreLimit: "unlimited" })],
  [
    "core files of the database",
    "core-dumps",
    "red",
    machine({ processes: [{ name: "database", flags: [], coreLimit: "1024" }] }),
  ],
  ["a system that does not show limits", "core-dumps", "warn", front({ coreLimit: null })],
  ["a program that gets every dump", "core-dumps", "warn", machine({ corePattern: "|/usr/bin/keep %p" })],
  [
    "a program that heeds the limit",
    "core-dumps",
    "good",
    machine({ corePattern: "|/lib/systemd/systemd-coredump %P" }),
  ],
  ["swap", "swap", "red", machine({ swaps: ["/swapfile"] })],
  [
    "swap that is attested to be encrypted",
    "swap",
    "good",
    machine({ swaps: ["/swapfile"], attested: ["backups", "swap-encryption"] }),
  ],
  ["a system that does not show swap", "swap", "warn", machine({ swaps: null })],
  ["no keyring", "keyring", "red", house({ keyring: null })],
  [
    "a keyring put back from a copy",
    "keyring",
    "red",
    house({ keyring: { flaw: "older", hoursAhead: 48, oldestRingDays: 1 } }),
  ],
  [
    "a keyring that no one renews",
    "keyring",
    "red",
    house({ keyring: { flaw: null, hoursAhead: 1, oldestRingDays: 1 } }),
  ],
  [
    "a ring that outlives backups",
    "keyring",
    "red",
    house({ keyring: { flaw: null, hoursAhead: 48, oldestRingDays: 10 } }),
  ],
  ["no upstream that keeps nothing", "upstreams", "red", house({ quietModels: 0 })],
  ["no worker", "worker", "red", house({ workerMinutes: 11 })],
  ["no worker ever", "worker", "red", house({ workerMinutes: null })],
  ["no worker yet", "worker", "warn", house({ workerMinutes: null, isStarting: true })],
];

test("help-zdr 21: where everything is as it should be, every check is good", () => {
  const lines = readinessOf(ready);
  expect(lines.map(({ check }) => check)).toEqual(Object.keys(checkTitles));
  expect(lines.filter(({ state }) => state !== "good")).toEqual([]);
  expect(worstOf(lines)).toBe("good");
});

test.each(cases)("help-zdr 15, 21: %s: %s is %s, and no other check changes", (_, check, state, facts) => {
  const changed = readinessOf(facts).filter(({ state }) => state !== "good");
  expect(changed.map(({ check, state }) => [check, state])).toEqual(state === "good" ? [] : [[check, state]]);
  // Who reads that something is wrong is told what to do.
  for (const { remedy } of changed) expect(remedy).not.toBeNull();
});

test("help-zdr 21: an attestation is good for a year, and a check for two hours", () => {
  const until = validUntil(now());
  expect([
    isValid({ validUntil: until }, addDays(now(), 364)),
    isValid({ validUntil: until }, addDays(now(), 366)),
  ]).toEqual([true, false]);
  const hours = (count: number) => new Date(now().getTime() - count * 3_600_000);
  expect([isLate(hours(1.9), now()), isLate(hours(2.1), now())]).toEqual([false, true]);
});
