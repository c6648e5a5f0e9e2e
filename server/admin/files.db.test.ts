import { expect, test } from "vitest";
import { newId } from "#db/id.ts";
import { testDatabase } from "#db/testing.ts";
import { addDays } from "#lib/core/clock.ts";
import { storage } from "#lib/core/storage/storage.ts";
import { keepBlob } from "#lib/domain/files/blobs/commands.ts";
import { receiveBytes } from "#lib/domain/files/contents/commands.ts";
import { blobPlace } from "#lib/domain/retention/blobs/rules.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { systemContext } from "#server/system-context.ts";
import { fileCommands } from "./files.ts";

const { db } = await testDatabase();

async function run(name: string) {
  const outcome = await fileCommands.find((command) => command.name === name)?.run?.(systemContext("test"), {});
  if (!outcome) throw new Error(`There is no ${name}.`);
  return { ...outcome, text: outcome.lines.join("\n") };
}

test("fine-tuning 45: contents whose bytes are gone are named and fail; objects of nothing go once they are 48 hours old", async () => {
  const ctx = await testWorkspace(db);
  const { organizationId } = ctx;
  const keep = async (text: string) => {
    const id = await keepBlob(ctx, await receiveBytes(ctx, [Buffer.from(text)]));
    return { id, place: blobPlace(organizationId, id) };
  };
  const [whole, gone] = [await keep("whole"), await keep("gone")];
  expect(await run("files verify")).toMatchObject({ failed: false });
  const lost = (days: number) => blobPlace(organizationId, newId("blob", addDays(ctx.now, -days)));
  const [old, young] = [lost(3), lost(1)];
  for (const place of [old, young]) await storage().write(place, [Buffer.from("lost")]);
  await storage().remove(gone.place);

  const told = await run("files verify");
  expect(told).toMatchObject({ failed: true, result: { missing: [{ organizationId, id: gone.id }], orphans: 2 } });
  expect(told.text).toContain(`MISSING  ${organizationId}  ${gone.id}`);
  expect(await run("files sweep")).toMatchObject({ result: { objects: 1, parts: 0 } });
  expect(await Promise.all([old, young, whole.place].map((place) => storage().size(place)))).toEqual([
    null,
    expect.any(Number),
    expect.any(Number),
  ]);
  expect(await run("files sweep")).toMatchObject({ result: { objects: 0, parts: 0 } });
});
