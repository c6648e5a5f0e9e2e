import { afterAll, expect, test } from "vitest";
import { connect } from "#db/pool.ts";
import { testDatabase } from "#db/testing.ts";
import { testWire } from "#db/testing-wire.ts";
import { openChangeFeed } from "./change-feed.ts";

const { sql, url } = await testDatabase();
const wire = await testWire(url);
const own = connect(wire.url, 2);
afterAll(async () => {
  await own.sql.end({ timeout: 0 });
  await wire.close();
});

for (const [how, lose] of [
  ["was cut off", () => wire.cut()],
  ["fell silent", () => wire.silence()],
] as const) {
  test(`after the database ${how} for a while, changes are heard again`, async () => {
    const feed = await openChangeFeed(own.sql);
    const heard: string[] = [];
    let forgotten = 0;
    feed.subscribe({ tell: (message) => heard.push(message), forget: () => forgotten++ });
    await expect.poll(() => feed.isTrusted()).toBe(true);
    lose();
    await expect.poll(() => feed.isTrusted(), { timeout: 5000 }).toBe(false);
    const before = wire.opened();
    await expect.poll(wire.opened, { timeout: 10_000 }).toBeGreaterThan(before);
    wire.mend();
    await expect.poll(() => feed.isTrusted(), { timeout: 15_000 }).toBe(true);
    expect(forgotten).toBeGreaterThan(0);
    await sql.notify("gate", "key:one");
    await expect.poll(() => heard).toContain("key:one");
    await feed.close();
  });
}
