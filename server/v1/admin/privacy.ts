import { z } from "zod";
import { monitoringMonths } from "#lib/domain/abuse/counts/queries.ts";
import { classOf } from "#lib/domain/retention/classes/rules.ts";
import { dataLedger } from "#lib/domain/retention/ledger/queries.ts";
import { deletionReceipt, deletionReceiptList, type Receipt } from "#lib/domain/retention/receipts/queries.ts";
import { receiptBody, receiptFile } from "#lib/domain/retention/receipts/rules.ts";
import { adminEndpoint } from "#lib/gateway/http/admin-endpoint.ts";
import type { Routes } from "#server/v1/app.ts";
import { named } from "./shapes.ts";

const at = z.iso.datetime();
const number = z.number().int();

const ledgerRow = z.object({
  class: z.string(),
  what: z.string(),
  kept: z.string().describe("For how long."),
  clause: z.string().nullable().describe("The clause of the terms that says so."),
  items: number,
  bytes: number,
  oldest: at.nullable(),
  next_purge: at.nullable().describe("When the oldest goes by itself; null where it stays until somebody deletes it."),
  under_zero_retention: z.enum(["purged", "kept"]),
  counted_at: at,
});

const ledger = adminEndpoint({
  can: "privacy.read",
  summary: "Count what is kept of the organization, by class.",
  output: z.object({ object: z.literal("list"), data: z.array(ledgerRow) }),
  run: async (ctx) => ({
    object: "list" as const,
    data: (await dataLedger(ctx)).map((row) => {
      const { sentence, kept, clause = null, underZeroRetention } = classOf(row.class);
      return {
        class: row.class,
        what: sentence,
        kept,
        clause,
        items: row.items,
        bytes: row.bytes,
        oldest: row.oldest?.toISOString() ?? null,
        next_purge: row.nextPurge?.toISOString() ?? null,
        under_zero_retention: underZeroRetention,
        counted_at: row.countedAt.toISOString(),
      };
    }),
  }),
});

const receiptShape = z.object({
  receipt: receiptBody,
  file: receiptFile.describe("What `receipt verify` checks without us: the text that was signed, and the signature."),
});

const shapeOf = ({ body, file }: Receipt) => ({ receipt: body, file });

const receipts = adminEndpoint({
  can: "privacy.read",
  summary: "List the receipts of the organization's deletions, the latest first.",
  query: z.object({
    before: z.coerce.number().int().positive().optional().describe("A receipt's `sequence`, to go on before it."),
    limit: z.coerce.number().int().min(1).max(200).default(50),
  }),
  output: z.object({ object: z.literal("list"), data: z.array(receiptShape), has_more: z.boolean() }),
  run: async (ctx, { query: { before, limit } }) => {
    const found = await deletionReceiptList(ctx, { before, limit: limit + 1 });
    return { object: "list" as const, data: found.slice(0, limit).map(shapeOf), has_more: found.length > limit };
  },
});

const receipt = adminEndpoint({
  can: "privacy.read",
  summary: "Get one receipt of a deletion.",
  output: receiptShape,
  run: async (ctx, { params }) => shapeOf(await deletionReceipt(ctx, named("deletionReceipt", params.receipt))),
});

const count = z.number().int();

const monitoringMonth = z.object({
  month: z.string().describe("Its first day (UTC)."),
  rules: z.array(z.string()).describe("Those in force, with their versions."),
  models: z.array(z.string()).describe("Those that looked; empty where none did."),
  scanned_by_rules: count.describe("Requests."),
  scanned_by_models: count.describe("Requests."),
  flags: count,
  items: count,
  opened: count.describe("How often staff could read requests of an item; each time is in the audit log."),
  outcomes: z.object({
    dismissed: count,
    warned: count,
    workspaces_archived: count,
    suspended: count,
    with_legal: count,
    ended_without_decision: count,
  }),
});

const monitoring = adminEndpoint({
  can: "privacy.read",
  summary: "Count what monitoring did about the organization, by month, the latest first.",
  output: z.object({ object: z.literal("list"), data: z.array(monitoringMonth) }),
  run: async (ctx) => ({
    object: "list" as const,
    data: (await monitoringMonths(ctx)).map((one) => ({
      month: one.month,
      rules: [...one.rules],
      models: [...one.models],
      scanned_by_rules: one.ruleScanned,
      scanned_by_models: one.modelScanned,
      flags: one.flags,
      items: one.items,
      opened: one.opened,
      outcomes: {
        dismissed: one.dismissed,
        warned: one.warned,
        workspaces_archived: one.restricted,
        suspended: one.suspended,
        with_legal: one.legal,
        ended_without_decision: one.expired,
      },
    })),
  }),
});

export function adminPrivacy(routes: Routes): void {
  routes.get("/v1/admin/data-ledger", ledger);
  routes.get("/v1/admin/monitoring", monitoring);
  routes.get("/v1/admin/receipts", receipts);
  routes.get("/v1/admin/receipts/:receipt", receipt);
}
