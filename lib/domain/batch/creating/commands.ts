import { and, eq, isNull, sql } from "drizzle-orm";
import { type Id, newId, uuidOf } from "#db/id.ts";
import { batchJobs } from "#db/schema/batch.ts";
import { keys } from "#db/schema/keys.ts";
import { organizations } from "#db/schema/organizations.ts";
import { memberBehind } from "#lib/core/access/person.ts";
import { permissionsOf, scopePermissions } from "#lib/core/access/roles.ts";
import { writeAudit } from "#lib/core/audit.ts";
import { addMinutes } from "#lib/core/clock.ts";
import { part } from "#lib/core/command.ts";
import { type Context, transaction } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { newLastingKey } from "#lib/core/keyring/lasting.ts";
import { askedAgent } from "#lib/domain/agents/completions/queries.ts";
import type { CreateBatchInput } from "#lib/domain/batch/input.ts";
import type { Batch } from "#lib/domain/batch/rules.ts";
import { refuseGone } from "#lib/domain/contract/models/rules.ts";
import { modelNamed } from "#lib/domain/contract/values/queries.ts";
import { lockFile, noteUse } from "#lib/domain/files/commands.ts";
import { discardContent, receiveBytes } from "#lib/domain/files/contents/commands.ts";
import { keepMade } from "#lib/domain/files/made/commands.ts";
import { fileOf } from "#lib/domain/files/queries.ts";
import { demandRoom, takeRoom } from "#lib/domain/files/quota/commands.ts";
import type { Received, StoredFile } from "#lib/domain/files/view.ts";
import { maySucceed } from "#lib/domain/keys/rules.ts";
import { planColumn } from "#lib/domain/organizations/plan/queries.ts";
import { zeroRetention } from "#lib/domain/retention/rules.ts";
import { tunedPrefix } from "#lib/domain/tuned-models/rules.ts";
import { askingOf, refuseBeyond, requestLine } from "./rules.ts";

type Sent = Omit<Received, "check"> | null;

/** Makes a batch of what was asked. Requests that came with it become a file, as if they had been uploaded. */
export const makeBatch = part(async (ctx: Context, input: CreateBatchInput): Promise<Batch> => {
  const sent = input.requests && (await received(ctx, input.requests));
  try {
    return await transaction(ctx, (ctx) => made(ctx, input, sent));
  } catch (error) {
    if (sent) await discardContent(ctx, sent);
    throw error;
  }
});

async function received(ctx: Context, requests: NonNullable<CreateBatchInput["requests"]>): Promise<Sent> {
  await demandRoom(ctx, 0);
  const lines = function* () {
    for (const request of requests) yield Buffer.from(requestLine(request));
  };
  return receiveBytes(ctx, asPieces(lines()));
}

async function* asPieces(lines: Iterable<Buffer>): AsyncIterable<Buffer> {
  yield* lines;
}

async function made(ctx: Context, input: CreateBatchInput, sent: Sent): Promise<Batch> {
  const { organizationId, workspaceId, now: createdAt } = ctx;
  await refuseUnderZeroRetention(ctx);
  const keyId = await askingKey(ctx, input);
  await refuseWrongModel(ctx, input);
  const id = newId("batch", createdAt);
  const { files, lines } = sent ? await fileOfSent(ctx, id, sent) : await namedFiles(ctx, input.input_files ?? []);
  await refuseTooMany(ctx, lines);
  const {
    endpoint,
    model,
    agent_id: agentId,
    metadata,
    timeout_hours: timeoutHours,
    output_hours: outputHours,
  } = input;
  const asked = { endpoint, model, agentId, metadata, timeoutHours, outputHours };
  const [batch] = await ctx.db
    .insert(batchJobs)
    .values({
      ...{ organizationId, workspaceId, id, keyId, createdAt, ...asked },
      createdBy: memberBehind(ctx.actor),
      status: "QUEUED",
      inputFiles: files,
      totalRequests: lines,
      key: (await newLastingKey(id)).wrapped,
      expiresAt: addMinutes(createdAt, timeoutHours * 60),
    })
    .returning();
  if (!batch) throw new AppError("unavailable", "Try again in a moment.", { retryAfter: 1 });
  await writeAudit(ctx, {
    action: "batch.create",
    object: { type: "batch", id },
    after: { endpoint, model, agent: agentId, files, lines, key: keyId },
  });
  return batch;
}

/** T-4.2.2.2-ZDR4: what a batch asks is kept, and so is what it is answered. */
async function refuseUnderZeroRetention(ctx: Context): Promise<void> {
  const [row] = await ctx.db.execute<{ refused: boolean }>(
    sql`select is_zero_retention(${ctx.organizationId}, ${ctx.workspaceId}) and not 'files' = any(kept_classes(${ctx.organizationId}, ${ctx.workspaceId})) as refused`,
  );
  if (row?.refused !== false) throw zeroRetention("Batches keep what is asked and answered");
}

/** The key that a program has, or one that a person may use; what the batch asks must be in its scopes. */
async function askingKey(ctx: Context, { key: named, endpoint, agent_id: agentId }: CreateBatchInput) {
  const { actor } = ctx;
  const needed = askingOf(endpoint, agentId !== null);
  if (actor.kind === "key") {
    if (!actor.permissions.has(needed)) throw lacking(endpoint);
    return actor.id as Id<"key">;
  }
  const [key] = named
    ? await ctx.db
        .select()
        .from(keys)
        .where(
          and(
            eq(keys.organizationId, ctx.organizationId),
            eq(keys.workspaceId, ctx.workspaceId),
            eq(keys.id, named as Id<"key">),
          ),
        )
    : [];
  const isUsable =
    key &&
    ["api", "service"].includes(key.purpose) &&
    maySucceed(memberBehind(actor), { ownerId: key.ownerId, isService: key.purpose === "service" }) &&
    (key.revokedAt === null || key.revokedAt > ctx.now) &&
    (key.expiresAt === null || key.expiresAt > ctx.now);
  if (!isUsable) {
    const message = "Choose an API key of yours, or a service key: its limits count for the batch.";
    throw new AppError("forbidden", message, { code: "batch_key", fields: { key: [message] } });
  }
  if (!permissionsOf(scopePermissions, key.scopes).has(needed)) throw lacking(endpoint);
  return key.id;
}

const lacking = (endpoint: string): AppError =>
  new AppError("forbidden", `The API key may not ask ${endpoint}. Use one that has the scope for it.`, {
    code: "forbidden",
    fields: { key: [`It may not ask ${endpoint}.`] },
  });

/** A model or agent that is named for the whole batch must be there; one that a line names is that line's to get right. */
async function refuseWrongModel(ctx: Context, { model, agent_id: agentId }: CreateBatchInput): Promise<void> {
  if (agentId) await askedAgent(ctx, agentId);
  if (!model || model.startsWith(tunedPrefix)) return;
  const found = await modelNamed(ctx, "batch.write", model);
  if (found) return refuseGone(found.model, found.contract, ctx.now);
  const message = `Invalid model: ${model}`;
  throw new AppError("invalid", message, { code: "invalid_model", fields: { model: [message] } });
}

type Read = { files: Id<"file">[]; lines: number };

async function fileOfSent(ctx: Context, id: Id<"batch">, sent: NonNullable<Sent>): Promise<Read> {
  await takeRoom(ctx, sent.bytes);
  const createdBy = memberBehind(ctx.actor);
  const named = {
    name: `batch-${uuidOf(id)}-requests.jsonl`,
    visibility: "workspace",
    createdBy,
    hours: null,
  } as const;
  return { files: [await keepMade(ctx, { ...named, sampleType: "batch_request" }, sent)], lines: sent.lines };
}

async function namedFiles(ctx: Context, named: readonly Id<"file">[]): Promise<Read> {
  let lines = 0;
  for (const id of new Set(named)) {
    const file = await fileOf(ctx, id);
    lines += linesOf(file);
    await lockFile(ctx, file.id, "share");
    await noteUse(ctx, file.id);
  }
  return { files: [...new Set(named)], lines };
}

function linesOf({ name, purpose, sampleType, isDraft, lines }: StoredFile): number {
  const refused = (message: string, code: string) =>
    new AppError("invalid", message, { code, fields: { input_files: [message] } });
  if (isDraft) throw refused(`${name} is a draft with too many wrong lines. Mend it first.`, "data_set_refused");
  if (purpose !== "batch" || sampleType !== "batch_request")
    throw refused(`${name} has no requests of a batch. Upload it with the purpose batch.`, "file_purpose");
  return lines ?? 0;
}

/** Who counts batches to make one more is alone in it until the transaction ends. */
async function refuseTooMany(ctx: Context, lines: number): Promise<void> {
  const { organizationId } = ctx;
  await ctx.db.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`batches ${organizationId}`}, 0))`);
  const [row] = await ctx.db
    .select({
      batches: sql<number>`count(*)::int`,
      lines: sql<number>`coalesce(sum(total_requests - succeeded_requests - failed_requests), 0)::int`,
    })
    .from(batchJobs)
    .where(and(eq(batchJobs.organizationId, organizationId), isNull(batchJobs.endedAt)));
  const [organization] = await ctx.db
    .select({ plan: planColumn(ctx.now) })
    .from(organizations)
    .where(eq(organizations.id, organizationId));
  refuseBeyond(organization?.plan ?? "free", row ?? { batches: 0, lines: 0 }, lines);
}
