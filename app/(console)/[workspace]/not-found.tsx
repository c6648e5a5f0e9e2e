import { SearchX } from "lucide-react";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Page } from "#components/ui/page.tsx";

export default function NotFound() {
  return (
    <Page>
      <EmptyState icon={SearchX} title="There is nothing at this address">
        It may have been deleted, or it belongs to another workspace. The switcher at the top left shows yours.
      </EmptyState>
    </Page>
  );
}
