import { promisify } from "node:util";
import zlib from "node:zlib";
import { LRUCache } from "lru-cache";
import type { Sql } from "#db/client.ts";
import type { Id } from "#db/id.ts";
import { hourOf, startOfHour } from "#lib/core/keyring/document.ts";
import { logError } from "#lib/core/log.ts";
import { open, seal } from "#lib/core/secrets.ts";
import { openBatches } from "./batches.ts";

/** What was asked and answered, as the JSON of both. */
export type Content = {
  organizationId: Id<"organization">;
  requestId: Id<"request">;
  workspaceId: Id<"workspace">;
  at: Date;
  trainingEligible: boolean;
  request: string | Buffer;
  answer: string;
};

/** Long enough that the few requests of a small customer share a row; what a process killed meanwhile had is not kept. */
const gatherMs = 200;
/** About the most that is compressed into one row, and sent in one statement. */
const mostBytes = 1_000_000;
/** A piece of this length is compressed as it lies; making it part of a longer one would copy it. */
const longBytes = 65_536;
/** Room for what comes out: mostly all of it in one piece, and no more of it than a small row can need. */
const [leastRoom, mostRoom] = [1024, 262_144];
// The fastest setting: it halves text at a third of the cost of the fastest deflate. Fresh memory costs as much as the
// work in it, so blocks are small.
const fastest = {
  params: {
    [zlib.constants.BROTLI_PARAM_QUALITY]: zlib.constants.BROTLI_MIN_QUALITY,
    [zlib.constants.BROTLI_PARAM_LGWIN]: 18,
  },
};
const decompress = promisify<Buffer, Buffer>(zlib.brotliDecompress);

type Contents = {
  keep: (content: Content) => Promise<void> | undefined;
  close: () => Promise<void>;
  /** Gives up what is not stored. */
  abandon: () => void;
};

/** The content log's writer: apart from metering, sealed before it leaves the process, never in an answer's way. */
export function openContents(sql: Sql, queueBytes: number): Contents {
  let pending = 0;
  const batches = openBatches<Content>((contents) => store(sql, contents), {
    size: 500,
    // No one waits for these, so a few more share a row, a seal and a commit.
    gather: (write) => setTimeout(write, gatherMs),
    attempts: 8,
    atOnce: 1,
  });
  const keep = (content: Content, done: () => void): void => {
    const size = content.request.length + content.answer.length;
    pending += size;
    batches.write(content, (error) => {
      pending -= size;
      if (error !== undefined) logError("meter.contents", error, { request: content.requestId });
      done();
    });
  };
  return {
    keep: (content) => {
      // When the database cannot follow, answers wait for it rather than memory growing without end.
      if (pending > queueBytes) return new Promise((resolve) => keep(content, resolve));
      return void keep(content, () => undefined);
    },
    close: () => batches.close(),
    abandon: () => void batches.abandon(),
  };
}

async function store(sql: Sql, contents: Content[]): Promise<void> {
  const rows = await Promise.all(groups(contents).map(rowOf));
  let [part, size]: [Row[], number] = [[], 0];
  for (const row of rows) {
    if (size > 0 && size + row.sealed.length > mostBytes) {
      await insert(sql, part);
      [part, size] = [[], 0];
    }
    part.push(row);
    size += row.sealed.length;
  }
  await insert(sql, part);
}

/** Hours this process knows to have a place. */
const prepared = new LRUCache<string, true>({ max: 100 });

/** They are made two days ahead; where no one did that, the first who writes does. */
async function prepare(sql: Sql, rows: Row[]): Promise<void> {
  for (const hour of new Set(rows.map(({ hour }) => hour))) {
    if (prepared.has(hour)) continue;
    await sql`select ensure_contents_partition(${hour}::timestamptz)`;
    prepared.set(hour, true);
  }
}

async function insert(sql: Sql, rows: Row[]): Promise<void> {
  await prepare(sql, rows);
  let start = 1;
  const places = rows.map(({ sealed, ...row }) => {
    const place = { ...row, start, length: sealed.length };
    start += sealed.length;
    return place;
  });
  // One parameter for all of them, in base 64: bytes are sent to the database in hexadecimal digits, at twice the cost.
  const all = Buffer.concat(rows.map(({ sealed }) => sealed)).toString("base64");
  await sql`
    insert into contents (organization_id, hour, id, workspace_id, request_ids, training_eligible, sealed)
    select organization_id, hour, id, workspace_id, request_ids, training_eligible,
      substring(bytes from start for length)
    from decode(${all}, 'base64') as bytes, json_to_recordset(${JSON.stringify(places)}::text::json) as row (organization_id text, hour timestamptz, id text,
      workspace_id text, request_ids text[], training_eligible boolean, start integer, length integer)
    where not is_zero_retention(organization_id, workspace_id)
    on conflict do nothing`;
}

/** What may share a row: one tenant, one workspace, one hour, one training stamp, oldest first, and not too much of it. */
function groups(contents: Content[]): Content[][] {
  const found: Content[][] = [];
  const latest = new Map<string, { group: Content[]; size: number }>();
  for (const content of contents.toSorted((a, b) => a.at.getTime() - b.at.getTime())) {
    const name = `${content.workspaceId}${content.trainingEligible}${hourOf(content.at)}`;
    let last = latest.get(name);
    if (!last || last.size > mostBytes) {
      last = { group: [], size: 0 };
      latest.set(name, last);
      found.push(last.group);
    }
    last.group.push(content);
    last.size += content.request.length + content.answer.length;
  }
  return found;
}

type Row = Awaited<ReturnType<typeof rowOf>>;

/** Compressing and sealing once for the group spares every request its own, and the database most of the bytes. */
async function rowOf(group: Content[]) {
  const [first] = group;
  if (!first) throw new Error("A group of contents is never empty.");
  const packed = await compress(jsonOf(group));
  return {
    organization_id: first.organizationId,
    id: first.requestId,
    workspace_id: first.workspaceId,
    request_ids: group.map(({ requestId }) => requestId),
    hour: startOfHour(hourOf(first.at)).toISOString(),
    training_eligible: first.trainingEligible,
    sealed: seal(packed, first.requestId),
  };
}

/** The group's JSON in pieces; what came as bytes is not made a text for this, and not copied where it is long. */
function jsonOf(group: Content[]): Buffer[] {
  const pieces: Buffer[] = [];
  let text = "{";
  const end = (): void => {
    pieces.push(Buffer.from(text));
    text = "";
  };
  for (const [at, { requestId, request, answer }] of group.entries()) {
    text += `${at === 0 ? "" : ","}"${requestId}":{"request":`;
    if (typeof request === "string") text += request;
    else {
      end();
      pieces.push(request);
    }
    text += `,"answer":${answer}}`;
  }
  text += "}";
  end();
  return pieces;
}

async function compress(pieces: Buffer[]): Promise<Buffer> {
  const size = pieces.reduce((sum, { length }) => sum + length, 0);
  const chunkSize = Math.min(Math.max(size, leastRoom), mostRoom);
  const stream = zlib.createBrotliCompress({ ...fastest, chunkSize });
  for (const piece of together(pieces)) stream.write(piece);
  stream.end();
  const packed: Buffer[] = [];
  for await (const piece of stream) packed.push(piece);
  return packed.length === 1 && packed[0] ? packed[0] : Buffer.concat(packed);
}

/** Short neighbours are put together, because each piece is work for another thread. */
function together(pieces: Buffer[]): Buffer[] {
  const found: Buffer[] = [];
  let [short, size]: [Buffer[], number] = [[], 0];
  const end = (): void => {
    if (size > 0) found.push(Buffer.concat(short));
    [short, size] = [[], 0];
  };
  for (const piece of pieces) {
    if (piece.length >= longBytes) {
      end();
      found.push(piece);
      continue;
    }
    short.push(piece);
    size += piece.length;
    if (size >= longBytes) end();
  }
  end();
  return found;
}

/** The requests of a row by their ids, as they were asked and answered. */
export async function openContent(
  sealed: Buffer,
  id: string,
): Promise<Record<string, { request: unknown; answer: unknown }>> {
  return JSON.parse((await decompress(open(sealed, id))).toString());
}
