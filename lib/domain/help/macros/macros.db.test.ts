import { expect, test } from "vitest";
import { testDatabase } from "#db/testing.ts";
import { now } from "#lib/core/clock.ts";
import { staffAt } from "#lib/testing/billing.ts";
import { retireMacro, saveMacro } from "./commands.ts";
import { saveMacroInput } from "./input.ts";
import { macrosInUse } from "./queries.ts";

const { sql } = await testDatabase();
const given = (more: object) =>
  saveMacroInput.parse({ name: "Hello", body: "Hello {{name}}.", state: "waiting", ...more });

test("a change is a new version, the old ones stay, and a retired macro cannot be chosen or changed", async () => {
  const support = staffAt("support", now());
  const macroId = await saveMacro(support, given({ macroId: "" }));
  await saveMacro(support, given({ macroId, body: "Good day {{name}}.", state: "resolved", note: "For thanks." }));
  await saveMacro(support, given({ name: "Another" }));
  expect((await macrosInUse(support)).map(({ name, version, body, note }) => ({ name, version, body, note }))).toEqual([
    { name: "Another", version: 1, body: "Hello {{name}}.", note: null },
    { name: "Hello", version: 2, body: "Good day {{name}}.", note: "For thanks." },
  ]);
  const both = await Promise.all([1, 2].map(() => saveMacro(support, given({ macroId }))));
  expect(both).toEqual([macroId, macroId]);
  await retireMacro(support, { macroId });
  expect((await macrosInUse(support)).map(({ name }) => name)).toEqual(["Another"]);
  await expect(saveMacro(support, given({ macroId }))).rejects.toMatchObject({ problem: "not_found" });
  const rows = await sql`select version from macros where id = ${macroId} order by version`;
  expect(rows.map(({ version }) => version)).toEqual([1, 2, 3, 4, 5]);
  for (const role of ["billing", "legal", "models"] as const)
    await expect(macrosInUse(staffAt(role, now()))).rejects.toMatchObject({ problem: "forbidden" });
});
