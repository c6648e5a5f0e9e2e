import { loadFile } from "#app/(console)/[workspace]/files/[file]/load-file.ts";
import { fileTop } from "#app/(console)/[workspace]/files/[file]/top.tsx";
import { page } from "#app/doors/workspace-page.tsx";
import { grouped } from "#components/files/file-words.ts";
import { FileStatistics, type StatisticsView } from "#components/files/statistics.tsx";
import { reportOf } from "#lib/domain/files/reports/queries.ts";
import { lengthBars } from "#lib/domain/files/reports/rules.ts";

/** What a data set is, in numbers. */
const statistics = page({
  can: "files.read",
  title: "Statistics",
  load: async (ctx, asked) => {
    const file = await loadFile(ctx, asked);
    return { file, report: await reportOf(ctx, file) };
  },
  name: ({ file }) => file.name,
  head: ({ file }, ctx) => fileTop("statistics", file, ctx),
  view: ({ report }) => <FileStatistics view={viewOf(report)} />,
});

export const { generateMetadata } = statistics;
export default statistics.default;

type Report = Awaited<ReturnType<typeof reportOf>>;

function viewOf({ good, bad, statistics }: Report): StatisticsView {
  const { conversations, texts, requests, turns, roles, withTools, toolCalls, repeats, tokens } = statistics;
  const samples = conversations + texts + requests;
  const about = conversations > 0 ? "conversations" : texts > 0 ? "texts" : "requests";
  return {
    figures: [
      { label: "Lines that can be used", value: grouped(good), note: `${grouped(samples)} ${about}` },
      { label: "Lines that are wrong", value: grouped(bad) },
      { label: "Messages", value: grouped(turns) },
      { label: "Repeats", value: grouped(repeats) },
      { label: "With tools", value: grouped(withTools), note: `${grouped(toolCalls)} calls` },
      ...(tokens ? tokenFigures(tokens) : []),
    ],
    roles: Object.entries(roles).map(([label, value]) => ({ label, value })),
    lengths: tokens ? lengthBars(tokens.histogram) : [],
  };
}

const tokenFigures = (tokens: NonNullable<Report["statistics"]["tokens"]>) => [
  {
    label: "Tokens",
    value: `${tokens.isEstimate ? "≈ " : ""}${grouped(tokens.total)}`,
    note: tokens.isEstimate ? "Estimated from the first 8 MiB" : "As tiny-chat-1 counts",
  },
  {
    label: "Tokens of a sample",
    value: grouped(tokens.median),
    note: `Median; 95 % have up to ${grouped(tokens.ninetyFifth)}, the longest ${grouped(tokens.longest)}`,
  },
  { label: "Cut to 2,048 tokens", value: `${Math.round(tokens.cutShare * 100)} %` },
];
