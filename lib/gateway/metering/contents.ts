import { LRUCache } from "lru-cache";
import type { Sql } from "#db/client.ts";
import type { Id } from "#db/id.ts";
import { now } from "#lib/core/clock.ts";
import { Fault } from "#lib/core/errors.ts";
import { contentHours, hourOf, startOfHour } from "#lib/core/keyring/document.ts";
import { hourSealed, openSealedContent, ownerOf, sealContent } from "#lib/core/keyring/sealing.ts";
import { logError } from "#lib/core/log.ts";
import { open } from "#lib/core/secrets.ts";
import type { ChangeFeed } from "#lib/gateway/change-feed/change-feed.ts";
import { openBatches } from "./batches.ts";
import { pack, unpack } from "./packs.ts";
import { ScopeKeys } from "./scope-keys.ts";

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
type Contents = {
  keep: (content: Content) => Promise<void> | undefined;
  close: () => Promise<void>;
  /** Gives up what is not stored. */
  abandon: () => void;
};

/** The content log's writer: apart from metering, sealed before it leaves the process, never in an answer's way. */
export function openContents(sql: Sql, changes: Pick<ChangeFeed, "subscribe">, queueBytes: number): Contents {
  let pending = 0;
  const keys = new ScopeKeys(sql, changes);
  const batches = openBatches<Content>((contents) => store({ sql, keys }, contents), {
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

type Into = { sql: Sql; keys: ScopeKeys };

async function store({ sql, keys }: Into, contents: Content[]): Promise<void> {
  const found = await Promise.all(groups(contents).map((group) => rowOf(keys, group)));
  const rows = found.filter((row) => row !== null);
  if (rows.length === 0) return;
  let [part, size]: [Row[], number] = [[], 0];
  for (const row of rows) {
    if (size > 0 && size + row.sealed.length > mostBytes) {
      await insert({ sql, keys }, part);
      [part, size] = [[], 0];
    }
    part.push(row);
    size += row.sealed.length;
  }
  await insert({ sql, keys }, part);
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

async function insert({ sql, keys }: Into, rows: Row[]): Promise<void> {
  await prepare(sql, rows);
  let start = 1;
  const places = rows.map(({ sealed, ...row }) => {
    const place = { ...row, start, length: sealed.length };
    start += sealed.length;
    return place;
  });
  // One parameter for all of them, in base 64: bytes are sent to the database in hexadecimal digits, at twice the cost.
  const all = Buffer.concat(rows.map(({ sealed }) => sealed)).toString("base64");
  const stale = await sql`
    with given as materialized (
      select row.*, substring(bytes from start for length) as sealed,
        exists (select from scope_keys where scope_keys.organization_id = row.organization_id
          and scope_keys.workspace_id = row.workspace_id and scope_keys.id = row.scope_key) as is_keyed
      from decode(${all}, 'base64') as bytes, json_to_recordset(${JSON.stringify(places)}::text::json) as row (organization_id text,
        hour timestamptz, id text, workspace_id text, scope_key text, request_ids text[], training_eligible boolean, start integer, length integer)),
    scopes as materialized (
      select * from (select distinct organization_id, workspace_id from given where is_keyed) as asked
      where not keeps_no_content(organization_id, workspace_id)),
    stored as (
      insert into contents (organization_id, hour, id, workspace_id, request_ids, training_eligible, sealed)
      select organization_id, hour, id, workspace_id, request_ids, training_eligible, sealed from given
        join scopes using (organization_id, workspace_id) where is_keyed
      on conflict do nothing
      returning organization_id, workspace_id, hour, cardinality(request_ids) as requests, length(sealed) as bytes),
    summed as (
      insert into content_sums as kept (organization_id, workspace_id, hour, requests, bytes)
      select organization_id, workspace_id, hour, sum(requests), sum(bytes) from stored group by 1, 2, 3 order by 1, 2, 3
      on conflict (organization_id, workspace_id, hour) do update
        set requests = kept.requests + excluded.requests, bytes = kept.bytes + excluded.bytes)
    select from given where not is_keyed`;
  if (stale.length === 0) return;
  keys.forget();
  throw new Fault("A workspace's key was destroyed while content was sealed under it.");
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

type Row = NonNullable<Awaited<ReturnType<typeof rowOf>>>;

/** Compressing and sealing once for the group spares every request its own, and the database most of the bytes. */
async function rowOf(keys: ScopeKeys, group: Content[]) {
  const [first] = group;
  if (!first) throw new Error("A group of contents is never empty.");
  const { organizationId, workspaceId, requestId, at } = first;
  const hour = hourOf(at);
  // Of a workspace that is gone nothing is kept.
  if (!(await keys.get(first))) return null;
  const [found, packed] = await Promise.all([keys.contentKey(first, hour), pack(group)]);
  if (!found) return unkeyed(hour, requestId);
  return {
    organization_id: organizationId,
    id: requestId,
    workspace_id: workspaceId,
    scope_key: found.id,
    request_ids: group.map(({ requestId }) => requestId),
    hour: startOfHour(hour).toISOString(),
    training_eligible: first.trainingEligible,
    sealed: sealContent(found.key, hour, packed, labelOf(first, requestId)),
  };
}

/** An hour has no key when its thirty days are over; one that is yet to come has to have its own. */
function unkeyed(hour: number, request: string): null {
  if (hour > hourOf(now()) - contentHours)
    logError("meter.contents", new Fault("The keyring has no key for this hour. Nothing was kept."), { request });
  return null;
}

type Place = { organizationId: Id<"organization">; workspaceId: Id<"workspace"> };

const labelOf = (place: Place, id: string): string => `${ownerOf(place)} ${id}`;

type Lying = { id: string; sealed: Buffer };

/** A row as it was packed; throws once a key is gone that sealed it. */
export async function openPack(keys: ScopeKeys, place: Place, { id, sealed }: Lying): Promise<Buffer> {
  const hour = hourSealed(sealed);
  // Before hours had keys, the installation's own sealed everything.
  if (hour === null) return open(sealed, id);
  const found = await keys.contentKey(place, hour);
  if (!found) throw new Fault("The key of this hour is gone.");
  return openSealedContent(found.key, sealed, labelOf(place, id));
}

/** The requests of a row by their ids, as they were asked and answered. */
export const openContent = async (keys: ScopeKeys, place: Place, row: Lying) =>
  unpack(await openPack(keys, place, row));
