import { expect, test } from "vitest";
import { testDatabase } from "#db/testing.ts";
import { operatorOf } from "#lib/testing/orders.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { loadCatalogue } from "./catalogue.ts";
import { publishCatalogue } from "./commands.ts";
import { newsLines } from "./rules.ts";

const { db } = await testDatabase();
const ctx = await testWorkspace(db);

type Said = { aliases?: string[]; input?: bigint; training?: bigint };
const said = (id: string, { aliases = [], input = 100_000n, training }: Said = {}) => ({
  upstream: "u",
  model: {
    ...{ id, description: "", aliases, capabilities: {}, maxContextLength: 1 },
    price: { input, cachedInput: 10_000n, output: 300_000n, training },
  },
});
const start = async (...models: ReturnType<typeof said>[]) => publishCatalogue(operatorOf(db, ctx), models as never);
const nothing = { unserved: [], prices: [], names: [] };
const named = async (name: string) => (await loadCatalogue(db, operatorOf(db, ctx).now)).byName.get(name);

test("contract 19, T-4.2.1-DISC4: the configuration adds names, and neither moves nor removes one that stands for a model", async () => {
  expect(await start(said("old", { aliases: ["latest", "gone"] }))).toEqual(nothing);
  const news = await start(said("old", { aliases: ["new"] }), said("newer", { aliases: ["latest", "old"] }));
  expect(news).toEqual({ ...nothing, names: ["latest"] });
  for (const name of ["latest", "gone", "new", "old"]) expect((await named(name))?.id).toBe("old");
  // A model that comes under such a name would take it away as well.
  expect((await start(said("old"), said("newer"), said("latest"))).names).toEqual(["latest"]);
  expect((await named("latest"))?.id).toBe("old");
});

test("contract 19, T-7-SUB: a price in the configuration holds for a model that has none yet", async () => {
  await start(said("priced"), said("old"), said("newer"));
  const news = await start(said("priced", { input: 200_000n }), said("old"), said("newer"));
  expect(news).toEqual({ ...nothing, prices: ["priced"] });
  expect((await named("priced"))?.price?.inputMicros).toBe(100_000n);
  expect(await start(said("priced", { training: 5n }), said("old"), said("newer"))).toEqual(nothing);
  const dearer = await start(said("priced", { training: 6n }), said("old"), said("newer"));
  expect(dearer.prices).toEqual(["priced"]);
});

test("contract 19, T-4.2.1-DISC1: what is missing is told at each start, with what ends it", async () => {
  await start(said("old"), said("newer"), said("priced"));
  await start(said("old"), said("newer"));
  const news = await start(said("old"), said("newer"));
  expect(news.unserved).toEqual(["priced"]);
  expect(newsLines(news).join()).toMatch(/admin -- model announce --model priced/);
});
