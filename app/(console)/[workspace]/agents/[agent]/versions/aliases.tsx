import { nameVersion, unnameVersion } from "#app/(console)/[workspace]/agents/actions.ts";
import { AliasList } from "#components/agents/alias-list.tsx";
import { Card } from "#components/ui/card.tsx";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { FormDialog } from "#components/ui/form-dialog.tsx";
import { FormSelect, FormText } from "#components/ui/form-fields.tsx";
import type { AgentAlias } from "#lib/domain/agents/versions/view.ts";

type Props = {
  agent: { id: string };
  versions: readonly { version: number; message: string | null }[];
  aliases: readonly AgentAlias[];
  mayChange: boolean;
  now: Date;
};

/** Names for versions that can be moved, such as `production`. */
export function Aliases({ agent, versions, aliases, mayChange, now }: Props) {
  const options = versions.map(({ version, message }) => ({
    value: String(version),
    label: message ? `${version}: ${message.slice(0, 60)}` : String(version),
  }));
  const actions = (alias: AgentAlias) =>
    mayChange ? (
      <span className="inline-flex gap-1">
        <Move agent={agent.id} alias={alias} options={options} />
        <Remove agent={agent.id} alias={alias} />
      </span>
    ) : null;
  return (
    <Card
      flush={aliases.length > 0}
      title="Aliases"
      description="A program that asks for an alias gets the version it points to; moving it moves all of them at once."
      aside={mayChange ? <Add agent={agent.id} options={options} /> : undefined}
    >
      {aliases.length > 0 ? <AliasList aliases={aliases} now={now} actions={actions} /> : null}
    </Card>
  );
}

type Options = readonly { value: string; label: string }[];

const Add = ({ agent, options }: { agent: string; options: Options }) => (
  <FormDialog
    trigger="Add alias"
    triggerLook={{ size: "small" }}
    title="Add alias"
    submit="Add alias"
    hidden={{ agent }}
    action={nameVersion}
  >
    <FormText
      label="Alias"
      name="alias"
      autoComplete="off"
      spellCheck={false}
      maxLength={64}
      placeholder="production"
      help="Begins with a letter; then letters a to z, digits, _ and -."
    />
    <FormSelect label="Version" name="version" options={options} />
  </FormDialog>
);

const Move = ({ agent, alias, options }: { agent: string; alias: AgentAlias; options: Options }) => (
  <FormDialog
    trigger="Move"
    triggerLook={{ size: "small", emphasis: "quiet" }}
    triggerLabel={`Move ${alias.alias}`}
    title={`Move ${alias.alias}`}
    submit="Move alias"
    hidden={{ agent, alias: alias.alias }}
    action={nameVersion}
  >
    <FormSelect
      label="Version"
      name="version"
      options={options}
      defaultValue={String(alias.version)}
      help="Programs that ask for the alias get it from their next request on."
    />
  </FormDialog>
);

const Remove = ({ agent, alias }: { agent: string; alias: AgentAlias }) => (
  <ConfirmDialog
    trigger="Remove"
    triggerLook={{ size: "small", emphasis: "quiet", tone: "bad" }}
    title={`Remove ${alias.alias}`}
    confirm="Remove alias"
    action={unnameVersion}
  >
    <input type="hidden" name="agent" value={agent} />
    <input type="hidden" name="alias" value={alias.alias} />
    <p className="text-ui">Programs that ask for {alias.alias} are refused from their next request on.</p>
  </ConfirmDialog>
);
