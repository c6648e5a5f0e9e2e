import type { DiffRow, WordRun } from "#lib/domain/terms/diff/view.ts";

const marks: Record<DiffRow["mark"], { label: string; look: string }> = {
  same: { label: "", look: "border-transparent" },
  changed: { label: "Changed", look: "border-warn" },
  added: { label: "Added", look: "border-good" },
  removed: { label: "Removed", look: "border-bad" },
  "moved-here": { label: "Moved here", look: "border-info" },
  "moved-away": { label: "Moved away", look: "border-info" },
};

/** Both versions in one column, paragraph by paragraph. Each change is named, never shown by colour alone. */
export function DocumentDiff({ rows }: { rows: readonly DiffRow[] }) {
  return (
    <ol className="flex max-w-[72ch] flex-col gap-3 leading-relaxed">
      {rows.map((row, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows of a comparison never move.
        <li key={i} id={row.anchor ?? undefined} className={`border-l-2 pl-3 ${marks[row.mark].look}`}>
          <Mark mark={row.mark} />
          <Paragraph row={row} />
        </li>
      ))}
    </ol>
  );
}

/** Both versions next to each other; on a narrow screen, below each other. */
export function DocumentPairs({ rows }: { rows: readonly DiffRow[] }) {
  return (
    <ol className="flex flex-col gap-3 leading-relaxed">
      {rows.map((row, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows of a comparison never move.
        <li key={i} id={row.anchor ?? undefined} className={`border-l-2 pl-3 ${marks[row.mark].look}`}>
          <Mark mark={row.mark} />
          <div className="grid gap-x-6 gap-y-2 sm:grid-cols-2">
            <Side row={row} text={row.before} without="added" />
            <Side row={row} text={row.after} without="removed" />
          </div>
        </li>
      ))}
    </ol>
  );
}

const Mark = ({ mark }: { mark: DiffRow["mark"] }) =>
  marks[mark].label ? <p className="text-meta font-semibold text-text-soft">{marks[mark].label}</p> : null;

function Paragraph({ row: { mark, before, after, words } }: { row: DiffRow }) {
  if (mark === "changed") return <Words words={words} />;
  if (mark === "removed") return <p className="whitespace-pre-wrap text-text-soft line-through">{before}</p>;
  return <p className="whitespace-pre-wrap text-text-soft">{after ?? before}</p>;
}

type SideProps = { row: DiffRow; text: string | null; without: WordRun["mark"] };

function Side({ row, text, without }: SideProps) {
  if (text === null) return <p className="text-text-faint">–</p>;
  if (row.mark === "changed") return <Words words={row.words.filter(({ mark }) => mark !== without)} />;
  return <p className="whitespace-pre-wrap text-text-soft">{text}</p>;
}

const Words = ({ words }: { words: readonly WordRun[] }) => (
  <p className="whitespace-pre-wrap text-text-soft">
    {words.map(({ text, mark }, i) => {
      const key = `${i}`;
      if (mark === "removed") return <del key={key}>{text}</del>;
      if (mark === "added")
        return (
          <ins key={key} className="font-semibold text-text underline">
            {text}
          </ins>
        );
      return <span key={key}>{text}</span>;
    })}
  </p>
);
