import { expect, test } from "vitest";
import { permissions } from "./permissions.ts";
import { isWorkspacePermission, rolePermissions } from "./roles.ts";
import { denialWords, peopleWords } from "./words.ts";

const ada = { name: "Ada Lovelace", role: "organization_admin" };

test("a refusal says what is missing, which roles have it, and who can help by name", () => {
  expect(denialWords("workspaces.write", [ada])).toBe(
    "You may not create, archive and restore workspaces. It takes one of these roles: Organization admin. Ask Ada Lovelace (organization admin).",
  );
});

test("of many people the first three are named", () => {
  expect(peopleWords(["A", "B", "C", "D"])).toBe("A, B, C or 1 other");
  expect(peopleWords(["A", "B", "C", "D", "E"])).toBe("A, B, C or 2 others");
  expect(peopleWords([])).toBe("Nobody");
});

test("every permission of a role has its sentence, and all of them finish the same beginning", () => {
  const given = new Set<string>(Object.values(rolePermissions).flat());
  for (const permission of given) expect(permissions).toHaveProperty([permission]);
  for (const { words } of Object.values(permissions)) expect(words).toMatch(/^[a-z].*[^.]$/);
});

test("workspace admins can give what a role in their workspace gives, and nothing of the organization", () => {
  expect(isWorkspacePermission("keys.write")).toBe(true);
  expect(isWorkspacePermission("workspace.write-members")).toBe(true);
  for (const permission of ["members.write", "members.invite", "workspaces.write", "organization.write"] as const) {
    expect(isWorkspacePermission(permission)).toBe(false);
  }
});
