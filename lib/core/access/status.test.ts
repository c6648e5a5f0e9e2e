import fc from "fast-check";
import { expect, test } from "vitest";
import { type Permission, permissions } from "./permissions.ts";
import { permissionsOf, rolePermissions } from "./roles.ts";
import { permissionsUnder } from "./status.ts";

const every = Object.keys(permissions) as Permission[];
const anySet = fc.subarray(every).map((names) => new Set(names));
const admin = permissionsOf(rolePermissions, ["organization_admin"]);

test("no status gives anyone what they did not have, and each later one leaves no more than the one before", () => {
  fc.assert(
    fc.property(anySet, (held) => {
      const [active, suspended, terminated] = (["active", "suspended", "terminated"] as const).map((status) =>
        permissionsUnder(status, held),
      );
      expect(active).toEqual(held);
      expect([...(suspended ?? [])].every((one) => held.has(one))).toBe(true);
      expect([...(terminated ?? [])].every((one) => suspended?.has(one))).toBe(true);
    }),
  );
});

test("T-4.1-USE: a suspended customer reads, writes to Help settles bills, appeals and ends the agreement, and changes nothing else", () => {
  const left = permissionsUnder("suspended", admin);
  for (const kept of ["help.write", "help.write-organization", "billing.write", "usage.read", "audit.read"] as const)
    expect(left.has(kept), kept).toBe(true);
  for (const gone of ["keys.write", "agents.write", "playground.use", "members.invite", "plan.write"] as const)
    expect(left.has(gone), gone).toBe(false);
  const writing = [...left].filter((name) => !/\.read(-organization)?$/.test(name));
  expect(writing.filter((name) => !/^(account|help|billing|suspensions|contract)\./.test(name))).toEqual([]);
});

test("T-4.2.3-DEL3: a former customer has their account, Help, bills, receipts, the audit log and the way back, and nothing else", () => {
  expect([...permissionsUnder("terminated", admin)].toSorted()).toEqual([
    "account.manage",
    "audit.read",
    "audit.read-organization",
    "billing.read",
    "billing.write",
    "contract.export",
    "contract.read",
    "contract.resume",
    "contract.terminate",
    "help.read",
    "help.write",
    "help.write-organization",
    "orders.read",
    "organization.read",
    "privacy.read",
    "suspensions.appeal",
  ]);
  const member = permissionsOf(rolePermissions, ["member", "dev"]);
  expect([...permissionsUnder("terminated", member)].toSorted()).toEqual([
    "account.manage",
    "help.read",
    "help.write",
    "organization.read",
  ]);
});
