import { Page } from "#components/ui/page.tsx";
import { PageHeaderSkeleton, Skeleton, TableSkeleton } from "#components/ui/skeleton.tsx";

export default function Loading() {
  return (
    <div className="appear-late" aria-busy="true">
      <Page width="table">
        <PageHeaderSkeleton />
        <Skeleton shape="control" span="long" />
        <TableSkeleton rows={10} />
      </Page>
    </div>
  );
}
