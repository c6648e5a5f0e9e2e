import { Page } from "#components/ui/page.tsx";
import { PageHeaderSkeleton, Skeleton, TableSkeleton } from "#components/ui/skeleton.tsx";

/** A page with a list that is on its way, with as many rows as a screen shows. */
export function ListSkeleton() {
  return (
    <div className="appear-late" aria-busy="true">
      <Page width="table">
        <PageHeaderSkeleton />
        <ListBodySkeleton />
      </Page>
    </div>
  );
}

/** The list alone: its search, its filters and its rows. */
export function ListBodySkeleton({ rows = 12 }: { rows?: number }) {
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap gap-2">
        <div className="w-72 max-sm:w-full">
          <Skeleton shape="control" />
        </div>
        <Skeleton shape="control" span="short" />
        <Skeleton shape="control" span="short" />
      </div>
      <TableSkeleton rows={rows} />
    </div>
  );
}
