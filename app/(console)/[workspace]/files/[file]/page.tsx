import { page } from "#app/doors/workspace-page.tsx";
import { Preview } from "#components/files/preview.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { lineView } from "#lib/domain/files/preview/rules.ts";
import { readLines } from "#lib/domain/files/queries.ts";
import { loadFile } from "./load-file.ts";
import { fileTop } from "./top.tsx";

const count = 10;

/** The lines of a file, as people read them. */
const preview = page({
  can: "files.read",
  title: "Files",
  load: async (ctx, asked) => {
    const file = await loadFile(ctx, asked);
    const wanted = Number(asked.search.line);
    const from = Math.max(1, Math.min(Number.isSafeInteger(wanted) ? wanted : 1, file.lines ?? 1));
    return { file, from, found: await readLines(ctx, file.id, from - 1, count) };
  },
  name: ({ file }) => file.name,
  head: ({ file }, ctx) => fileTop("preview", file, ctx),
  view: ({ file, from, found }, ctx) => (
    <>
      {file.isDraft ? (
        <Notice tone="bad" title="This file was refused">
          Too much of it is wrong to train on. It is kept for a day so that you can mend it; programs do not see it.
        </Notice>
      ) : null}
      <Preview
        lines={found.lines.map(({ number, text, isCut }) => ({ number: number + 1, isCut, view: lineView(text) }))}
        from={from}
        count={count}
        total={found.total}
        base={`/${ctx.workspaceId}/files/${file.id}`}
      />
    </>
  ),
});

export const { generateMetadata } = preview;
export default preview.default;
