import { Workflow } from "lucide-react";
import { loadFile } from "#app/(console)/[workspace]/files/[file]/load-file.ts";
import { fileTop } from "#app/(console)/[workspace]/files/[file]/top.tsx";
import { page } from "#app/doors/workspace-page.tsx";
import { UserList } from "#components/files/user-list.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { jobsOf } from "#lib/domain/files/queries.ts";

/** What reads, or has read, a file. */
const use = page({
  can: "files.read",
  title: "Used by",
  load: async (ctx, asked) => {
    const file = await loadFile(ctx, asked);
    return { file, jobs: await jobsOf(ctx, file.id) };
  },
  name: ({ file }) => file.name,
  head: ({ file }, ctx) => fileTop("use", file, ctx),
  view: ({ jobs }, ctx) =>
    jobs.length === 0 ? (
      <EmptyState icon={Workflow} title="Not used yet">
        Fine-tuning jobs that train on this file or validate with it, and batches that ask it, are listed here. While
        one is active the file can not be deleted.
      </EmptyState>
    ) : (
      <UserList jobs={jobs} now={ctx.now} />
    ),
});

export const { generateMetadata } = use;
export default use.default;
