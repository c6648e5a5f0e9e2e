import { Button } from "#components/ui/button.tsx";
import { Combobox } from "#components/ui/combobox.tsx";
import { Notice } from "#components/ui/notice.tsx";
import type { Option } from "#components/ui/select.tsx";
import type { Explanation } from "#lib/domain/agents/sharing/rules.ts";

type Props = {
  choices: { options: readonly Option[]; source: string | undefined };
  /** Who is asked about, and the answer. */
  who: string | undefined;
  answer: (Explanation & { name: string }) | null;
};

const rightWords = { see: "see", use: "use", edit: "edit", manage: "manage" } as const;

/** "Why can this person use it?": a GET form, so that the address keeps who was asked about. */
export function ExplainAnswer({ choices, who, answer }: Props) {
  return (
    <div className="flex flex-col gap-3">
      <form className="flex flex-wrap items-center gap-2">
        <div className="w-80 max-sm:w-full">
          <Combobox name="who" label="Person" key={who} value={who ?? choices.options[0]?.value} {...choices} />
        </div>
        <Button type="submit">Explain</Button>
      </form>
      {answer ? <Answer {...answer} /> : null}
    </div>
  );
}

function Answer({ name, rights, because, whyNot }: Explanation & { name: string }) {
  const words = rights.filter((right) => right !== "see").map((right) => rightWords[right]);
  const may =
    words.length > 0
      ? `${name} may ${words.length > 1 ? `${words.slice(0, -1).join(", ")} and ${words.at(-1)}` : words[0]} it`
      : rights.length > 0
        ? `${name} sees it`
        : `${name} cannot see it`;
  return (
    <div role="status">
      <Notice tone={whyNot ? "neutral" : "good"} title={may}>
        <ul>
          {because.map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
          {whyNot ? <li>{rights.length > 0 ? `Not to use: ${whyNot}` : whyNot}</li> : null}
        </ul>
      </Notice>
    </div>
  );
}
