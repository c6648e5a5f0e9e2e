import { Badge } from "#components/ui/badge.tsx";
import { FormDialog } from "#components/ui/form-dialog.tsx";
import { FormSelect } from "#components/ui/form-fields.tsx";
import type { Context } from "#lib/core/context.ts";
import type { SharingView } from "#lib/domain/agents/sharing/view.ts";
import { passOn } from "./actions.ts";

/** Whose an agent is, and giving it to another person. */
export function Owner({ ctx, view: { agent, people } }: { ctx: Context; view: SharingView }) {
  const others = people.filter(({ id }) => id !== agent.ownerId);
  return (
    <>
      <span className="min-w-0">
        <span className="flex flex-wrap items-center gap-2 font-medium">
          {agent.ownerId === ctx.actor.id ? `${agent.ownerName} (you)` : agent.ownerName}
          <Badge plain>Owner</Badge>
        </span>
        <span className="block text-meta text-text-faint">Always may do everything with it.</span>
      </span>
      {others.length > 0 ? (
        <FormDialog
          trigger="Pass on…"
          triggerLook={{ size: "small" }}
          title={`Pass ${agent.name} on`}
          description={`${agent.ownerName} keeps the right to manage it. What it hands over to, it reaches with the new owner’s rights.`}
          submit="Pass on"
          hidden={{ agent: agent.id }}
          action={passOn}
        >
          <FormSelect
            label="New owner"
            name="user"
            options={others.map(({ id, name, detail }) => ({ value: id, label: `${name}, ${detail}` }))}
            help="They hear of it by letter."
          />
        </FormDialog>
      ) : null}
    </>
  );
}
