import { z } from "zod";
import { uuidOf } from "#db/id.ts";
import type { Context } from "#lib/core/context.ts";
import { deleteFile, keepFile, noteUse } from "#lib/domain/files/commands.ts";
import { checkAgain, discardContent, receiveContent } from "#lib/domain/files/contents/commands.ts";
import { filePurpose, fileSource, fileVisibility, keepInput, sampleType } from "#lib/domain/files/input.ts";
import { contentOf, fileOf, filesOf } from "#lib/domain/files/queries.ts";
import { demandRoom } from "#lib/domain/files/quota/commands.ts";
import type { Received, StoredFile } from "#lib/domain/files/view.ts";
import { queryOf } from "#lib/gateway/http/admin-endpoint.ts";
import { endpoint, parsed } from "#lib/gateway/http/endpoint.ts";
import { readForm } from "#lib/gateway/http/form.ts";
import type { Routes } from "./app.ts";
import { answerFile, fileShape, refuseWrong, shapeOf } from "./file-shapes.ts";
import { sendFile } from "./send-file.ts";

const nothing = z.object({});
const reads = { scope: "files.read", name: "files", keeps: "files", input: nothing } as const;
const writes = { ...reads, scope: "files.write" } as const;

const sentForm = z.object({
  file: z.string().meta({ format: "binary" }).describe("JSON Lines, 512 MiB at most."),
  purpose: filePurpose.default("fine-tune"),
  visibility: fileVisibility.default("workspace").describe("Who sees it: its workspace, or its owner."),
  expiry: z
    .number()
    .int()
    .optional()
    .describe("Hours after which it is deleted. Without it, 30 days after it was used last."),
});

const create = endpoint({
  ...writes,
  summary: "Upload a file. The same content under the same name is the file that is there.",
  form: sentForm,
  output: fileShape,
  run: async (ctx, _input, request) => {
    await demandRoom(ctx, 0);
    const undo = (received: Received) => discardContent(ctx, received);
    // The purpose may follow the file, so the file is taken for what most are.
    const take = ({ pieces }: { pieces: AsyncIterable<Buffer> }) => receiveContent(ctx, pieces, "fine-tune");
    const { fields, name, taken } = await readForm(request.incoming, take, undo);
    answerFile(request, await filed(ctx, { ...fields, file: name }, taken));
  },
});

/** What was received becomes a file, or nothing of it remains. */
async function filed(ctx: Context, said: Record<string, string>, taken: Received): Promise<StoredFile> {
  try {
    const input = parsed(keepInput, said, "body");
    const received = input.purpose === "batch" ? await checkAgain(ctx, taken, "batch") : taken;
    refuseWrong(received.check);
    return await keepFile(ctx, input, received);
  } catch (error) {
    await discardContent(ctx, taken);
    throw error;
  }
}

const several = <T extends z.ZodType>(one: T) =>
  z.union([one.transform((value) => [value as z.output<T>]), z.array(one)]).optional();

const listQuery = z.object({
  page: z.coerce.number().int().min(0).max(1_000_000).default(0),
  page_size: z.coerce.number().int().min(1).max(1000).default(100),
  include_total: z.enum(["true", "false"]).default("true"),
  search: z.string().max(200).optional().describe("Part of a name."),
  purpose: filePurpose.optional(),
  sample_type: several(sampleType).describe("Repeat it to name several."),
  source: several(fileSource).describe("Repeat it to name several."),
});

const list = endpoint({
  ...reads,
  summary: "List the files of the key's workspace, the newest first.",
  query: listQuery,
  output: z.object({ object: z.literal("list"), data: z.array(fileShape), total: z.number().int().nullable() }),
  run: async (ctx, _input, request) => {
    const query = parsed(listQuery, queryOf(request.incoming), "query");
    const { page, page_size: limit, include_total: hasTotal, sample_type, source, ...rest } = query;
    const asked = { ...rest, sampleTypes: sample_type, sources: source, offset: page * limit, limit };
    const { files, total } = await filesOf(ctx, asked);
    const answer = { object: "list", data: files.map(shapeOf), total: hasTotal === "true" ? total : null };
    request.answer(200, JSON.stringify(answer));
  },
});

const get = endpoint({
  ...reads,
  summary: "Find a file by its id.",
  output: fileShape.extend({ deleted: z.literal(false) }),
  run: async (ctx, _input, request, { id = "" }) =>
    request.answer(200, JSON.stringify({ ...shapeOf(await fileOf(ctx, id)), deleted: false })),
});

const remove = endpoint({
  ...writes,
  summary: "Delete a file at once.",
  output: z.object({ id: z.uuid(), object: z.literal("file"), deleted: z.literal(true) }),
  run: async (ctx, _input, request, { id = "" }) => {
    const gone = await deleteFile(ctx, { file: (await fileOf(ctx, id)).id });
    request.answer(200, JSON.stringify({ id: uuidOf(gone), object: "file", deleted: true }));
  },
});

const content = endpoint({
  ...reads,
  summary: "Download a file, or the part of it that a Range header names.",
  file: "application/octet-stream",
  run: async (ctx, _input, request, { id = "" }) => {
    const file = await fileOf(ctx, id);
    await noteUse(ctx, file.id);
    request.firstByteMs ??= request.elapsedMs();
    await sendFile(request, file, (range) => contentOf(ctx, file, range));
  },
});

export function files(routes: Routes): void {
  routes.post("/v1/files", create);
  routes.get("/v1/files", list);
  routes.get("/v1/files/:id", get);
  routes.delete("/v1/files/:id", remove);
  routes.get("/v1/files/:id/content", content);
}
