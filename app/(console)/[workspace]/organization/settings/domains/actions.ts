"use server";

import { refresh } from "next/cache";
import { action } from "#app/doors/action.ts";
import { addDomain, checkDomain, removeDomain, setJoining } from "#lib/domain/domains/commands.ts";
import { addDomainInput, domainInput, joiningInput } from "#lib/domain/domains/input.ts";

export const add = action({
  can: "organization.write",
  input: addDomainInput,
  run: async (ctx, { domain }) => {
    await addDomain(ctx, domain);
    refresh();
  },
});

export const check = action({
  can: "organization.write",
  input: domainInput,
  run: async (ctx, { id }) => {
    await checkDomain(ctx, id);
    refresh();
  },
});

export const saveJoining = action({
  can: "organization.write",
  input: joiningInput,
  stepUp: "domain.change",
  run: async (ctx, input) => {
    await setJoining(ctx, input);
    refresh();
  },
});

export const remove = action({
  can: "organization.write",
  input: domainInput,
  stepUp: "domain.change",
  run: async (ctx, { id }) => {
    await removeDomain(ctx, id);
    refresh();
  },
});
