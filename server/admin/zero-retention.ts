import fs from "node:fs";
import { z } from "zod";
import { AppError } from "#lib/core/errors.ts";
import {
  approveZeroRetention,
  claimZeroRetention,
  denyZeroRetention,
} from "#lib/domain/zero-retention/desk/commands.ts";
import { deskZeroRetention } from "#lib/domain/zero-retention/desk/queries.ts";
import { decideInput, zeroRetentionId } from "#lib/domain/zero-retention/input.ts";
import { attest } from "#lib/domain/zero-retention/readiness/commands.ts";
import { attestInput } from "#lib/domain/zero-retention/readiness/input.ts";
import { readiness } from "#lib/domain/zero-retention/readiness/queries.ts";
import { attestationTitles, type CheckName, checkTitles } from "#lib/domain/zero-retention/readiness/rules.ts";
import { stateTitles } from "#lib/domain/zero-retention/rules.ts";
import { lookAround } from "#server/zero-retention/readiness.ts";
import { proveHere } from "#server/zero-retention/verify.ts";
import { type Command, optional, parse, required } from "./command.ts";

const setInput = z.object({
  request: zeroRetentionId,
  to: z.enum(["approved", "denied"]),
  reason: decideInput.shape.reason,
});

export const zeroRetentionCommands: readonly Command[] = [
  {
    name: "zero-retention status",
    about:
      "Looks at everything that could keep content: good, to look at, or red with what to do; exit code 1 when red.",
    options: {},
    run: async (ctx) => {
      const lines = await lookAround(ctx);
      const { attestations } = await readiness(ctx);
      const words = lines.flatMap(({ check, state, found, remedy }) => [
        `${state.toUpperCase().padEnd(4)}  ${checkTitles[check as CheckName]}: ${found}`,
        ...(remedy ? [`      ${remedy}`] : []),
      ]);
      const attested = attestations.map(
        ({ subject, attestedBy, validUntil, isValid }) =>
          `${isValid ? "until" : "OVER "} ${validUntil.toISOString().slice(0, 10)}  ${attestationTitles[subject]} (${attestedBy})`,
      );
      return {
        result: { lines, attestations },
        failed: lines.some(({ state }) => state === "red"),
        lines: [...words, ...attested],
      };
    },
  },
  {
    name: "zero-retention prove",
    about:
      "Asks everything with a made-up string where nothing is kept, and looks for it in every table, in DATA_DIR and in the folders you name, such as those of logs and backups; exit code 1 when it is anywhere.",
    options: { folder: optional("PATH,PATH") },
    run: async (ctx, options) => {
      const folders = options.folder?.split(",").filter(Boolean) ?? [];
      const gone = folders.find((folder) => !fs.existsSync(folder));
      if (gone) throw new AppError("not_found", `There is no folder ${gone}.`);
      const { isClean, facts } = await proveHere(ctx, folders);
      const { found, requests, files_searched: files, control, upstreams } = facts;
      const places = found as string[];
      return {
        result: { clean: isClean, ...facts },
        failed: !isClean,
        lines: [
          ...places.map((place) => `FOUND  ${place}`),
          ...(control === "found" ? [] : ["The control was not found: this check would not see what is kept."]),
          ...Object.entries(upstreams as object).map(([id, status]) => `${id} answered ${status}`),
          `${requests} requests, ${files} files and every table searched: found in ${places.length} places`,
        ],
      };
    },
  },
  {
    name: "zero-retention set",
    about:
      "Decides about a request where no one of the staff can: approves or denies it, with a reason the customer reads.",
    options: { request: required("ID"), to: required("approved|denied"), reason: required("TEXT") },
    run: async (ctx, options) => {
      const { request: id, to, reason } = parse(setInput, options);
      await claimZeroRetention(ctx, { id });
      await (to === "approved" ? approveZeroRetention : denyZeroRetention)(ctx, { id, reason });
      const { state } = await deskZeroRetention(ctx, id);
      return { result: { id, state }, lines: [`${id} is ${stateTitles[state].toLowerCase()}`] };
    },
  },
  {
    name: "zero-retention attest",
    about: `States what cannot be seen from inside, for a year: ${Object.entries(attestationTitles)
      .map(([subject, title]) => `${subject} (${title})`)
      .join(", ")}.`,
    options: { what: required("SUBJECT"), by: required("NAME"), note: required("TEXT") },
    run: async (ctx, options) => {
      const input = parse(attestInput, options);
      const until = await attest(ctx, input);
      return {
        result: { ...input, until },
        lines: [`${attestationTitles[input.what]}: attested by ${input.by} until ${until.toISOString().slice(0, 10)}`],
      };
    },
  },
];
