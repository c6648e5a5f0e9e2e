import { Page } from "#components/ui/page.tsx";
import { PageHeaderSkeleton, Skeleton } from "#components/ui/skeleton.tsx";

export default function Loading() {
  return (
    <div className="appear-late" aria-busy="true">
      <Page width="table">
        <PageHeaderSkeleton />
        <div className="grid gap-6 lg:grid-cols-[260px_minmax(0,1fr)]">
          <div className="flex flex-col gap-3 max-lg:hidden">
            <Skeleton shape="control" />
            <Skeleton shape="control" />
            <Skeleton />
            <Skeleton />
            <Skeleton />
          </div>
          <div className="flex flex-col gap-5">
            <Skeleton shape="card" />
            <Skeleton shape="control" />
          </div>
        </div>
      </Page>
    </div>
  );
}
