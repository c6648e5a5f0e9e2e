import { expect, test } from "vitest";
import { type Permission, permissions } from "./permissions.ts";
import { rolePermissions } from "./roles.ts";
import { permissionsUnder } from "./under-status.ts";

const all = new Set(Object.keys(permissions) as Permission[]);
const admin = new Set<Permission>(rolePermissions.organization_admin);

test("T-4.1-USE: under a suspension an admin reads, pays and objects, and changes nothing else", () => {
  const left = permissionsUnder("suspended", admin);
  const changing = [...left].filter((one) => !/\.read(-organization)?$/.test(one));
  expect(changing.toSorted()).toEqual(["account.manage", "billing.write", "suspensions.appeal"]);
  for (const one of admin) if (/\.read$/.test(one)) expect(left.has(one), one).toBe(true);
});

test("a former customer has their account, invoices and receipts left, and an active one everything", () => {
  const left = permissionsUnder("terminated", admin);
  expect([...left].every((one) => admin.has(one))).toBe(true);
  for (const one of ["keys.read", "agents.read", "usage.read", "plan.write"] as const)
    expect(left.has(one)).toBe(false);
  expect(left.has("billing.read")).toBe(true);
  expect(permissionsUnder("active", all)).toBe(all);
});
