import fs from "node:fs";
import { inOrganization } from "#lib/core/context.ts";
import { classOf, type RetentionClassName, retentionClasses } from "#lib/domain/retention/classes/rules.ts";
import { replayReceipts } from "#lib/domain/retention/copies/commands.ts";
import { dataLedger } from "#lib/domain/retention/ledger/queries.ts";
import { problemsOf } from "#lib/domain/retention/receipts/checking/rules.ts";
import { deletionReceiptList } from "#lib/domain/retention/receipts/queries.ts";
import { bodyOf, type ReceiptBody, receiptCauses, receiptFile } from "#lib/domain/retention/receipts/rules.ts";
import { type Command, idOf, type Outcome, optional, parse, required } from "./command.ts";

const mostShown = 1000;

export const retentionCommands: readonly Command[] = [
  {
    name: "retention classes",
    about: "Lists what is kept, for how long, by which clause, and what goes under zero retention.",
    options: {},
    print: () => {
      const names = Object.keys(retentionClasses) as RetentionClassName[];
      const result = names.map((name) => ({ class: name, ...classOf(name) }));
      const lines = result.map(
        ({ class: name, kept, clause = "", underZeroRetention }) =>
          `${name.padEnd(16)}  kept ${kept}  ${clause}  (${underZeroRetention} under zero retention)`,
      );
      return { result, lines };
    },
  },
  {
    name: "retention ledger",
    about: "Counts what is kept of an organization.",
    options: { organization: required("ID") },
    run: async (ctx, { organization }) => {
      const rows = await dataLedger(inOrganization(ctx, idOf("organization", organization)));
      const lines = rows.map(({ class: name, items, bytes, oldest }) =>
        `${name.padEnd(16)}  ${items} items  ${bytes} bytes  ${oldest ? `since ${oldest.toISOString()}` : ""}`.trimEnd(),
      );
      return { result: rows, lines };
    },
  },
  {
    name: "retention replay",
    about: "After a backup of the database was put back: makes the deletions again that were made since it was taken.",
    options: {},
    run: async (ctx) => {
      const replayed = await replayReceipts(ctx);
      return { result: replayed, lines: [...replayed.map(lineOf), `${replayed.length} deletions were made again`] };
    },
  },
  {
    name: "receipt list",
    about: `Lists the newest ${mostShown} receipts of an organization's deletions.`,
    options: { organization: required("ID") },
    run: async (ctx, { organization }) => {
      const context = inOrganization(ctx, idOf("organization", organization));
      const receipts = (await deletionReceiptList(context, { limit: mostShown })).map(({ body }) => body);
      return { result: receipts, lines: receipts.length > 0 ? receipts.map(lineOf) : ["There are none."] };
    },
  },
  {
    name: "receipt verify",
    about: "Checks the file of a receipt without a database; --key is the public key you trust, else the file's own.",
    options: { file: required("FILE"), key: optional("KEY") },
    print: ({ file: name = "", key }) => verified(name, key),
  },
];

function verified(name: string, key: string | undefined): Outcome {
  const file = parse(receiptFile, JSON.parse(fs.readFileSync(name, "utf8")));
  const problems = problemsOf(file, key === undefined ? undefined : [key]);
  return {
    result: { holds: problems.length === 0, problems },
    failed: problems.length > 0,
    lines: problems.length > 0 ? problems : [`It holds: ${lineOf(bodyOf(file))}`, `Signed with ${file.public_key}`],
  };
}

const lineOf = ({ id, done_at, cause, removed }: ReceiptBody): string =>
  `${id}  ${done_at}  ${receiptCauses[cause]}  ${removed.map(({ class: name, items }) => `${items} ${name}`).join(", ")}`;
