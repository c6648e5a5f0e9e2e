import { restore } from "#app/(console)/[workspace]/agents/actions.ts";
import { FormDialog } from "#components/ui/form-dialog.tsx";

type Props = { agent: { id: string; name: string; version: number | null }; version: number };

/** Makes a version the one that answers. */
export const Restore = ({ agent, version }: Props) => (
  <FormDialog
    trigger="Make current"
    triggerLook={{ size: "small" }}
    triggerLabel={`Make version ${version} current`}
    title={`Make version ${version} current`}
    submit="Make current"
    hidden={{ agent: agent.id, version: String(version) }}
    action={restore}
  >
    <p className="text-ui">
      From the next request on {agent.name} answers with version {version}
      {agent.version === null ? "" : ` instead of ${agent.version}`}. No version is lost by it, a draft stays as it is,
      and aliases keep pointing where they do.
    </p>
  </FormDialog>
);
