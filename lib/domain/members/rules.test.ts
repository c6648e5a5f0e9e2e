import { expect, test } from "vitest";
import type { MemberRole, WorkspaceRole } from "#lib/core/access/roles.ts";
import { rolesInput } from "./input.ts";
import { heirOf, leavesNoAdmin } from "./rules.ts";

const person = (userId: string, ...roles: MemberRole[]) => ({ userId, roles });

test.each([
  ["the only admin leaves", [person("a", "organization_admin"), person("b", "member")], "a", [], true],
  ["the only admin becomes a billing manager", [person("a", "organization_admin")], "a", ["billing_manager"], true],
  ["the only admin stays one", [person("a", "organization_admin")], "a", ["organization_admin"], false],
  ["one of two admins leaves", [person("a", "organization_admin"), person("b", "organization_admin")], "a", [], false],
  ["a member leaves", [person("a", "organization_admin"), person("b", "member")], "b", [], false],
  ["somebody leaves an organization without any admin", [person("b", "member")], "b", [], false],
] as const)("an organization keeps an admin when %s", (_name, members, who, becoming, isRefused) => {
  expect(leavesNoAdmin(members, who, becoming)).toBe(isRefused);
});

test("everyone is a member, whatever else they are; the order is always the same", () => {
  const user = "usr_01m84fn4h62h0cajn6mfnfw14p";
  const read = (roles: unknown) => rolesInput.parse({ user, roles }).roles;
  expect(read(undefined)).toEqual(["member"]);
  expect(read("billing_manager")).toEqual(["member", "billing_manager"]);
  expect(read(["organization_admin", "billing_manager"])).toEqual(["member", "billing_manager", "organization_admin"]);
  expect(rolesInput.safeParse({ user, roles: "owner" }).success).toBe(false);
});

const candidate = (userId: string, day: number, roles: MemberRole[], workspaceRoles: WorkspaceRole[]) => ({
  userId: `usr_${userId}` as const,
  roles,
  workspaceRoles,
  since: new Date(Date.UTC(2026, 0, day)),
});

test("what a person leaves behind goes to the workspace's longest-serving admin, or else to the organization's", () => {
  const [ada, ben] = [
    candidate("ada", 1, ["organization_admin"], []),
    candidate("ben", 9, ["member"], ["workspace_admin"]),
  ];
  const cem = candidate("cem", 3, ["member"], ["workspace_admin"]);
  const dora = candidate("dora", 2, ["member"], ["dev"]);
  expect(heirOf([ada, ben, cem, dora], dora.userId)).toBe(cem.userId);
  expect(heirOf([ada, ben, cem], cem.userId)).toBe(ben.userId);
  expect(heirOf([ada, dora], dora.userId)).toBe(ada.userId);
  expect(heirOf([ada, dora], ada.userId)).toBeNull();
});
