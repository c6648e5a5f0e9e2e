import { CircleCheck } from "lucide-react";
import { loadFile } from "#app/(console)/[workspace]/files/[file]/load-file.ts";
import { fileTop } from "#app/(console)/[workspace]/files/[file]/top.tsx";
import { page } from "#app/doors/workspace-page.tsx";
import { ProblemList } from "#components/files/problem-list.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { problemFilter } from "#lib/domain/files/listing/input.ts";
import { problemsOf } from "#lib/domain/files/reports/queries.ts";
import { countsView, problemsShown, problemView } from "#lib/domain/files/reports/rules.ts";

/** What checking a file found, by line. */
const problems = page({
  can: "files.read",
  title: "Problems",
  load: async (ctx, asked) => {
    const file = await loadFile(ctx, asked);
    const { rule, from } = problemFilter.parse(asked.search);
    return { file, rule, from, found: await problemsOf(ctx, file, { rule, from }) };
  },
  name: ({ file }) => file.name,
  head: ({ file }, ctx) => fileTop("problems", file, ctx),
  view: ({ file, rule, from, found: { report, shown, total } }, ctx) => {
    const base = `/${ctx.workspaceId}/files/${file.id}`;
    if (report.problems.length === 0)
      return (
        <EmptyState icon={CircleCheck} title="No problems">
          Every line was checked by every rule, and nothing was found.
        </EmptyState>
      );
    return (
      <>
        <ProblemList
          problems={shown.map(problemView)}
          counts={countsView(report.counts)}
          rule={rule}
          from={from}
          total={total}
          step={problemsShown}
          base={`${base}/problems`}
        />
        <div>
          <LinkButton href={`${base}/report`} download>
            Download the report
          </LinkButton>
        </div>
      </>
    );
  },
});

export const { generateMetadata } = problems;
export default problems.default;
