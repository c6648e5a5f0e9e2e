import { remove, rename } from "#app/(console)/[workspace]/chat/actions.ts";
import { counted } from "#components/agents/agent-words.ts";
import { MenuDownload } from "#components/agents/menu-download.tsx";
import { type MenuDialog, PageMenu } from "#components/shell/page-menu.tsx";
import { FormText } from "#components/ui/form-fields.tsx";

type Props = { id: string; title: string; partner: string; base: string; entries: number };

/** What the conversation is called, with which partner it is, and what can be done with it as a whole. */
export function ConversationHead({ id, title, partner, base, entries }: Props) {
  const hidden = { conversation: id };
  const dialogs: MenuDialog[] = [
    {
      label: "Rename…",
      title: "Rename conversation",
      body: <FormText label="Name" name="name" defaultValue={title} maxLength={200} autoComplete="off" />,
      submit: "Rename conversation",
      hidden,
      action: rename,
    },
    {
      label: "Delete…",
      title: "Delete conversation",
      body: (
        <div className="flex flex-col gap-2 text-ui">
          <p>
            “{title}” is removed at once and for good, with {counted(entries, "entry", "entries")}. Branches of it stay:
            they are copies.
          </p>
          <p>The log's own copy is kept for its 30 days, to look into abuse.</p>
        </div>
      ),
      submit: "Delete conversation",
      tone: "bad",
      hidden,
      action: remove,
    },
  ];
  return (
    <div className="flex items-start justify-between gap-4 border-b border-line pb-3">
      <div className="min-w-0">
        <h2 className="text-section font-semibold break-words">{title}</h2>
        <p className="text-ui text-text-soft">With {partner}</p>
      </div>
      <PageMenu label="More about this conversation" dialogs={dialogs}>
        <MenuDownload href={`${base}/${id}/export?format=markdown`}>Export Markdown</MenuDownload>
        <MenuDownload href={`${base}/${id}/export?format=json`}>Export JSON</MenuDownload>
      </PageMenu>
    </div>
  );
}
