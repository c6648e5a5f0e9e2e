import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import type postgres from "postgres";
import { Canaries } from "./canaries.ts";

type Leak = { place: string; words: Canaries; undo?: () => void };
type Where = { sql: postgres.Sql; folder: string; organizationId: string; workspaceId: string };

/** Leaves a word of its own in every place that content could be left in, as a fault of the product would. */
export async function leaks({ sql, folder, organizationId, workspaceId }: Where): Promise<Leak[]> {
  const inDatabase: Record<string, (word: string, tx: postgres.TransactionSql) => Promise<unknown>> = {
    contents: (
      word,
      tx,
    ) => tx`insert into contents (organization_id, hour, id, workspace_id, request_ids, training_eligible, sealed)
      values (${organizationId}, date_trunc('hour', now(), 'UTC'), 'req_leak', ${workspaceId}, array['req_leak'], false, ${Buffer.from(word)})`,
    "name of a conversation": (
      word,
      tx,
    ) => tx`insert into conversations (organization_id, id, workspace_id, owner_id, unsealed, model, created_at, updated_at)
      values (${organizationId}, 'conv_leak', ${workspaceId}, 'usr_leak', ${tx.json({ name: word })}, 'm', now(), now())`,
    "end user of a request": (word, tx) => tx`update usage_events set end_user = ${word}
      where organization_id = ${organizationId} and id = (select id from usage_events where organization_id = ${organizationId} limit 1)`,
    "sum by end user": (word, tx) =>
      tx`update usage_sums set value = ${word} where ctid = (select ctid from usage_sums where organization_id = ${organizationId} limit 1)`,
    "journal of requests": (word, tx) =>
      tx`insert into usage_journal (lessee_id, seq, events, problem) values ('leak', 0, ${word}, 'leak')`,
    "audit log": (word, tx) => tx`update audit_events set after = ${tx.json({ name: word })}
      where organization_id = ${organizationId} and id = (select id from audit_events where organization_id = ${organizationId} limit 1)`,
    job: (word, tx) =>
      tx`select enqueue_job('test.leak', ${JSON.stringify({ prompt: word })}::text::json, null, 1, now() + interval '1 day', null)`,
    "error of a job": (word, tx) => tx`update graphile_worker._private_jobs set last_error = ${word}
      where id = (select max(id) from graphile_worker._private_jobs)`,
    letter: (word, tx) => tx`update letters set text = ${word} where ctid = (select ctid from letters limit 1)`,
    "webhook event": (word, tx) => tx`insert into webhook_events (organization_id, id, type, data, at)
      values (${organizationId}, 'evt_leak', 'limit.reached', ${tx.json({ name: word })}, now())`,
    "compressed by the database": (
      word,
      tx,
    ) => tx`update organizations set name = repeat('what was asked is ', 300) || ${word} || repeat(' and what was answered', 300)
      where id = ${organizationId}`,
    "database without a commit": async (word, tx) => {
      await tx`savepoint undone`;
      await tx`update organizations set name = ${word} where id = ${organizationId}`;
      await tx`rollback to savepoint undone`;
    },
  };
  const found: Leak[] = [];
  for (const [place, plant] of Object.entries(inDatabase)) {
    const words = new Canaries();
    await sql.begin(async (tx) => {
      // Past the triggers that would refuse it.
      await tx`set local session_replication_role = replica`;
      await plant(words.next(), tx);
    });
    found.push({ place, words });
  }
  return [...found, ...inFiles(folder)];
}

const inBase64 = (word: string, shift: number): string =>
  Buffer.concat([Buffer.alloc(shift, "a"), Buffer.from(`${word} and more`)]).toString("base64");

/** In files of every kind, and in every form. */
function inFiles(folder: string): Leak[] {
  const made = (place: string, file: string, form: (word: string) => string | Buffer = (word) => word): Leak => {
    const words = new Canaries();
    const isThere = fs.existsSync(file);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.appendFileSync(file, form(words.next()));
    return isThere ? { place, words } : { place, words, undo: () => fs.rmSync(file) };
  };
  const at = (name: string) => path.join(folder, name);
  return [
    made("log of the server", at("output.log"), (word) => `{"level":"error","error":"${word}"}\n`),
    made("file of the folder", at("engine/leak.bin")),
    made("cache of the pages", path.resolve(".next/cache/leak")),
    made("temporary file", path.join(os.tmpdir(), `leak-${process.pid}`)),
    made("hexadecimal", at("leak.hex"), (word) => Buffer.from(word).toString("hex")),
    made("UTF-16", at("leak.utf16"), (word) => Buffer.from(word, "utf16le")),
    ...[0, 1, 2].map((shift) =>
      made(`base 64, shifted by ${shift}`, at(`leak.base64-${shift}`), (word) => inBase64(word, shift)),
    ),
  ];
}
