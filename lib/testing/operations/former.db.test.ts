import fs from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { testDatabase } from "#db/testing.ts";
import { type Permission, permissions } from "#lib/core/access/permissions.ts";
import { permissionsOf, rolePermissions } from "#lib/core/access/roles.ts";
import { permissionsUnder } from "#lib/core/access/status.ts";
import { testWorld } from "#lib/testing/world.ts";
import { everyCommand } from "./every-command.ts";
import { queryOperations } from "./operations.ts";

const { db, sql } = await testDatabase();

/** Everything a person could ever be in an organization and a workspace, once the contract is over. */
const left = permissionsUnder(
  "terminated",
  permissionsOf(rolePermissions, ["organization_admin", "billing_manager", "workspace_admin", "dev"]),
);

function filesIn(folder: string, isOne: (name: string) => boolean): [name: string, text: string][] {
  const names = fs.readdirSync(folder, { recursive: true, encoding: "utf8" }).filter(isOne);
  return names.map((name) => [name, fs.readFileSync(path.join(folder, name), "utf8")]);
}

const isPermission = (name: string): name is Permission => name in permissions;

/** The first permission a door in this text asks for. */
function askedBy(text: string): Permission {
  const asked = /\bcan: "([\w.-]+)"/.exec(text)?.[1] ?? "";
  if (!isPermission(asked)) throw new Error("A page that asks for no permission.");
  return asked;
}

test("help-zdr 34, contract 29, T-4.2.3-DEL3: of every page of the console a former customer gets Help, billing, the audit log, its agreement and privacy", () => {
  const signposts = ["page.tsx"];
  const pages = filesIn("app/(console)/[workspace]", (name) => path.basename(name) === "page.tsx");
  const reached = pages.filter(([name, text]) => !signposts.includes(name) && left.has(askedBy(text)));
  const areas = reached.map(([name]) =>
    name
      .replace(/\(\w+\)\//g, "")
      .split("/")
      .slice(0, name.startsWith("o") ? 2 : 1),
  );
  expect([...new Set(areas.map((parts) => parts.join("/")))].toSorted()).toEqual([
    "help",
    "organization/audit",
    "organization/billing",
    "organization/contract",
    "organization/privacy",
    "organization/suspension",
  ]);
  expect(pages.length - reached.length).toBeGreaterThan(30);
  // None of them fails for want of another permission: what asks for one is loaded for those who have it.
  const failing = reached.flatMap(([name, text]) =>
    queriesIn(text)
      .filter((query) => {
        const asked = queryOperations[query]?.can;
        return asked !== undefined && !left.has(asked) && !text.includes(`can(ctx.actor, "${asked}")`);
      })
      .map((query) => `${name}: ${query}`),
  );
  expect(failing).toEqual([]);
});

const queriesIn = (text: string): string[] =>
  [...text.matchAll(/import \{([^}]*)\} from "#lib\/[^"]*\/queries.ts"/g)].flatMap(([, names = ""]) =>
    names.split(",").map((one) => one.trim()),
  );

test("help-zdr 34, contract 29, T-4.2.3-DEL3: of every change a former customer can make those of Help, of bills and of appeals", async () => {
  const commands = (await everyCommand()).filter(([, { within }]) => within !== "account");
  const possible = commands.filter(([, { can }]) => left.has(can));
  const nouns = possible.map(([, { can }]) => can);
  expect([...new Set(nouns)].toSorted()).toEqual([
    "account.manage",
    "billing.write",
    "contract.export",
    "contract.resume",
    "contract.terminate",
    "help.write",
    "help.write-organization",
    "organization.read",
    "suspensions.appeal",
  ]);
  // What is not a way in: steps of doors and of other commands.
  const steps = possible
    .filter(([, { can }]) => can.endsWith(".read") || can.startsWith("account"))
    .map(([name]) => name);
  expect(steps.toSorted()).toEqual(["agree", "agreeByUse", "lockOrganization", "noteFirstUse", "passOnOrphans"]);
  expect(commands.length - possible.length).toBeGreaterThan(60);
});

async function problemOf(work: () => Promise<unknown>): Promise<string | null> {
  try {
    await work();
    return null;
  } catch (error) {
    return (error as { problem?: string }).problem ?? String(error);
  }
}

test("help-zdr 34, contract 29, T-4.2.3-DEL3: every query of anything else refuses a former customer", async () => {
  const world = await testWorld(db, sql);
  const [place] = world.places;
  const person = world.people.find(({ organizationId }) => organizationId === place?.organizationId);
  if (!place || !person) throw new Error("The world has no place.");
  const ctx = { ...person, actor: { ...person.actor, permissions: left } };
  const wrong: string[] = [];
  for (const [name, operation] of Object.entries(queryOperations)) {
    const problem = await problemOf(async () => operation.run(ctx, place));
    if (operation.isChoosy && left.has(operation.can)) continue;
    if (left.has(operation.can) ? problem === "forbidden" : problem !== "forbidden") wrong.push(`${name}: ${problem}`);
  }
  expect(wrong).toEqual([]);
});

test("help-zdr 34, contract 29, T-4.2.3-DEL3: of the admin API a former customer gets tickets, receipts, billing, its agreement with its deadlines and the audit log", () => {
  const texts = filesIn("server/v1/admin", (name) => name.endsWith(".ts") && !name.includes(".test."));
  const asked = texts.flatMap(([, text]) => [...text.matchAll(/\bcan: "([\w.-]+)"/g)].map(([, name = ""]) => name));
  const open = [...new Set(asked)].filter((name) => isPermission(name) && left.has(name));
  expect(open.toSorted()).toEqual([
    "audit.read-organization",
    "billing.read",
    "contract.read",
    "help.read",
    "privacy.read",
  ]);
});
