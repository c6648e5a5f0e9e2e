import fs from "node:fs/promises";
import { AppError } from "#lib/core/errors.ts";
import { keyringPlace, readKeyring } from "#lib/core/keyring/keyring.ts";
import { sealedConnections } from "#lib/domain/connections/queries.ts";
import { renewKeyring, turnRings } from "#lib/domain/retention/keyring/commands.ts";
import { keyringProblems, keyringStatus } from "#lib/domain/retention/keyring/queries.ts";
import { flawWords } from "#lib/domain/retention/keyring/rules.ts";
import type { KeyringStatus } from "#lib/domain/retention/keyring/view.ts";
import { type Command, required } from "./command.ts";

export const keyringCommands: readonly Command[] = [
  {
    name: "keyring status",
    about: "Where the keyring lies and what it has. Shows no key.",
    options: {},
    run: async (ctx) => {
      const status = await keyringStatus(ctx);
      return { result: status, failed: status.flaw !== null, lines: linesOf(status) };
    },
  },
  {
    name: "keyring check",
    about:
      "Whether the keyring fits the database, has the keys it should have and no other, and opens every workspace's key.",
    options: {},
    run: async (ctx) => {
      const problems = await keyringProblems(ctx);
      return {
        result: { problems },
        failed: problems.length > 0,
        lines: problems.length > 0 ? problems : ["It holds."],
      };
    },
  },
  {
    name: "keyring turn",
    about: "Puts every key under new rings and destroys those before; lasting things keep theirs for BACKUP_DAYS.",
    options: {},
    run: async (ctx) => {
      await turnRings(ctx);
      const status = await keyringStatus(ctx);
      return { result: status, lines: linesOf(status) };
    },
  },
  {
    name: "secrets rotate",
    about:
      "Seals the key of every connection, and of all that is kept, under a new ring. The secrets themselves stay as they are.",
    options: {},
    run: async (ctx) => {
      await turnRings(ctx);
      const connections = await sealedConnections(ctx);
      return { result: { connections }, lines: [`${connections} connections have their key under the new ring`] };
    },
  },
  {
    name: "keyring export",
    about:
      "Copies the keyring, sealed as it is, for your own backup. Keep copies no longer than BACKUP_DAYS: what is destroyed lives in them.",
    options: { to: required("FILE") },
    run: async (_ctx, { to = "" }) => {
      const found = await readKeyring();
      if (!found) throw new AppError("not_found", `There is no keyring at ${keyringPlace()}.`);
      await fs.copyFile(keyringPlace(), to, fs.constants.COPYFILE_EXCL).catch((error: NodeJS.ErrnoException) => {
        throw error.code === "EEXIST" ? new AppError("conflict", `${to} is there already.`) : error;
      });
      return { result: { to, epoch: found.epoch }, lines: [`${to} holds the keyring as of change ${found.epoch}`] };
    },
  },
  {
    name: "keyring renew",
    about: "Where the keyring is lost for good: makes another one, and removes what was sealed under it.",
    options: {},
    run: async (ctx) => {
      const result = await renewKeyring(ctx);
      return {
        result,
        lines: [
          `a new keyring lies at ${keyringPlace()}`,
          `removed ${result.packs} packs of the content log, ${result.conversations} conversations, ${result.agents} agents, ${result.tickets} tickets and ${result.files} files`,
        ],
      };
    },
  },
];

function linesOf({ place, flaw, keyring, seenEpoch, workspaceKeys }: KeyringStatus): string[] {
  if (flaw) return flawWords(flaw, place).split("\n");
  if (!keyring) return [`There is no keyring at ${place} yet: it is made at the first start.`];
  return [
    `keyring ${keyring.id} at ${place}`,
    `change ${keyring.epoch}, of which the database knows ${seenEpoch ?? "none"}`,
    `${keyring.hours} hours have a key, ${keyring.hoursAhead} of them are yet to come`,
    `${workspaceKeys} workspaces have a key${keyring.isTurning ? ", which is being put under another ring" : ""}`,
    `rings of lasting things since ${keyring.durableSince.join(", ")}`,
  ];
}
