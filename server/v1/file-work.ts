import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { z } from "zod";
import { publishedWords } from "#lib/domain/files/checking/rules.ts";
import { openContent } from "#lib/domain/files/contents/commands.ts";
import { linkInput, splitInput } from "#lib/domain/files/input.ts";
import { linkFile } from "#lib/domain/files/links/commands.ts";
import { linkedFile } from "#lib/domain/files/links/queries.ts";
import { mendFile, splitFile } from "#lib/domain/files/mending/commands.ts";
import { fileOf } from "#lib/domain/files/queries.ts";
import { reportOf } from "#lib/domain/files/reports/queries.ts";
import { queryOf } from "#lib/gateway/http/admin-endpoint.ts";
import { endpoint, parsed } from "#lib/gateway/http/endpoint.ts";
import { inside, linkEndpoint } from "#lib/gateway/http/signed-endpoint.ts";
import type { Routes } from "./app.ts";
import { fileShape, shapeOf } from "./file-shapes.ts";
import { sendFile } from "./send-file.ts";

const nothing = z.object({});
const reads = { scope: "files.read", name: "files", keeps: "files", input: nothing } as const;
const writes = { ...reads, scope: "files.write" } as const;

const report = endpoint({
  ...reads,
  summary:
    "What checking a file found: a problem a line, in JSON Lines, 10,000 at most, and then the counts of each rule.",
  file: "application/x-ndjson",
  run: async (ctx, _input, request, { id = "" }) => {
    const file = await fileOf(ctx, id);
    const found = await reportOf(ctx, file);
    function* lines(): Iterable<string> {
      for (const problem of found.problems)
        yield `${JSON.stringify({ ...problem, published: publishedWords(file.name, problem) })}\n`;
      const { counts, good, bad, statistics } = found;
      yield `${JSON.stringify({ counts, good_lines: good, bad_lines: bad, statistics })}\n`;
    }
    request.firstByteMs ??= request.elapsedMs();
    request.outgoing.writeHead(200, { ...request.headers, "content-type": "application/x-ndjson" });
    await pipeline(Readable.from(lines()), request.outgoing);
  },
});

const reformatQuery = z.object({
  dry_run: z.enum(["true", "false"]).default("false").describe("Only say what would change."),
});

const reformat = endpoint({
  ...writes,
  summary: "Mend what has one meaning, into a new file. Mended twice is mended once.",
  query: reformatQuery,
  output: z.object({
    object: z.literal("file.reformat"),
    file: fileShape.nullable().describe("The new file; none where it was only tried."),
    changed: z.number().int().describe("Lines that were changed."),
    dropped: z.number().int().describe("Lines that were left out."),
    counts: z.record(z.string(), z.number().int()).describe("How often each rule was mended."),
    changes: z
      .array(
        z.object({
          line: z.number().int(),
          before: z.string(),
          after: z.string().nullable().describe("Nothing where the line was left out."),
          rules: z.array(z.string()),
        }),
      )
      .describe("The first 50."),
  }),
  run: async (ctx, _input, request, { id = "" }) => {
    const { dry_run: dryRun } = parsed(reformatQuery, queryOf(request.incoming), "query");
    const source = await fileOf(ctx, id);
    const { file, outcome } = await mendFile(ctx, { file: source.id, dryRun: dryRun === "true" });
    const answer = { object: "file.reformat", file: file && shapeOf(file), ...outcome };
    request.answer(200, JSON.stringify(answer));
  },
});

const splitAsked = splitInput.omit({ file: true });

const split = endpoint({
  ...writes,
  summary: "Split a file in two: most of it to train on, and a share of it, 1 MiB at most, to validate with.",
  input: splitAsked,
  output: z.object({ object: z.literal("file.split"), training: fileShape, validation: fileShape }),
  run: async (ctx, input, request, { id = "" }) => {
    const source = await fileOf(ctx, id);
    const { training, validation } = await splitFile(ctx, { ...input, file: source.id });
    const answer = { object: "file.split", training: shapeOf(training), validation: shapeOf(validation) };
    request.answer(200, JSON.stringify(answer));
  },
});

const urlQuery = z.object({ expiry: linkInput.shape.hours.describe("Hours it is good for, 168 at most.") });

const url = endpoint({
  ...reads,
  summary: "Make an address under which a file can be downloaded without a key.",
  query: urlQuery,
  output: z.object({ url: z.url(), expires_at: z.number().int().describe("Unix seconds.") }),
  run: async (ctx, _input, request, { id = "" }) => {
    const { expiry: hours } = parsed(urlQuery, queryOf(request.incoming), "query");
    const { url, expiresAt } = await linkFile(ctx, { file: (await fileOf(ctx, id)).id, hours });
    request.answer(200, JSON.stringify({ url, expires_at: expiresAt.getTime() / 1000 }));
  },
});

const linkQuery = z.object({ expires: z.coerce.number().int(), signature: z.string().max(200) });

const link = linkEndpoint({
  summary: "Download a file by an address that was made for it.",
  query: linkQuery,
  file: "application/octet-stream",
  run: async (ctx, wire, { id = "" }) => {
    const { organizationId, ...file } = await linkedFile(ctx, id, parsed(linkQuery, queryOf(wire.incoming), "query"));
    const named = { organizationId, fileId: file.id };
    await sendFile(wire, file, (range) => openContent(inside(ctx, organizationId), named, range));
  },
});

export function fileWork(routes: Routes): void {
  routes.get("/v1/files/:id/report", report);
  routes.post("/v1/files/:id/reformat", reformat);
  routes.post("/v1/files/:id/split", split);
  routes.get("/v1/files/:id/url", url);
  routes.get("/v1/files/:id/link", link);
}
