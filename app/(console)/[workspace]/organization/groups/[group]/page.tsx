import { remove, rename } from "#app/(console)/[workspace]/organization/groups/actions.ts";
import { denial } from "#app/doors/refused.tsx";
import { asId, page } from "#app/doors/workspace-page.tsx";
import { RenameForm } from "#components/organization/rename-form.tsx";
import { Card } from "#components/ui/card.tsx";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { groupOf } from "#lib/domain/groups/queries.ts";
import type { GroupView } from "#lib/domain/groups/view.ts";
import { People } from "./people.tsx";
import { Roles } from "./roles.tsx";

/** One group: who is in it, and what that makes them where. */
const group = page({
  can: "members.read",
  title: "Group",
  load: async (ctx, { params }) => {
    const id = asId("group", params.group);
    const [group, reason] = await Promise.all([groupOf(ctx, id), denial(ctx, "groups.write")]);
    return { group, reason };
  },
  name: ({ group }) => group.name,
  view: ({ group, reason }, ctx) => (
    <>
      <People ctx={ctx} group={group} reason={reason} />
      <Roles ctx={ctx} group={group} reason={reason} />
      {reason ? null : <Rename group={group} />}
      {reason ? null : <Removal group={group} />}
    </>
  ),
});

export const { generateMetadata } = group;
export default group.default;

const Rename = ({ group: { id, name } }: { group: GroupView }) => (
  <RenameForm
    title="Name"
    description="What the group is called in lists and in the audit log."
    label="Name"
    name={name}
    save={rename}
    hidden={{ group: id }}
  />
);

const Removal = ({ group: { id, name, people, grants } }: { group: GroupView }) => (
  <Card
    tone="bad"
    title="Remove group"
    description="Its people stay members, with the roles they have otherwise."
    footer={
      <ConfirmDialog
        trigger="Remove group"
        triggerLook={{ tone: "bad" }}
        title={`Remove ${name}`}
        confirm="Remove group"
        action={remove}
      >
        <input type="hidden" name="group" value={id} />
        <p className="text-ui">
          {people.length === 1 ? "1 person loses" : `${people.length} people lose`} what the group gives in{" "}
          {grants.length === 1 ? "1 workspace" : `${grants.length} workspaces`}, at once. Keys of those who then cannot
          enter a workspace are refused there.
        </p>
      </ConfirmDialog>
    }
  />
);
