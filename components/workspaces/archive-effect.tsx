import { counted } from "#components/agents/agent-words.ts";
import type { ArchiveEffect as Effect } from "#lib/domain/workspaces/view.ts";

/** What stops with a workspace, in numbers, and what stays. */
export function ArchiveEffect({ keys, callers, people, limits }: Effect) {
  return (
    <ul className="list-disc space-y-1.5 pl-5 text-ui">
      <li>{counted(keys, "API key is", "API keys are")} refused at once, on every server, with the reason.</li>
      <li>
        {counted(people, "person loses", "people lose")} its pages
        {callers > 0 ? `; ${counted(callers, "open playground", "open playgrounds")} among them.` : "."}
      </li>
      <li>{counted(limits, "spend limit counts", "spend limits count")} nothing any more while it is archived.</li>
      <li>Nothing is deleted: usage stays, and restoring it brings all of this back.</li>
    </ul>
  );
}
