import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { z } from "zod";
import { uuidOf } from "#db/id.ts";
import type { Context } from "#lib/core/context.ts";
import { attachmentHeader } from "#lib/core/file-name.ts";
import { deleteFile, keepFile } from "#lib/domain/files/commands.ts";
import { discardContent, receiveContent } from "#lib/domain/files/contents/commands.ts";
import { filePurpose, fileSource, fileVisibility, keepInput, sampleType } from "#lib/domain/files/input.ts";
import { contentOf, fileOf, filesOf } from "#lib/domain/files/queries.ts";
import type { StoredFile } from "#lib/domain/files/view.ts";
import { queryOf } from "#lib/gateway/http/admin-endpoint.ts";
import { endpoint, parsed } from "#lib/gateway/http/endpoint.ts";
import { readForm } from "#lib/gateway/http/form.ts";
import type { Routes } from "./app.ts";

const fileShape = z.object({
  id: z.uuid(),
  object: z.literal("file"),
  bytes: z.number().int(),
  created_at: z.number().int().describe("Unix seconds."),
  filename: z.string(),
  purpose: filePurpose,
  sample_type: sampleType,
  num_lines: z.number().int().nullable(),
  mimetype: z.string().nullable(),
  source: fileSource,
  signature: z.string().nullable().describe("SHA-256 of the content."),
  expires_at: z.number().int().nullable().describe("Unix seconds."),
  visibility: fileVisibility.nullable(),
});

const seconds = (at: Date): number => Math.floor(at.getTime() / 1000);

const shapeOf = (file: StoredFile): z.output<typeof fileShape> => ({
  id: uuidOf(file.id),
  object: "file",
  bytes: file.bytes,
  created_at: seconds(file.createdAt),
  filename: file.name,
  purpose: file.purpose,
  sample_type: file.sampleType,
  num_lines: file.lines,
  mimetype: "application/jsonl",
  source: file.source,
  signature: file.sha256,
  expires_at: file.expiresAt && seconds(file.expiresAt),
  visibility: file.visibility,
});

const nothing = z.object({});
const reads = { scope: "files.read", name: "files", keeps: "files", input: nothing } as const;
const writes = { ...reads, scope: "files.write" } as const;

const sentForm = z.object({
  file: z.string().meta({ format: "binary" }).describe("JSON Lines, 512 MB at most."),
  purpose: filePurpose.default("fine-tune"),
  visibility: fileVisibility.default("workspace").describe("Who sees it: its workspace, or its owner."),
  expiry: z.number().int().optional().describe("Hours after which it is deleted. Without it, when you delete it."),
});

const create = endpoint({
  ...writes,
  summary: "Upload a file. The same content under the same name is the file that is there.",
  form: sentForm,
  output: fileShape,
  run: async (ctx, _input, request) => {
    const undo = (received: Parameters<typeof discardContent>[1]) => discardContent(ctx, received);
    const take = ({ pieces }: { pieces: AsyncIterable<Buffer> }) => receiveContent(ctx, pieces);
    const { fields, name, taken } = await readForm(request.incoming, take, undo);
    try {
      const input = parsed(keepInput, { ...fields, file: name }, "body");
      request.answer(200, JSON.stringify(shapeOf(await keepFile(ctx, input, taken))));
    } catch (error) {
      await undo(taken);
      throw error;
    }
  },
});

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

type Request = Parameters<Parameters<typeof endpoint>[0]["run"]>[2];

async function sendContent(ctx: Context, request: Request, id: string): Promise<void> {
  const { file, pieces } = await contentOf(ctx, id);
  request.firstByteMs ??= request.elapsedMs();
  request.outgoing.writeHead(200, {
    ...request.headers,
    "content-type": "application/octet-stream",
    "content-length": file.bytes,
    "content-disposition": attachmentHeader(file.name),
    etag: `"${file.sha256}"`,
    "x-content-type-options": "nosniff",
  });
  await pipeline(Readable.from(pieces), request.outgoing);
}

const content = endpoint({
  ...reads,
  summary: "Download a file.",
  file: "application/octet-stream",
  run: (ctx, _input, request, { id = "" }) => sendContent(ctx, request, id),
});

export function files(routes: Routes): void {
  routes.post("/v1/files", create);
  routes.get("/v1/files", list);
  routes.get("/v1/files/:id", get);
  routes.delete("/v1/files/:id", remove);
  routes.get("/v1/files/:id/content", content);
}
