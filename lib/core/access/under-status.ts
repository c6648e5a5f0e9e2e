import type { Permission } from "./permissions.ts";

export type OrganizationStatus = "active" | "suspended" | "terminated";

/** What changes something and stays open under a suspension: paying, asking for help, taking back, objecting. */
const openWhenSuspended: ReadonlySet<Permission> = new Set<Permission>([
  "account.open",
  "account.manage",
  "billing.write",
  "suspensions.appeal",
]);

/** What a former customer still has: their account, help, invoices, receipts and letters (T-4.2.3-DEL3). */
const openWhenTerminated: ReadonlySet<Permission> = new Set<Permission>([
  "account.open",
  "account.manage",
  "organization.read",
  "billing.read",
  "billing.write",
  "privacy.read",
]);

const isReading = (permission: Permission): boolean => /\.read(-organization)?$/.test(permission);

/** What is left of a person's permissions in an organization of this status (T-4.1-USE): reading alone while suspended. */
export function permissionsUnder(
  status: OrganizationStatus,
  permissions: ReadonlySet<Permission>,
): ReadonlySet<Permission> {
  if (status === "active") return permissions;
  const stays =
    status === "suspended"
      ? (one: Permission) => isReading(one) || openWhenSuspended.has(one)
      : (one: Permission) => openWhenTerminated.has(one);
  return new Set([...permissions].filter(stays));
}
