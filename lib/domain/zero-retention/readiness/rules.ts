import { addDays } from "#lib/core/clock.ts";
import type { KeyringFlaw } from "#lib/domain/retention/keyring/rules.ts";
import type { Attestation, AttestationSubject, ReadinessLine, ReadinessState } from "./view.ts";

/** One process of the installation, as its machine shows it. */
export type ProcessFacts = {
  name: string;
  /** What Node was told: of its own arguments and of NODE_OPTIONS. */
  flags: readonly string[];
  /** The largest core file, as the system says it; null where it cannot be seen. */
  coreLimit: string | null;
};

export type MachineFacts = {
  processes: readonly ProcessFacts[];
  /** Swap that lies on a disk in plain text; null where it cannot be seen. */
  swaps: readonly string[] | null;
  /** Who gets a core dump; null where it cannot be seen. */
  corePattern: string | null;
  /** Whether this release of Node can be told not to open its inspector when it gets a signal. */
  knowsDisableSignal: boolean;
};

export type DatabaseFacts = {
  isEmbedded: boolean;
  /** As the house's own connections have them; what is not visible is not there. */
  settings: Readonly<Record<string, string>>;
  /** How many days each place that waits for the log of changes has been away; null for one that is there. */
  slots: readonly { name: string; awayDays: number | null }[];
};

export type HouseFacts = {
  backupDays: number;
  keyring: { flaw: KeyringFlaw | null; hoursAhead: number; oldestRingDays: number } | null;
  /** Models that are served, and those of them with an upstream that keeps nothing. */
  models: number;
  quietModels: number;
  /** How long ago background jobs ran; null where none has yet. */
  workerMinutes: number | null;
  isStarting: boolean;
};

export type Facts = MachineFacts & {
  database: DatabaseFacts;
  house: HouseFacts;
  attested: readonly AttestationSubject[];
};

export const attestationTitles = {
  "swap-encryption": "Swap is encrypted",
  "database-logs": "Logs of the managed database hold no values",
  backups: "Backups and replicas are kept no longer than BACKUP_DAYS",
} as const satisfies Record<AttestationSubject, string>;

/** An attestation is good for a year. */
export const validUntil = (at: Date): Date => addDays(at, 365);
export const isValid = ({ validUntil }: Pick<Attestation, "validUntil">, now: Date): boolean => validUntil > now;

const good = (found: string) => ({ state: "good", found, remedy: null }) as const;
const warn = (found: string, remedy: string) => ({ state: "warn", found, remedy }) as const;
const red = (found: string, remedy: string) => ({ state: "red", found, remedy }) as const;
const attest = (subject: AttestationSubject): string =>
  `npm run admin -- zero-retention attest --what ${subject} --by NAME --note TEXT`;

/** Settings of PostgreSQL that would write values into its log, and what each has to be. */
const wanted = {
  log_error_verbosity: "terse",
  log_min_error_statement: "panic",
  log_parameter_max_length_on_error: "0",
  debug_print_parse: "off",
  debug_print_rewritten: "off",
  debug_print_plan: "off",
} as const;

/** P10: statements may be logged; the values they were given may not. */
export function databaseLog({ settings }: DatabaseFacts): Omit<ReadinessLine, "check"> {
  const logsStatements =
    (settings.log_statement ?? "none") !== "none" ||
    ["log_min_duration_statement", "log_min_duration_sample"].some((name) => (settings[name] ?? "-1") !== "-1") ||
    Number(settings.log_transaction_sample_rate ?? 0) > 0;
  const wrong = Object.entries(wanted).filter(
    ([name, value]) => settings[name] !== undefined && settings[name] !== value,
  );
  const all: [string, string][] =
    logsStatements && settings.log_parameter_max_length !== "0" ? [...wrong, ["log_parameter_max_length", "0"]] : wrong;
  if (all.length === 0)
    return good(logsStatements ? "Statements are logged without their values." : "No values are logged.");
  return red(
    all.map(([name]) => `${name} = ${settings[name] ?? "unknown"}`).join(", "),
    all.map(([name, value]) => `alter system set ${name} = '${value}';`).join(" "),
  );
}

/** P11: what extensions keep or log of statements. */
export function databaseExtensions({ settings }: DatabaseFacts): Omit<ReadinessLine, "check"> {
  const is = (name: string, ...values: string[]) => settings[name] !== undefined && !values.includes(settings[name]);
  const explains = is("auto_explain.log_min_duration", "-1") && is("auto_explain.log_parameter_max_length", "0");
  const audits = is("pgaudit.log", "none", "") && is("pgaudit.log_parameter", "off");
  if (explains)
    return red(
      "auto_explain logs the values of statements.",
      "alter system set auto_explain.log_parameter_max_length = 0;",
    );
  if (audits) return red("pgaudit logs the values of statements.", "alter system set pgaudit.log_parameter = off;");
  if (is("pg_stat_statements.track_utility", "off"))
    return warn(
      "pg_stat_statements keeps the text of utility statements. Ours have no values in them.",
      "alter system set pg_stat_statements.track_utility = off;",
    );
  return good("None of them keeps values.");
}

/** P12, P13: copies of the database that live on after a purge. */
export function databaseCopies(
  { settings, slots, isEmbedded }: DatabaseFacts,
  { backupDays }: HouseFacts,
  isAttested: boolean,
): Omit<ReadinessLine, "check"> {
  const late = slots.filter(({ awayDays }) => awayDays !== null && awayDays > backupDays);
  if (late.length > 0)
    return red(
      `${late.map(({ name }) => name).join(", ")} has been away for more than ${backupDays} days, so the log of changes is kept for it.`,
      "Bring the replica back, or drop its slot: select pg_drop_replication_slot('NAME');",
    );
  if (isEmbedded && settings.wal_recycle !== "off")
    return red("The embedded database keeps used files of its log of changes.", "Restart the server.");
  const isArchived = (settings.archive_mode ?? "off") !== "off";
  const copies = [isArchived && "the log of changes is archived", slots.length > 0 && `${slots.length} replicas`];
  const seen = copies.filter(Boolean).join(", ") || "none is seen from here";
  if (isAttested) return good(`Copies: ${seen}. Their age is attested.`);
  return warn(`Copies: ${seen}. How long backups are kept cannot be seen.`, attest("backups"));
}

export function managedLogs({ isEmbedded }: DatabaseFacts, isAttested: boolean): Omit<ReadinessLine, "check"> {
  if (isEmbedded) return good("The database is the embedded one, and its log lies in DATA_DIR.");
  if (isAttested) return good("Attested: they hold no values.");
  return warn("What the operator of the database logs beside it cannot be seen.", attest("database-logs"));
}

const dangerous = /^--(inspect|heap-prof|cpu-prof|heapsnapshot|report-)/;
const spelled = (flag: string): string => flag.replaceAll("_", "-");

/** P18: flags with which a process would write its memory to a file or show it to a debugger. */
export function processFlags({ processes }: MachineFacts): Omit<ReadinessLine, "check"> {
  const found = processes.flatMap(({ name, flags }) =>
    flags.filter((flag) => dangerous.test(spelled(flag))).map((flag) => `${name}: ${flag.split("=")[0]}`),
  );
  if (found.length === 0) return good("No process writes its memory to a file or lets a debugger in.");
  return red(found.join(", "), "Start the server without these flags, and take them out of NODE_OPTIONS.");
}

export function signalInspector({ processes, knowsDisableSignal }: MachineFacts): Omit<ReadinessLine, "check"> {
  if (!knowsDisableSignal)
    return warn(
      "This release of Node cannot be told to ignore SIGUSR1. Our processes take the signal themselves.",
      "Use a release of Node that knows --disable-sigusr1, such as 24.",
    );
  // The server only starts the others, and Next gives its process a title that hides its flags.
  const others = processes.filter(
    ({ name, flags }) => ["front", "worker"].includes(name) && !flags.map(spelled).includes("--disable-sigusr1"),
  );
  return others.length === 0
    ? good("A signal opens no debugger.")
    : warn(
        `${others.map(({ name }) => name).join(", ")} without --disable-sigusr1`,
        "Start it with npm start or npm run worker.",
      );
}

/** Programs that heed a core limit of zero; the system itself does not when it hands a dump to a program. */
const heeding = /systemd-coredump|apport/;

export function coreDumps({ processes, corePattern }: MachineFacts): Omit<ReadinessLine, "check"> {
  const open = processes.filter(({ coreLimit }) => coreLimit !== null && coreLimit !== "0");
  if (open.length > 0)
    return red(
      `A crash would write the memory of ${open.map(({ name }) => name).join(", ")} to a file.`,
      "Start the server under ulimit -c 0.",
    );
  if (processes.some(({ coreLimit }) => coreLimit === null))
    return warn("Whether a crash writes memory to a file cannot be seen here.", "Start the server under ulimit -c 0.");
  if (corePattern?.startsWith("|") && !heeding.test(corePattern))
    return warn(
      `The system hands core dumps to a program whatever the limit is: ${corePattern.slice(1).split(" ")[0]}`,
      "sysctl -w kernel.core_pattern=core",
    );
  return good("A crash writes no memory to a file.");
}

export function swap({ swaps }: MachineFacts, isAttested: boolean): Omit<ReadinessLine, "check"> {
  if (swaps?.length === 0) return good("No memory goes to a disk in plain text.");
  if (isAttested) return good("Swap is on; that it is encrypted is attested.");
  if (swaps === null)
    return warn("Whether memory is swapped to a disk cannot be seen here.", attest("swap-encryption"));
  return red(
    `Memory can be swapped to ${swaps.join(", ")}.`,
    `swapoff -a, or where it is encrypted: ${attest("swap-encryption")}`,
  );
}

export function keyring({ keyring, backupDays }: HouseFacts): Omit<ReadinessLine, "check"> {
  if (!keyring) return red("There is no keyring.", "npm run admin -- keyring status");
  if (keyring.flaw)
    return red(`The keyring does not fit this database: ${keyring.flaw}.`, "npm run admin -- keyring status");
  if (keyring.hoursAhead < 2) return red("There are no keys for the next hours.", "Start a worker: npm run worker");
  if (keyring.oldestRingDays > backupDays + 2)
    return red(
      `The oldest ring is ${keyring.oldestRingDays} days old, so what was deleted is still readable in backups.`,
      "npm run admin -- keyring turn",
    );
  return good(`A file outside of the database. Its oldest ring is ${keyring.oldestRingDays} days old.`);
}

export function quietModels({ models, quietModels }: HouseFacts): Omit<ReadinessLine, "check"> {
  if (quietModels === 0)
    return red(
      "No model has an upstream that keeps nothing.",
      "Give an upstream its zdr statement in UPSTREAMS, with since and basis.",
    );
  return good(`${quietModels} of ${models} models have an upstream that keeps nothing.`);
}

export function worker({ workerMinutes, isStarting }: HouseFacts): Omit<ReadinessLine, "check"> {
  if (workerMinutes !== null && workerMinutes <= 10) return good("Background jobs run.");
  if (isStarting) return warn("No background job has run yet.", "Look again in a minute.");
  return red("No background job has run in the last 10 minutes.", "Start a worker: npm run worker");
}

export const checkTitles = {
  "database-log": "Database log",
  "database-extensions": "Database extensions",
  "managed-logs": "Logs beside the database",
  "database-copies": "Backups and replicas",
  "process-flags": "Flags of Node",
  "signal-inspector": "Debugger by signal",
  "core-dumps": "Core dumps",
  swap: "Swap",
  keyring: "Keyring",
  upstreams: "Models",
  worker: "Background jobs",
} as const;
export type CheckName = keyof typeof checkTitles;

/** T-4.2.2.2-ZDR4: everything that could keep content beside the product's own tables, a line each. */
export function readinessOf(facts: Facts): ReadinessLine[] {
  const { database, house, attested } = facts;
  const lines: Record<CheckName, Omit<ReadinessLine, "check">> = {
    "database-log": databaseLog(database),
    "database-extensions": databaseExtensions(database),
    "managed-logs": managedLogs(database, attested.includes("database-logs")),
    "database-copies": databaseCopies(database, house, attested.includes("backups")),
    "process-flags": processFlags(facts),
    "signal-inspector": signalInspector(facts),
    "core-dumps": coreDumps(facts),
    swap: swap(facts, attested.includes("swap-encryption")),
    keyring: keyring(house),
    upstreams: quietModels(house),
    worker: worker(house),
  };
  return (Object.keys(checkTitles) as CheckName[]).map((check) => ({ check, ...lines[check] }));
}

/** The worst of them. */
export function worstOf(lines: readonly Pick<ReadinessLine, "state">[]): ReadinessState {
  const states = lines.map(({ state }) => state);
  return states.includes("red") ? "red" : states.includes("warn") ? "warn" : "good";
}

/** Checks run every hour; one that is older says that none runs. */
const lateHours = 2;
export const isLate = (checkedAt: Date, now: Date): boolean =>
  now.getTime() - checkedAt.getTime() > lateHours * 3_600_000;
/** What a machine that is gone has left. */
export const forgottenDays = 2;
