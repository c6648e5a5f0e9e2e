import { expect, test } from "vitest";
import { entitlements, hasRoomFor } from "#lib/domain/organizations/plan/rules.ts";
import { inviteFormInput } from "./input.ts";
import { stateOf } from "./rules.ts";

const now = new Date("2026-03-29T01:30:00Z");
const at = (text: string) => new Date(text);
const waiting = { acceptedAt: null, revokedAt: null, expiresAt: at("2026-03-30T00:00:00Z") };

test.each([
  ["open", waiting],
  ["expired", { ...waiting, expiresAt: now }],
  ["accepted", { ...waiting, acceptedAt: now, expiresAt: now }],
  ["revoked", { ...waiting, revokedAt: now }],
] as const)("an invitation is %s", (state, invitation) => {
  expect(stateOf(invitation, now)).toBe(state);
});

test.each([
  ["free", 2, 1, true],
  ["free", 3, 1, false],
  ["free", 1, 3, false],
  ["free", 3, 0, true],
  ["paid", 5000, 1, true],
  ["order", 5000, 1, true],
] as const)("the plan %s with %i people has room for %i more: %s", (plan, people, more, hasRoom) => {
  expect(hasRoomFor(entitlements[plan].membersMax, people, more)).toBe(hasRoom);
});

const workspace = "ws_01m84fn4h62h0cajn6mfnfw14p";
const read = (sent: object) => inviteFormInput.safeParse({ emails: "ada@example.com", ...sent });

test("addresses come one a line or with commas, each once, in small letters", () => {
  const parsed = read({
    emails: "Ada@example.com,\n ben@example.com; ADA@example.com",
    workspaces: workspace,
    workspaceRoles: "dev",
  });
  expect(parsed.data).toMatchObject({
    emails: ["ada@example.com", "ben@example.com"],
    roles: ["member"],
    grants: [{ workspaceId: workspace, roles: ["dev"] }],
  });
});

test.each([
  ["no address", { emails: " ", workspaces: workspace, workspaceRoles: "dev" }, "emails"],
  ["something that is none", { emails: "ada", workspaces: workspace, workspaceRoles: "dev" }, "emails"],
  [
    "more than twenty",
    { emails: Array.from({ length: 21 }, (_, i) => `a${i}@example.com`), workspaces: workspace, workspaceRoles: "dev" },
    "emails",
  ],
  ["workspaces without a role", { workspaces: workspace }, "workspaceRoles"],
  ["no workspace", {}, "workspaces"],
])("an invitation with %s is refused", (_name, sent, field) => {
  const parsed = read(sent);
  expect(parsed.error?.issues.map(({ path }) => path[0])).toContain(field);
});

test("an organization admin needs no workspace: all are open to them", () => {
  expect(read({ roles: "organization_admin" }).success).toBe(true);
});
