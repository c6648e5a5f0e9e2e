"use client";

import { Button } from "#components/ui/button.tsx";
import { ErrorPanel } from "#components/ui/error-panel.tsx";
import { Page } from "#components/ui/page.tsx";

export default function ConsoleError({ error, retry }: { error: Error & { digest?: string }; retry: () => void }) {
  return (
    <Page>
      <ErrorPanel
        title="This page could not be shown"
        reference={error.digest}
        action={
          <Button emphasis="primary" onClick={retry}>
            Try again
          </Button>
        }
      >
        Something went wrong on our side; nothing you entered was changed. Try again; if it stays, tell support the
        reference.
      </ErrorPanel>
    </Page>
  );
}
