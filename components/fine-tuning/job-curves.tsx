import { ChartReadout, type ReadoutDay } from "#components/charts/chart-readout.tsx";
import { LinePlot, type PlotSeries } from "#components/charts/line-plot.tsx";
import { Card } from "#components/ui/card.tsx";
import { Segments } from "#components/ui/segments.tsx";
import { HeadCell, Row, Table } from "#components/ui/table.tsx";
import type { JobNow } from "./job-now.ts";
import { lossWords, MeasureCells, measureColumns, shareWords } from "./measures.tsx";

type Point = JobNow["points"][number];
type Props = { now: JobNow; isLog: boolean };

const rowsMost = 60;

/** How a model learns: loss and accuracy by step, read by pointer and by arrow keys, and as a table. */
export function JobCurves({ now, isLog }: Props) {
  const { points } = now;
  if (points.length === 0) {
    return (
      <Card title="Loss">
        <p className="text-ui text-text-soft">
          Nothing is measured yet. The first steps show here as they are trained.
        </p>
      </Card>
    );
  }
  return (
    <>
      <Card
        title="Loss"
        description="How surprised the model is by each next token (nats). It should fall; where the validation loss rises again, the model learns by heart."
        aside={
          <Segments
            label="Scale"
            segments={[
              { href: "?scale=linear", label: "Linear", current: !isLog },
              { href: "?", label: "Log", current: isLog },
            ]}
          />
        }
      >
        <Curve now={now} isLog={isLog} lines={lossLines} />
      </Card>
      {points.some(({ accuracy }) => accuracy !== null) ? (
        <Card title="Accuracy" description="The share of held-out tokens that it guesses right.">
          <Curve now={now} isLog={false} range={[0, 1]} lines={accuracyLines} />
        </Card>
      ) : null}
      <Measured points={points} />
    </>
  );
}

type Line = { name: string; of: (point: Point) => number | null; write: (value: number) => string };
const lossLines: readonly Line[] = [
  { name: "Training", of: ({ trainLoss }) => trainLoss, write: lossWords },
  { name: "Validation", of: ({ validLoss }) => validLoss, write: lossWords },
];
const accuracyLines: readonly Line[] = [{ name: "Accuracy", of: ({ accuracy }) => accuracy, write: shareWords }];

type CurveProps = { now: JobNow; isLog: boolean; lines: readonly Line[]; range?: readonly [number, number] };

function Curve({ now, isLog, lines, range }: CurveProps) {
  const shown = now.points.filter((point) => lines.some(({ of }) => of(point) !== null));
  const series = lines.map(
    ({ name, of }): PlotSeries => ({
      name,
      points: shown.flatMap((point) => {
        const y = of(point);
        return y === null ? [] : [{ x: point.step, y }];
      }),
    }),
  );
  return (
    <ChartReadout
      label={`${lines.map(({ name }) => name).join(" and ")} by step`}
      days={shown.map((point) => readoutOf(point, lines))}
      whole={wholeOf(shown, lines)}
      axis={<span aria-hidden="true" className="w-8 shrink-0" />}
    >
      <LinePlot
        series={series}
        xMost={now.steps}
        isLog={isLog}
        {...(range && { range })}
        marks={now.checkpoints}
        best={now.best}
      />
    </ChartReadout>
  );
}

const readoutOf = (point: Point, lines: readonly Line[]): ReadoutDay => ({
  label: `Step ${point.step}`,
  total: "",
  lines: lines.flatMap(({ name, of, write }, series) => {
    const value = of(point);
    return value === null ? [] : [{ name, text: write(value), series }];
  }),
});

/** The last that each line says. */
function wholeOf(points: readonly Point[], lines: readonly Line[]): ReadoutDay {
  const last = lines.flatMap(({ name, of, write }, series) => {
    const value = points.map(of).findLast((one) => one !== null);
    return value === undefined || value === null ? [] : [{ name, text: write(value), series }];
  });
  return { label: "Last", total: "", lines: last };
}

const columns = [{ key: "step", label: "Step" }, ...measureColumns];

function Measured({ points }: { points: readonly Point[] }) {
  const every = Math.max(1, Math.ceil(points.length / rowsMost));
  const rows = points.filter(({ validLoss }, index) => validLoss !== null || index % every === 0);
  return (
    <details>
      <summary className="cursor-pointer text-ui text-text-soft">View as table</summary>
      <div className="mt-3">
        <Table caption="What was measured, by step" columns={columns}>
          {rows.map((point) => (
            <Row key={point.step}>
              <HeadCell>{point.step}</HeadCell>
              <MeasureCells of={point} />
            </Row>
          ))}
        </Table>
      </div>
    </details>
  );
}
