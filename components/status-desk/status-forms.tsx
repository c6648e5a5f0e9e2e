import { FormDialog } from "#components/ui/form-dialog.tsx";
import { FormChoices, FormSelect, FormText, FormTextarea } from "#components/ui/form-fields.tsx";
import type { Action } from "#lib/core/action-result.ts";

const impacts = [
  { value: "minor", label: "Minor: some things are slow or fail now and then" },
  { value: "major", label: "Major: a part does not answer" },
  { value: "critical", label: "Critical: nothing answers" },
  { value: "none", label: "None: only to be known" },
];

const Components = ({ components }: { components: readonly string[] }) => (
  <FormChoices
    legend="Components"
    name="components"
    choices={components.map((id) => ({ value: id, label: id }))}
    help="What it is about."
  />
);

type IncidentProps = { components: readonly string[]; open: Action<void> };

/** Tells customers that something is wrong, or was. */
export const IncidentForm = ({ components, open }: IncidentProps) => (
  <FormDialog creates trigger="Open incident" title="Open an incident" submit="Open incident" action={open}>
    <FormText label="Title" name="title" maxLength={200} />
    <FormSelect label="Impact" name="impact" options={impacts} />
    <Components components={components} />
    <FormTextarea label="What customers should know" name="words" rows={4} />
    <FormText label="Since" name="startedAt" help="UTC, as 2026-12-01T10:00. Empty: now." />
  </FormDialog>
);

type MaintenanceProps = { components: readonly string[]; plan: Action<void> };

/** Work that may take components away for a while. */
export const MaintenanceForm = ({ components, plan }: MaintenanceProps) => (
  <FormDialog trigger="Plan work" title="Plan work" submit="Plan work" action={plan}>
    <FormText label="Title" name="title" maxLength={200} />
    <Components components={components} />
    <FormTextarea label="What customers should know" name="words" rows={4} />
    <FormText label="From" name="startsAt" help="UTC, as 2026-12-01T10:00." />
    <FormText label="To" name="endsAt" help="UTC. What runs over counts as downtime." />
  </FormDialog>
);
