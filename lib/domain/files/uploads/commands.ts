import { and, eq, lt, sql } from "drizzle-orm";
import { type Id, isId, newId, timeOf } from "#db/id.ts";
import { fileUploads } from "#db/schema/files.ts";
import { memberBehind, personOf } from "#lib/core/access/person.ts";
import { addDays, addMinutes } from "#lib/core/clock.ts";
import { command, part } from "#lib/core/command.ts";
import { type AccountContext, type Context, transaction } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { newLastingKey } from "#lib/core/keyring/lasting.ts";
import { storage } from "#lib/core/storage/storage.ts";
import { demandRoom } from "#lib/domain/files/quota/commands.ts";
import { orphanDays } from "#lib/domain/files/rules.ts";
import { beginInput, ticketInput, uploadInput } from "./input.ts";
import { type Upload, uploadOf } from "./queries.ts";
import { partsMost, partText, ticketText, uploadAt, uploadHours, uploadPlace, uploadsPrefix } from "./rules.ts";

const until = (now: Date): Date => addMinutes(now, uploadHours * 60);

/** Begins a file that comes in parts, from a program or from a browser. */
export const beginUpload = command({
  can: "files.write",
  within: "workspace",
  input: beginInput,
  run: async (ctx, { about, bytes }): Promise<Upload> => {
    await demandRoom(ctx, bytes);
    const { organizationId, workspaceId, now: createdAt } = ctx;
    const { file: name, purpose, visibility, expiry } = about;
    const id = newId("upload", createdAt);
    const { wrapped: key } = await newLastingKey(id);
    const its = { organizationId, id, workspaceId, createdBy: memberBehind(ctx.actor), key, createdAt };
    const said = { name, purpose, visibility, expiryHours: expiry ?? null, bytes, expiresAt: until(createdAt) };
    const [made] = await ctx.db
      .insert(fileUploads)
      .values({ ...its, ...said, isFromConsole: ctx.actor.kind === "user" })
      .returning();
    if (!made) throw new AppError("unavailable", "The upload could not begin. Try again.");
    return made;
  },
});

/** A ticket with which a browser sends one file, for a day. */
export const giveTicket = command({
  can: "files.write",
  within: "workspace",
  input: ticketInput,
  run: async (ctx, { name, bytes }): Promise<string> => {
    await demandRoom(ctx, bytes);
    const { sessionId: session } = personOf(ctx.actor);
    return ticketText({ session, workspace: ctx.workspaceId, name, bytes, until: until(ctx.now).getTime() });
  },
});

const itself = ({ organizationId, id }: Pick<Upload, "organizationId" | "id">) =>
  and(eq(fileUploads.organizationId, organizationId), eq(fileUploads.id, id));

const movedOn = (offset: number): AppError =>
  new AppError("conflict", `The upload is at byte ${offset}. Go on from there.`, {
    code: "upload_moved_on",
    headers: { "upload-offset": String(offset) },
  });

const tooManyParts = (): AppError =>
  new AppError("invalid", `This upload came in ${partsMost} parts. Begin it again, and send 8 MiB at a time.`, {
    code: "too_many_parts",
  });

/** Takes an upload over at an offset: from now on no request that came before may write. */
export const takeUpload = command({
  can: "files.write",
  within: "workspace",
  input: uploadInput,
  run: async (ctx, { upload: id }, offset: number): Promise<Upload> => {
    const known = await uploadOf(ctx, id);
    if (known.offset !== offset) throw movedOn(known.offset);
    if (known.parts.length >= partsMost) throw tooManyParts();
    const [taken] = await ctx.db
      .update(fileUploads)
      .set({ number: sql`${fileUploads.number} + 1` })
      .where(and(itself(known), eq(fileUploads.offset, offset)))
      .returning();
    if (!taken) throw movedOn((await uploadOf(ctx, id)).offset);
    return taken;
  },
});

type PartFound = { bytes: number; goodLines: number; badLines: number; problems: number };

/** Counts a part that is in storage; refuses where a later request has taken the upload over. */
export const notePart = part(async (ctx: Context, upload: Upload, { bytes, ...found }: PartFound): Promise<Upload> => {
  const text = partText({ number: upload.number, bytes });
  const [noted] = await ctx.db
    .update(fileUploads)
    .set({
      parts: sql`array_append(${fileUploads.parts}, ${text})`,
      offset: sql`${fileUploads.offset} + ${bytes}`,
      expiresAt: until(ctx.now),
      ...found,
    })
    .where(and(itself(upload), eq(fileUploads.number, upload.number), eq(fileUploads.offset, upload.offset)))
    .returning();
  if (noted) return noted;
  throw movedOn((await uploadOf(ctx, upload.id)).offset);
});

/** Notes which file an upload became; its parts are not needed any more. */
export const noteFile = part(async (ctx: Context, upload: Upload, fileId: Id<"file">): Promise<void> => {
  await ctx.db.update(fileUploads).set({ fileId }).where(itself(upload));
  await removeObjects(ctx, upload);
});

/** Ends an upload that became no file, with everything of it. */
export const endUpload = command({
  can: "files.write",
  within: "workspace",
  input: uploadInput,
  run: async (ctx, { upload: id }): Promise<void> => {
    const upload = await uploadOf(ctx, id);
    await ctx.db.delete(fileUploads).where(itself(upload));
    await removeObjects(ctx, upload);
  },
});

const removeObjects = part(
  async (_ctx: AccountContext, upload: Pick<Upload, "organizationId" | "id">): Promise<void> => {
    const places: string[] = [];
    for await (const place of storage().list(uploadPlace(upload))) places.push(place);
    for (const place of places) await storage().remove(place);
  },
);

/** Removes uploads whose day is over, and objects of uploads that are not there any more. */
export const sweepUploads = part(async (ctx: AccountContext): Promise<number> => {
  const over = await ctx.db
    .select({ organizationId: fileUploads.organizationId, id: fileUploads.id })
    .from(fileUploads)
    .where(lt(fileUploads.expiresAt, ctx.now))
    .limit(1000);
  for (const upload of over) {
    await transaction(ctx, (ctx) => ctx.db.delete(fileUploads).where(itself(upload)));
    await removeObjects(ctx, upload);
  }
  return over.length;
});

/** Removes objects that no upload names, such as those of a purge or of a request that was taken over. */
export const sweepParts = part(async (ctx: AccountContext): Promise<number> => {
  let removed = 0;
  for await (const place of storage().list(uploadsPrefix)) {
    const id = uploadAt(place);
    if (isId("upload", id) && timeOf(id) > addDays(ctx.now, -orphanDays)) continue;
    if (isId("upload", id) && (await ctx.db.$count(fileUploads, eq(fileUploads.id, id))) > 0) continue;
    await storage().remove(place);
    removed += 1;
  }
  return removed;
});
