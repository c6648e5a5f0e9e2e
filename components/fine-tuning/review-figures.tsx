import type { ReactNode } from "react";
import { HeadCell, NumberCells, Row, Table } from "#components/ui/table.tsx";
import { styleWords, writeBits } from "#lib/domain/fine-tuning/review/rules.ts";

type Pair = { base: number; tuned: number };
type Figures = {
  samples: number;
  bits: Pair | null;
  prompts: number;
  exact: Pair;
  style: Pair | null;
  tokens: Pair & { wanted: number };
};

const columns = [
  { key: "measure", label: "Measure" },
  { key: "base", label: "Base", align: "right" },
  { key: "tuned", label: "Tuned", align: "right" },
] as const;

/** What a review counted, base beside tuned. */
export function ReviewFigures({ figures }: { figures: Figures }) {
  const { samples, bits, prompts, exact, style, tokens } = figures;
  const of = ({ base, tuned }: Pair) => ({ base: `${base} of ${prompts}`, tuned: `${tuned} of ${prompts}` });
  return (
    <Table caption="Base and tuned in numbers" columns={columns}>
      {bits ? (
        <Measure
          name="Held-out loss, bits a byte"
          help={`How surprised it is by ${samples} answers that it was not trained on. Less is better.`}
          base={writeBits(bits.base)}
          tuned={writeBits(bits.tuned)}
        />
      ) : null}
      {prompts > 0 ? (
        <>
          <Measure name="Exact answers" help="To the letter as wanted." {...of(exact)} />
          {style ? (
            <Measure name="In the trained style" help={styleWords} {...of(style)} />
          ) : (
            <Measure
              name="In the trained style"
              help="What it was trained on begins and ends in too many ways to have a style that can be counted."
              base="–"
              tuned="–"
            />
          )}
          <Measure
            name="Tokens an answer"
            help={`The wanted answers have ${tokens.wanted.toFixed(1)}.`}
            base={tokens.base.toFixed(1)}
            tuned={tokens.tuned.toFixed(1)}
          />
        </>
      ) : null}
    </Table>
  );
}

function Measure({ name, help, base, tuned }: { name: string; help: ReactNode; base: string; tuned: string }) {
  return (
    <Row>
      <HeadCell>
        {name}
        <span className="block max-w-[64ch] text-meta font-normal text-text-soft">{help}</span>
      </HeadCell>
      <NumberCells values={{ Base: base, Tuned: tuned }} />
    </Row>
  );
}
