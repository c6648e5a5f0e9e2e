import type { AccountContext } from "#lib/core/context.ts";
import { inOrganization } from "#lib/core/context.ts";
import { requestBundleFor } from "#lib/domain/bundles/commands.ts";
import { bundleForInput } from "#lib/domain/bundles/input.ts";
import { exportFiles } from "#lib/domain/exports/queries.ts";
import { type Command, idOf, type Options, type Outcome, parse, required } from "./command.ts";

const shownMax = 200;

async function list(ctx: AccountContext, { organization }: Options): Promise<Outcome> {
  const inside = inOrganization(ctx, idOf("organization", organization));
  const files = await exportFiles(inside, { limit: shownMax, offset: 0 });
  const stateOf = ({ sentAt, droppedAt }: (typeof files)[number]): string =>
    sentAt ? `written ${sentAt.toISOString()}` : droppedAt ? `dropped ${droppedAt.toISOString()}` : "waiting";
  return {
    result: { files },
    lines: files.map((file) => `${file.connectionId}  ${file.name}  ${file.count} events  ${stateOf(file)}`),
  };
}

async function create(ctx: AccountContext, { organization, member }: Options): Promise<Outcome> {
  const inside = inOrganization(ctx, idOf("organization", organization));
  const id = await requestBundleFor(inside, parse(bundleForInput, { email: member }));
  return { result: { id }, lines: [`bundle ${id}`] };
}

export const exportCommands: readonly Command[] = [
  {
    name: "export list",
    about: "Lists the files of usage that an organization's buckets got in 90 days, or are to get.",
    options: { organization: required("ID") },
    run: list,
  },
  {
    name: "export create",
    about: "Makes the archive of all that an organization has here, for an admin of it, who gets the letter (T-6-EFF).",
    options: { organization: required("ID"), member: required("EMAIL") },
    run: create,
  },
];
