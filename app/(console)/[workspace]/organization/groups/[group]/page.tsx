import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { enter } from "#app/(console)/[workspace]/enter.ts";
import { remove, rename } from "#app/(console)/[workspace]/organization/groups/actions.ts";
import { found } from "#app/(console)/found.ts";
import { denial } from "#app/doors/refused.tsx";
import { RenameForm } from "#components/organization/rename-form.tsx";
import { Card } from "#components/ui/card.tsx";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { Page } from "#components/ui/page.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { isId } from "#db/id.ts";
import { type GroupView, groupOf } from "#lib/domain/groups/queries.ts";
import { People } from "./people.tsx";
import { Roles } from "./roles.tsx";

export const metadata: Metadata = { title: "Group" };

/** One group: who is in it, and what that makes them where. */
export default async function GroupPage({ params }: { params: Promise<{ workspace: string; group: string }> }) {
  const { group: id } = await params;
  const ctx = await enter(params);
  if (!isId("group", id)) notFound();
  const [group, reason] = await Promise.all([found(groupOf(ctx, id)), denial(ctx, "groups.write")]);
  return (
    <Page>
      <PageHeader title={group.name} />
      <People ctx={ctx} group={group} reason={reason} />
      <Roles ctx={ctx} group={group} reason={reason} />
      {reason ? null : <Rename group={group} />}
      {reason ? null : <Removal group={group} />}
    </Page>
  );
}

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
