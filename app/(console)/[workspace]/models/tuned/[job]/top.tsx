import type { Head } from "#app/doors/workspace-page.tsx";
import { TunedState } from "#components/models/tuned-list.tsx";
import { type MenuDialog, PageMenu } from "#components/shell/page-menu.tsx";
import { FormText, FormTextarea } from "#components/ui/form-fields.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { Segments } from "#components/ui/segments.tsx";
import { can } from "#lib/core/access/authorize.ts";
import type { Context } from "#lib/core/context.ts";
import { agentsAsking } from "#lib/domain/agents/models/queries.ts";
import { type TunedModelView, titleOf } from "#lib/domain/tuned-models/view.ts";
import { archive, remove, rename, restore } from "./actions.ts";

/** The head of every page about one tuned model. */
export const tunedTop =
  (current: "about" | "review" | "sharing") =>
  (model: TunedModelView, ctx: Context): Head => {
    const base = `/${ctx.workspaceId}/models/tuned/${model.jobId}`;
    const dialogs = dialogsOf(ctx, model);
    const mayTry = model.rights.has("use") && can(ctx.actor, "playground.use");
    return {
      badge: <TunedState state={model.state} />,
      description: model.description ?? undefined,
      action: (
        <>
          {mayTry ? (
            <LinkButton href={`/${ctx.workspaceId}/playground?model=${encodeURIComponent(model.id)}`}>
              Try it
            </LinkButton>
          ) : null}
          {dialogs.length > 0 ? <PageMenu label="More about this model" dialogs={dialogs} /> : null}
        </>
      ),
      tabs: (
        <div>
          <Segments
            label="Parts of the model"
            segments={[
              { href: base, label: "About", current: current === "about" },
              ...(can(ctx.actor, "files.read")
                ? [{ href: `${base}/review`, label: "Review", current: current === "review" }]
                : []),
              { href: `${base}/sharing`, label: "Sharing", current: current === "sharing" },
            ]}
          />
        </div>
      ),
    };
  };

/** What a person may do with the model as a whole. */
function dialogsOf(ctx: Context, model: TunedModelView): MenuDialog[] {
  const hidden = { model: model.id };
  const title = titleOf(model);
  const renaming: MenuDialog = {
    label: "Rename…",
    title: `Rename ${title}`,
    body: (
      <>
        <FormText label="Name" name="name" hint="optional" maxLength={120} defaultValue={model.name ?? ""} />
        <FormTextarea
          label="Description"
          name="description"
          hint="optional"
          rows={3}
          maxLength={1000}
          defaultValue={model.description ?? ""}
        />
        <p className="text-meta text-text-faint">Programs go on to ask it by its id, {model.id}.</p>
      </>
    ),
    submit: "Save name",
    hidden,
    action: rename,
  };
  const archiving: MenuDialog = {
    label: "Archive…",
    title: `Archive ${title}`,
    body: (
      <p className="text-ui">
        Requests for it fail from the next one on. It is kept, and keeping it costs the same, until it is restored or
        deleted.
      </p>
    ),
    submit: "Archive model",
    hidden,
    action: archive,
  };
  const restoring: MenuDialog = {
    label: "Restore…",
    title: `Restore ${title}`,
    body: <p className="text-ui">It answers again from the next request on.</p>,
    submit: "Restore model",
    hidden,
    action: restore,
  };
  const removing: MenuDialog = {
    label: "Delete…",
    title: `Delete ${title}`,
    body: <Effect ctx={ctx} model={model} />,
    submit: "Delete model",
    tone: "bad",
    hidden,
    action: remove,
  };
  return [
    ...(model.rights.has("edit") ? [renaming] : []),
    ...(model.rights.has("manage") ? [model.state === "archived" ? restoring : archiving, removing] : []),
  ];
}

/** T-4.2.3-DEL1: what deleting takes away, before it does. The typed name says that it is known what agents lose. */
async function Effect({ ctx, model }: { ctx: Context; model: TunedModelView }) {
  const agents = await agentsAsking(ctx, model.id);
  return (
    <div className="flex flex-col gap-3 text-ui">
      <p>
        Its weights, its checkpoints and who it is shared with are removed at once and for good. A signed receipt says
        what was removed. Answers that are being given end as they would.
      </p>
      {agents.length > 0 ? (
        <div>
          <p className="font-medium">These agents ask it and fail until they have another model:</p>
          <ul className="list-disc pl-5">
            {agents.slice(0, 20).map(({ id, name }) => (
              <li key={id}>{name}</li>
            ))}
            {agents.length > 20 ? <li>and {agents.length - 20} more</li> : null}
          </ul>
          <input type="hidden" name="force" value="true" />
        </div>
      ) : null}
      <FormText
        label="Type the model’s id"
        name="confirm"
        autoComplete="off"
        spellCheck={false}
        help={<span className="break-all">{model.id}</span>}
      />
    </div>
  );
}
