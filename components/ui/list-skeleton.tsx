import { Page } from "./page.tsx";
import { PageHeaderSkeleton, TableSkeleton } from "./skeleton.tsx";

/** A page with a list that is on its way. */
export function ListSkeleton() {
  return (
    <div className="appear-late" aria-busy="true">
      <Page width="table">
        <PageHeaderSkeleton />
        <TableSkeleton />
      </Page>
    </div>
  );
}
