import { Page } from "#components/ui/page.tsx";
import { PageHeaderSkeleton, TableSkeleton } from "#components/ui/skeleton.tsx";

export default function Loading() {
  return (
    <div className="appear-late" aria-busy="true">
      <Page width="table">
        <PageHeaderSkeleton />
        <TableSkeleton />
      </Page>
    </div>
  );
}
