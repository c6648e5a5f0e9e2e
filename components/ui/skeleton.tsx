import { classes } from "./classes.ts";

const shapes = {
  line: "h-4 rounded-small",
  title: "h-7 rounded-small",
  control: "h-8 rounded-control",
  card: "h-32 rounded-card",
  chart: "h-56 rounded-card",
} as const;
const spans = { short: "w-24", medium: "w-56", long: "w-96 max-w-full", full: "w-full" } as const;

/** A grey shape exactly where something will be. */
export function Skeleton({
  shape = "line",
  span = "full",
}: {
  shape?: keyof typeof shapes;
  span?: keyof typeof spans;
}) {
  return <span className={classes("block animate-pulse bg-line/70", shapes[shape], spans[span])} />;
}

/** The frame of a table with nothing in it yet. */
export function TableSkeleton({ rows = 6 }: { rows?: number }) {
  return (
    <div className="overflow-clip rounded-card border border-line bg-surface">
      <div className="h-8.5 border-b border-line bg-canvas" />
      {Array.from({ length: rows }, (_, row) => row).map((row) => (
        <div key={row} className="flex h-(--row) items-center gap-8 border-b border-line px-4 last:border-b-0">
          <Skeleton span="medium" />
          <Skeleton span="short" />
          <span className="grow" />
          <Skeleton span="short" />
        </div>
      ))}
    </div>
  );
}

/** Title, sentence and button of a page that is on its way. */
export function PageHeaderSkeleton() {
  return (
    <div className="flex items-start justify-between">
      <div className="flex min-w-0 flex-col gap-1">
        <Skeleton shape="title" span="medium" />
        <Skeleton span="long" />
      </div>
      <Skeleton shape="control" span="short" />
    </div>
  );
}
