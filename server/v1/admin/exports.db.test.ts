import { afterAll, beforeAll, expect, test } from "vitest";
import { createAdminKey } from "#lib/domain/admin-keys/commands.ts";
import { Exports } from "#lib/testing/exports.ts";
import { ask, db, sql } from "./testing.ts";

const exports = new Exports(db, sql);
beforeAll(() => exports.start());
afterAll(() => exports.close());

test("contract 42: programs read which files of usage are where, page by page, and none of another organization's", async () => {
  await exports.begin();
  const id = await exports.connectBucket();
  await exports.use(3);
  await exports.write(id, 60);
  const { secret: key } = await createAdminKey(exports.ctx, { name: "Warehouse", access: "read", expires: null });
  const { status, body } = await ask("/v1/admin/exports", { key });
  expect(status).toBe(200);
  const [file] = exports.files;
  expect(body).toMatchObject({
    has_more: false,
    items: [
      { object: "usage_export", connection_id: id, name: file?.replace("comptoir/", ""), state: "written", events: 3 },
    ],
  });
  expect((await ask("/v1/admin/exports?page=2", { key })).body.items).toEqual([]);
  await exports.begin();
  const { secret: other } = await createAdminKey(exports.ctx, { name: "Other", access: "read", expires: null });
  expect((await ask("/v1/admin/exports", { key: other })).body.items).toEqual([]);
});
