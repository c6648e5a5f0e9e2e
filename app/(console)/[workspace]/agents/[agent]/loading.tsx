import { Page } from "#components/ui/page.tsx";
import { PageHeaderSkeleton, Skeleton } from "#components/ui/skeleton.tsx";

export default function Loading() {
  return (
    <div className="appear-late" aria-busy="true">
      <Page width="table">
        <PageHeaderSkeleton />
        <Skeleton shape="control" span="medium" />
        <Skeleton shape="card" />
        <Skeleton shape="chart" />
      </Page>
    </div>
  );
}
