import type { AccountContext } from "#lib/core/context.ts";
import { cancelMaintenance, openIncident, planMaintenance, updateIncident } from "#lib/domain/status/commands.ts";
import {
  cancelMaintenanceInput,
  openIncidentInput,
  planMaintenanceInput,
  updateIncidentInput,
} from "#lib/domain/status/input.ts";
import { type Command, type Options, type Outcome, optional, parse, required } from "./command.ts";

const given = (options: Options, ...names: string[]): Record<string, string> =>
  Object.fromEntries(names.flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]]])));

async function open(ctx: AccountContext, options: Options): Promise<Outcome> {
  const { since, ...rest } = given(options, "title", "impact", "components", "words", "since");
  const id = await openIncident(ctx, parse(openIncidentInput, { ...rest, startedAt: since ?? "" }));
  return { result: { id }, lines: [`incident ${id}`] };
}

async function update(ctx: AccountContext, options: Options): Promise<Outcome> {
  await updateIncident(ctx, parse(updateIncidentInput, { ...given(options, "state", "words"), id: options.incident }));
  return { result: { id: options.incident }, lines: [`incident ${options.incident} updated`] };
}

async function plan(ctx: AccountContext, options: Options): Promise<Outcome> {
  const { from, to, ...rest } = given(options, "title", "components", "words", "from", "to");
  const id = await planMaintenance(ctx, parse(planMaintenanceInput, { ...rest, startsAt: from, endsAt: to }));
  return { result: { id }, lines: [`maintenance ${id}`] };
}

async function cancel(ctx: AccountContext, { maintenance: id }: Options): Promise<Outcome> {
  await cancelMaintenance(ctx, parse(cancelMaintenanceInput, { id }));
  return { result: { id }, lines: [`maintenance ${id} cancelled`] };
}

const incidentText = { title: required("TEXT"), components: required("ID,ID"), words: required("TEXT") };

export const statusCommands: readonly Command[] = [
  {
    name: "status incident",
    about: "Writes an incident to the status page, also one that began before (T-4.4-SLO1).",
    options: { ...incidentText, impact: required("none|minor|major|critical"), since: optional("INSTANT") },
    run: open,
  },
  {
    name: "status update",
    about: "Says more of an incident; the state `resolved` ends it.",
    options: {
      incident: required("ID"),
      state: required("investigating|identified|monitoring|resolved"),
      words: required("TEXT"),
    },
    run: update,
  },
  {
    name: "status maintenance",
    about: "Plans work that may take components away (T-4.4-SLO3).",
    options: { ...incidentText, from: required("INSTANT"), to: required("INSTANT") },
    run: plan,
  },
  {
    name: "status cancel",
    about: "Takes planned work back.",
    options: { maintenance: required("ID") },
    run: cancel,
  },
];
