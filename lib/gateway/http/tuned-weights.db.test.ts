import { afterAll, expect, test } from "vitest";
import { newId } from "#db/id.ts";
import { tunedModels } from "#db/schema/tuned-models.ts";
import { testDatabase } from "#db/testing.ts";
import { now } from "#lib/core/clock.ts";
import { parse } from "#lib/core/env.ts";
import type { Engines } from "#lib/engine/engines.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { type DataPlane, openDataPlane } from "./data-plane.ts";

const { db, sql } = await testDatabase();
const planes: DataPlane[] = [];
afterAll(async () => {
  await Promise.all(planes.map((plane) => plane.close()));
});

/** A process as far as it forgets. */
async function openProcess(): Promise<(string | null)[]> {
  const forgotten: (string | null)[] = [];
  const engines: Engines = {
    of: () => undefined,
    quiet: () => undefined,
    health: () => [],
    listen: () => undefined,
    forget: (id) => forgotten.push(id),
    close: async () => undefined,
  };
  planes.push(await openDataPlane(sql, parse({ ...process.env }), engines));
  return forgotten;
}

test("fine-tuning 24, T-4.2.3-DEL1: every process drops the weights of a model that is deleted, and of no other", async () => {
  const { organizationId, workspaceId, actor } = await testWorkspace(db);
  const jobId = newId("tuningJob", now());
  const model = (id: string) => ({
    ...{ organizationId, workspaceId, id, jobId, step: 1, root: "tiny-chat-1", model: "tiny-chat-1" },
    ...{ kind: "embedded" as const, state: "active" as const, visibility: "workspace" as const },
    ...{ ownerId: actor.id as never, createdAt: now(), updatedAt: now() },
  });
  const [gone, stays] = [`ft:tiny-chat-1:gone:${jobId}`, `ft:tiny-chat-1:stays:${jobId}`];
  await db.insert(tunedModels).values([model(gone), model(stays)]);
  const processes = [await openProcess(), await openProcess()];
  await sql`update tuned_models set name = 'another' where id = ${stays}`;
  await sql`delete from tuned_models where id = ${gone}`;
  for (const forgotten of processes) {
    await expect.poll(() => forgotten).toContain(gone);
    expect(forgotten).not.toContain(stays);
  }
});
