import { expect, test } from "vitest";
import { uuidOf } from "#db/id.ts";
import { createAdminKey } from "#lib/domain/admin-keys/commands.ts";
import { type Place, testWorld } from "#lib/testing/world.ts";
import { ask, db, sql } from "./testing.ts";

const world = await testWorld(db, sql);
const admins = world.people.filter(({ isWide }) => isWide);
const keys = await Promise.all(
  admins.map(async (admin) => ({
    organizationId: admin.organizationId,
    secret: (await createAdminKey(admin, { name: "fuzz", access: "write", expires: null })).secret,
  })),
);
const { body: document } = await ask("/v1/openapi.json");

type Route = { method: string; path: string };
const routes: Route[] = Object.entries<Record<string, { security: object[] }>>(document.paths).flatMap(
  ([path, operations]) =>
    Object.entries(operations)
      .filter(([, { security }]) => JSON.stringify(security) === '[{"admin":[]}]')
      .map(([method, _]) => ({ method: method.toUpperCase(), path })),
);

/** Every kind of thing a place has, by the id a program would name it with. */
const namesOf = (place: Place): string[] =>
  [place.person, place.workspaceId, place.key, place.invitation, place.group, place.organizationId, place.ticket].map(
    uuidOf,
  );

/** A body that would do something, were what it names one's own. */
const bodyOf = ({ path }: Route, place: Place): object => ({
  role_names: ["member"],
  email: "fuzz@example.com",
  name: "fuzz",
  amount: 1,
  origins: ["https://fuzz.example"],
  kind: "question",
  subject: "fuzz",
  body: "fuzz",
  admin_user_id: uuidOf(place.person),
  user_id: uuidOf(place.person),
  workspace_uuid: uuidOf(place.workspaceId),
  workspace_uuids: [uuidOf(place.workspaceId)],
  members: [{ user_uuid: uuidOf(place.person), ...(path.endsWith("remove-users") ? {} : { role: "M" }) }],
});

/** The rows others have in their audit log, which has one for every change. */
const changesOf = async (others: readonly Place[]) => {
  const ids = [...new Set(others.map((place) => place.organizationId))];
  const rows =
    await sql`select organization_id, count(*)::int from audit_events where organization_id = any(${ids}) group by 1 order by 1`;
  return rows.map((row) => ({ ...row }));
};

/** One route, asked with everything a place of others has. */
async function attempt(
  route: Route,
  place: Place,
  key: string,
): Promise<{ name: string; status: number; said: string }[]> {
  const found = [];
  const asked = `workspace_id=${uuidOf(place.workspaceId)}&actor_user_uuid=${uuidOf(place.person)}`;
  const body = route.method === "GET" ? {} : { body: bodyOf(route, place) };
  for (const name of route.path.includes("{") ? namesOf(place) : [""]) {
    const path = `${route.path.replace(/\{\w+\}/, name)}?${asked}`;
    const answer = await ask(path, { method: route.method, key, ...body });
    found.push({ name, status: answer.status, said: JSON.stringify(answer.body) });
  }
  return found;
}

const wordsOf = (others: readonly Place[]): string[] =>
  others.flatMap(({ organizationId }) => [
    organizationId,
    uuidOf(organizationId),
    world.canaries.get(organizationId) ?? organizationId,
  ]);

test("every address of the admin API, with every id of others in path and body, tells and changes nothing of theirs", async () => {
  expect(routes.length).toBeGreaterThan(20);
  let tries = 0;
  for (const { organizationId, secret } of keys) {
    const others = world.places.filter((place) => place.organizationId !== organizationId);
    const before = await changesOf(others);
    for (const [route, place] of routes.flatMap((route) => others.map((place) => [route, place] as const))) {
      for (const { name, status, said } of await attempt(route, place, secret)) {
        tries++;
        expect({ ...route, told: wordsOf(others).filter((word) => said.includes(word)) }).toEqual({
          ...route,
          told: [],
        });
        expect({ ...route, name, isRight: name === "" ? status < 500 : status === 404 }).toEqual({
          ...route,
          name,
          isRight: true,
        });
      }
    }
    expect(await changesOf(others)).toEqual(before);
  }
  expect(tries).toBeGreaterThan(500);
}, 120_000);
