import { z } from "zod";
import { uuidOf } from "#db/id.ts";
import type { Context } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { beginUpload, endUpload, takeUpload } from "#lib/domain/files/uploads/commands.ts";
import { beginInput } from "#lib/domain/files/uploads/input.ts";
import { DataSetRefused, finishUpload, receiveParts } from "#lib/domain/files/uploads/parts/commands.ts";
import { type Upload, uploadOf } from "#lib/domain/files/uploads/queries.ts";
import type { StoredFile } from "#lib/domain/files/view.ts";
import { parsed } from "#lib/gateway/http/endpoint.ts";
import { uploadEndpoint, type Wire } from "#lib/gateway/http/signed-endpoint.ts";
import { invalidBody, unsupportedMedia } from "#lib/gateway/http/wire-error.ts";
import type { Routes } from "./app.ts";
import { problemHeader, wrongFile } from "./file-shapes.ts";

/** tus 1.0.0 (https://tus.io/protocols/resumable-upload): creation, termination and expiration. */
const version = "1.0.0";
const writes = { scope: "files.write", name: "uploads", keeps: "files", input: z.object({}) } as const;

function demandVersion({ incoming, headers }: Wire): void {
  headers["tus-resumable"] = version;
  if (incoming.headers["tus-resumable"] === version) return;
  throw new AppError("wrong_version", `Send the header Tus-Resumable: ${version}.`, {
    code: "other_tus_version",
    headers: { "tus-version": version },
  });
}

const create = uploadEndpoint({
  ...writes,
  summary:
    "Begin an upload that can be interrupted, by the tus protocol: Upload-Length and Upload-Metadata say what comes.",
  run: async (ctx, wire) => {
    demandVersion(wire);
    const input = parsed(beginInput, askedOf(wire), "body");
    const { ticket } = wire;
    if (ticket && (ticket.name !== metadataOf(wire).filename || ticket.bytes !== input.bytes))
      throw new AppError("forbidden", "This ticket is for another file.");
    const upload = await beginUpload(ctx, input);
    Object.assign(wire.headers, { location: `/v1/uploads/${upload.id}`, ...headersOf(upload) });
    answerNothing(wire, 201);
  },
});

/** What the headers say of the file. */
function askedOf(wire: Wire): unknown {
  const { filename, ...about } = metadataOf(wire);
  return { about: { ...about, file: filename ?? "" }, bytes: wire.incoming.headers["upload-length"] };
}

/** `Upload-Metadata`: names, each with its value in base64. Those of other clients' own are left out. */
function metadataOf({ incoming }: Wire): Record<string, string> {
  const header = String(incoming.headers["upload-metadata"] ?? "");
  const pairs = header.split(",").map((pair) => pair.trim().split(" "));
  const known = ["filename", "purpose", "visibility", "expiry"];
  const sent = pairs.map(([name = "", value = ""]) => [name, Buffer.from(value, "base64").toString()]);
  return Object.fromEntries(sent.filter(([name = ""]) => known.includes(name)));
}

const headersOf = (upload: Upload): Record<string, string> => ({
  "upload-offset": String(upload.offset),
  "upload-length": String(upload.bytes),
  "upload-expires": upload.expiresAt.toUTCString(),
  "x-file-good-lines": String(upload.goodLines),
  "x-file-bad-lines": String(upload.badLines),
  "x-file-problems": String(upload.problems),
});

function answerNothing({ outgoing, headers }: Wire, status: number): void {
  outgoing.writeHead(status, status === 204 ? headers : { ...headers, "content-length": 0 }).end();
}

const statusShape = z.object({
  id: z.string(),
  object: z.literal("upload"),
  offset: z.number().int(),
  bytes: z.number().int(),
  problems: z.number().int(),
  file_id: z.uuid().nullable().describe("The file it became."),
});

const status = uploadEndpoint({
  ...writes,
  summary: "How far an upload is, in headers (HEAD) and as JSON.",
  output: statusShape,
  run: async (ctx, wire, { id = "" }) => {
    wire.headers["tus-resumable"] = version;
    const upload = await uploadOf(ctx, id);
    // The one who sent the last part may not have lived to make the file.
    const file = upload.offset === upload.bytes ? await made(ctx, upload) : null;
    Object.assign(wire.headers, headersOf(upload), file ? fileHeaders(file) : {});
    const { offset, bytes, problems } = upload;
    const said = { id: upload.id, object: "upload", offset, bytes, problems, file_id: file && uuidOf(file.id) };
    wire.answer(200, JSON.stringify(said));
  },
});

const fileHeaders = (file: StoredFile): Record<string, string> => ({
  ...problemHeader(file),
  "x-file-id": uuidOf(file.id),
});

async function made(ctx: Context, upload: Upload): Promise<StoredFile> {
  try {
    return await finishUpload(ctx, upload);
  } catch (error) {
    throw error instanceof DataSetRefused ? wrongFile(error.check, error.message) : error;
  }
}

const add = uploadEndpoint({
  ...writes,
  summary: "Send a part of an upload, from Upload-Offset on. The last one makes the file, whose id x-file-id says.",
  run: async (ctx, wire, { id = "" }) => {
    demandVersion(wire);
    const { incoming } = wire;
    if (incoming.headers["content-type"] !== "application/offset+octet-stream")
      throw unsupportedMedia("Send parts as application/offset+octet-stream.");
    const offset = Number(incoming.headers["upload-offset"] ?? Number.NaN);
    if (!Number.isSafeInteger(offset) || offset < 0)
      throw invalidBody([{ type: "header_invalid", loc: ["header", "Upload-Offset"], msg: "A number of bytes." }]);
    const known = await uploadOf(ctx, id);
    const taken = await takeUpload(ctx, { upload: known.id }, offset);
    const upload = await receiveParts(ctx, taken, incoming);
    Object.assign(wire.headers, headersOf(upload));
    if (upload.offset === upload.bytes) Object.assign(wire.headers, fileHeaders(await made(ctx, upload)));
    answerNothing(wire, 204);
  },
});

const remove = uploadEndpoint({
  ...writes,
  summary: "End an upload with everything that came of it.",
  run: async (ctx, wire, { id = "" }) => {
    demandVersion(wire);
    await endUpload(ctx, { upload: (await uploadOf(ctx, id)).id });
    answerNothing(wire, 204);
  },
});

export function uploads(routes: Routes): void {
  routes.post("/v1/uploads", create);
  routes.get("/v1/uploads/:id", status);
  routes.patch("/v1/uploads/:id", add);
  routes.delete("/v1/uploads/:id", remove);
}
