import { expect, test } from "vitest";
import type { Permission } from "#lib/core/access/permissions.ts";
import { rolePermissions } from "#lib/core/access/roles.ts";
import { navigationFor } from "./navigation.ts";

test("T-PRE-1: every offer of the terms has its place: models, fine-tuning, agents and the services around them", () => {
  const permissions = new Set<Permission>(rolePermissions.organization_admin);
  const sections = navigationFor(permissions).flatMap(({ entries }) => entries.map(({ section }) => section));
  const offers = {
    models: ["models", "playground", "keys"],
    tuning: ["fine-tuning", "files"],
    agents: ["agents", "chat"],
    services: ["usage", "limits", "organization/billing", "organization/privacy"],
  };
  for (const places of Object.values(offers)) expect(sections).toEqual(expect.arrayContaining(places));
});
