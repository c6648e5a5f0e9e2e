import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { testDatabase } from "#db/testing.ts";
import type { Context } from "#lib/core/context.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { keyOf, openV1 } from "./testing.ts";

const { db, sql } = await testDatabase();
const v1 = await openV1(sql);
afterAll(v1.close);

type Answer = { status: number; body: Record<string, never> & { [name: string]: unknown }; text: string };
type Ask = (method: string, path: string, body?: unknown) => Promise<Answer>;

const both = ["agents:use", "agents:write"] as const;

/** A program with a key of a person's, or with a service key. */
async function program(ctx: Context, scopes: readonly string[] = both): Promise<Ask> {
  const secret = await keyOf(ctx, { scopes: [...scopes] as never });
  return async (method, path, body) => {
    const response = await v1.send(secret, method, `/v1/agents${path}`, body);
    const text = await response.text();
    return { status: response.status, body: text ? JSON.parse(text) : {}, text };
  };
}

const french = { model: "small", name: "French teacher", instructions: "Answer in French." };

let owner: Context;
let ask: Ask;
beforeAll(async () => {
  owner = await testWorkspace(db);
  ask = await program(owner);
});

const made = async (fields: object = {}): Promise<string> => {
  const { body } = await ask("POST", "", { ...french, ...fields });
  return String(body.id);
};

describe("T-4.3-CREATE agents by programs", () => {
  test("a schema reads as it was written, its parts in their order", async () => {
    const properties = { zeta: { type: "string" }, alpha: { type: "string" }, m: { type: "object", b: 1, a: 2 } };
    const parameters = { type: "object", required: ["zeta"], properties };
    const tools = [{ type: "function", function: { name: "file", parameters } }];
    const { text } = await ask("GET", `/${await made({ tools, name: "Filer" })}`);
    expect(text).toContain(JSON.stringify(parameters));
  });

  test("what is made is published at once, and reads the same when it is asked for", async () => {
    const weather = { type: "function", function: { name: "weather", parameters: { type: "object" } } };
    const asked = { ...french, tools: [weather], completion_args: { temperature: 0.2 }, metadata: { team: "a" } };
    const { status, body } = await ask("POST", "", { ...asked, version_message: "First" });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      ...french,
      object: "agent",
      id: expect.stringMatching(/^ag_[0-9a-f]{32}$/),
      handle: "french-teacher",
      tools: [{ type: "function", function: { ...weather.function, description: "", strict: false } }],
      completion_args: { temperature: 0.2 },
      metadata: { team: "a" },
      handoffs: null,
      version: 0,
      versions: [0],
      version_message: "First",
      deployment_chat: true,
      source: "api",
    });
    expect(new Date(String(body.created_at)).toISOString()).toBe(body.created_at);
    expect((await ask("GET", `/${body.id}`)).body).toEqual(body);
    const [version] = await sql`select attested_at from agent_versions where agent_id = ${String(body.id)}`;
    expect(version?.attested_at).not.toBeNull();
  });

  test("a change is a new version: what is left out stays, null takes away", async () => {
    const id = await made({ description: "Teaches", metadata: { team: "b" } });
    const change = { instructions: "Answer in short French.", description: null, version_message: "Shorter" };
    const { body } = await ask("PATCH", `/${id}`, change);
    expect(body).toMatchObject({ version: 1, versions: [0, 1], version_message: "Shorter", metadata: { team: "b" } });
    expect(body).toMatchObject({ instructions: "Answer in short French.", description: null, model: "small" });
    expect((await ask("GET", `/${id}?agent_version=0`)).body).toMatchObject({ description: "Teaches", version: 0 });
  });

  test("a name is the agent's, and whether the chat offers it makes no version", async () => {
    const id = await made();
    const { body } = await ask("PATCH", `/${id}`, { deployment_chat: false });
    expect(body).toMatchObject({ deployment_chat: false, versions: [0] });
    const renamed = (await ask("PATCH", `/${id}`, { name: "Spanish teacher" })).body;
    expect(renamed).toMatchObject({ name: "Spanish teacher", handle: body.handle, version: 1 });
  });

  test("a change that is refused in its second half changes nothing", async () => {
    const id = await made();
    const { status } = await ask("PATCH", `/${id}`, { instructions: "New", handle: "support" });
    expect(status).toBe(400);
    expect((await ask("GET", `/${id}`)).body).toMatchObject({ ...french, versions: [0] });
  });

  test("fields no one knows, tools that are not offered and models that are not there are refused in words", async () => {
    for (const [wrong, status, words] of [
      [{ unheard: 1 }, 422, "not known here"],
      [{ tools: [{ type: "web_search" }] }, 422, "Only function tools"],
      [{ model: "none" }, 400, "no model none"],
      [{ name: "Support" }, 400, "taken for the provider"],
      [{ handoffs: [`ag_${"0".repeat(32)}`] }, 400, "hand over"],
    ] as const) {
      const answer = await ask("POST", "", { ...french, ...wrong });
      expect([answer.status, answer.body.message]).toEqual([status, expect.stringContaining(words)]);
    }
  });
});

describe("versions and aliases", () => {
  test("switch, list, find by number and by alias", async () => {
    const id = await made();
    await ask("PATCH", `/${id}`, { instructions: "Two" });
    expect((await ask("PATCH", `/${id}/version?version=0`)).body).toMatchObject({ version: 0, versions: [0, 1] });
    expect((await ask("GET", `/${id}/versions`)).text).toMatch(/"Two".*Answer in French/);
    expect((await ask("GET", `/${id}/versions?page=1&page_size=1`)).body).toMatchObject([{ version: 0 }]);
    expect((await ask("PUT", `/${id}/aliases?alias=production&version=1`)).body).toMatchObject({ version: 1 });
    expect((await ask("GET", `/${id}?agent_version=production`)).body).toMatchObject({ instructions: "Two" });
    expect((await ask("GET", `/${id}/versions/production`)).body).toMatchObject({ version: 1 });
    await ask("PUT", `/${id}/aliases?alias=production&version=0`);
    expect((await ask("GET", `/${id}/aliases`)).body).toMatchObject([{ alias: "production", version: 0 }]);
    expect(await ask("DELETE", `/${id}/aliases?alias=production`)).toMatchObject({ status: 204, text: "" });
    expect(await ask("GET", `/${id}?agent_version=production`)).toMatchObject({
      status: 404,
      body: { code: "agent_version_not_found" },
    });
  });

  test("a version that is not there cannot be switched to, and no alias can be called draft", async () => {
    const id = await made();
    expect((await ask("PATCH", `/${id}/version?version=9`)).status).toBe(404);
    expect((await ask("PATCH", `/${id}/version`)).status).toBe(422);
    expect((await ask("PUT", `/${id}/aliases?alias=draft&version=0`)).status).toBe(422);
    expect((await ask("PUT", `/${id}/aliases?alias=A&version=0`)).status).toBe(422);
  });
});

describe("lists", () => {
  test("every filter finds what it says, page by page and by tokens", async () => {
    const place = await testWorkspace(db);
    const other = await program(place);
    for (const [name, metadata] of [
      ["Alpha", { team: "x", at: 1 }],
      ["Beta", {}],
      ["Gamma", { team: "x" }],
    ] as const) {
      await other("POST", "", { ...french, name, metadata });
    }
    const named = async (query: string) => {
      const { body } = await other("GET", query);
      return (body as unknown as { name: string }[]).map(({ name }) => name);
    };
    expect(await named("")).toEqual(["Alpha", "Beta", "Gamma"]);
    expect(await named("?page=1&page_size=2")).toEqual(["Gamma"]);
    expect(await named("?search=ET")).toEqual(["Beta"]);
    expect(await named("?name=Alpha")).toEqual(["Alpha"]);
    expect(await named("?sources=api&sources=playground")).toHaveLength(3);
    expect(await named("?sources=playground")).toEqual([]);
    expect(await named("?deployment_chat=false")).toEqual([]);
    expect(await named(`?metadata=${encodeURIComponent('{"team":"x"}')}`)).toEqual(["Alpha", "Gamma"]);
    expect((await other("GET", "?metadata=1")).status).toBe(422);

    const first = (await other("GET", "/pages?page_size=2")).body;
    expect(first).toMatchObject({ object: "list", data: [{ name: "Alpha" }, { name: "Beta" }] });
    const second = (await other("GET", `/pages?page_size=2&page_token=${first.next_page_token}`)).body;
    expect(second).toMatchObject({ data: [{ name: "Gamma" }], next_page_token: null });
    expect(await other("GET", "/pages?page_token=none")).toMatchObject({ status: 400 });
  });
});

describe("who", () => {
  test("T-4.3-SHARE3 what is not shared is not there, for anything that can be asked", async () => {
    const id = await made();
    await sql`update agents set visibility = 'restricted' where id = ${id}`;
    const stranger = await program(await testWorkspace(db, { within: owner, roles: ["dev"] }));
    const asked: [string, string, object?][] = [
      ["GET", `/${id}`],
      ["PATCH", `/${id}`, { name: "Mine" }],
      ["DELETE", `/${id}`],
      ["GET", `/${id}/versions`],
      ["GET", `/${id}/versions/0`],
      ["PATCH", `/${id}/version?version=0`],
      ["GET", `/${id}/aliases`],
      ["PUT", `/${id}/aliases?alias=a&version=0`],
      ["DELETE", `/${id}/aliases?alias=a`],
    ];
    const never = `ag_${"0".repeat(32)}`;
    for (const [method, path, body] of asked) {
      const hidden = await stranger(method, path, body);
      expect(hidden).toMatchObject({ status: 404, body: { code: "agent_not_found" } });
      expect(hidden.text).toBe((await stranger(method, path.replace(id, never), body)).text);
    }
    expect((await stranger("GET", "?page_size=1000")).text).not.toContain(id);
    expect((await stranger("GET", "/pages?page_size=1000")).text).not.toContain(id);
  });

  test("T-4.3-OWN another customer's agents are not there, whatever they are called", async () => {
    const id = await made();
    const customer = await program(await testWorkspace(db));
    expect((await customer("GET", `/${id}`)).status).toBe(404);
    expect((await customer("POST", "", { ...french, handle: "french-teacher" })).status).toBe(200);
  });

  test("a key does what its scopes say and no more", async () => {
    const id = await made();
    const looker = await program(owner, ["agents:use"]);
    expect((await looker("GET", `/${id}`)).status).toBe(200);
    for (const [method, path] of [
      ["POST", ""],
      ["PATCH", `/${id}`],
      ["DELETE", `/${id}`],
    ] as const) {
      const body = method === "DELETE" ? undefined : french;
      expect((await looker(method, path, body)).status).toBe(403);
    }
    const stranger = await program(owner, ["completions:create"]);
    expect((await stranger("GET", `/${id}`)).status).toBe(403);
  });

  test("T-4.3-DEL1 a deleted agent is gone at once with its versions, and says so to who knew of it", async () => {
    const id = await made();
    expect(await ask("DELETE", `/${id}`)).toMatchObject({ status: 204, text: "" });
    expect(await ask("GET", `/${id}`)).toMatchObject({ status: 404, body: { code: "agent_deleted" } });
    expect((await ask("GET", "?page_size=1000")).text).not.toContain(id);
    expect(await sql`select 1 from agent_versions where agent_id = ${id}`).toHaveLength(0);
  });

  test("T-4.2.2.2-ZDR4 an organization under zero retention has none of it", async () => {
    const place = await testWorkspace(db);
    const before = await program(place);
    const { id } = (await before("POST", "", french)).body;
    await sql`update organizations set zero_retention_since = now() where id = ${place.organizationId}`;
    // A key is known for a moment; one that is made now is not known yet.
    const after = await program(place);
    for (const [method, path] of [
      ["POST", ""],
      ["GET", ""],
      ["GET", "/pages"],
      ["GET", `/${id}`],
      ["DELETE", `/${id}`],
    ] as const) {
      const body = method === "POST" ? french : undefined;
      expect(await after(method, path, body)).toMatchObject({ status: 403, body: { code: "zdr_incompatible" } });
    }
  });
});
