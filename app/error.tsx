"use client";

import { Button } from "#components/ui/button.tsx";
import { ErrorPanel } from "#components/ui/error-panel.tsx";

export default function RootError({ error, retry }: { error: Error & { digest?: string }; retry: () => void }) {
  return (
    <main className="mx-auto flex min-h-dvh max-w-form flex-col justify-center px-4">
      <ErrorPanel
        title="This page could not be shown"
        reference={error.digest}
        action={
          <Button emphasis="primary" onClick={retry}>
            Try again
          </Button>
        }
      >
        Something went wrong on our side. Try again; if it stays, tell support the reference below.
      </ErrorPanel>
    </main>
  );
}
