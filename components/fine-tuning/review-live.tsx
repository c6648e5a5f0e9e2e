"use client";

import { useRouter } from "next/navigation";
import { useEffect } from "react";
import { z } from "zod";
import { Live } from "#components/live/live.tsx";
import { Notice } from "#components/ui/notice.tsx";

const standing = z.object({ state: z.string() });

/** A review that is being made, followed while a person looks. */
export const ReviewLive = ({ href }: { href: string }) => (
  <Live first={{ state: "pending" }} version={href} href={href} parse={(said) => standing.parse(said)}>
    {({ state }, isStill) => <Following isDone={state !== "pending"} isStill={isStill} />}
  </Live>
);

function Following({ isDone, isStill }: { isDone: boolean; isStill: boolean }) {
  const router = useRouter();
  useEffect(() => {
    if (isDone) router.refresh();
  }, [isDone, router]);
  return (
    <Notice title="The review is being made">
      <span role="status">
        {isStill
          ? "The connection is lost. It is looked at again by itself."
          : "Base and tuned are asked what the model was not trained on. It shows here when it is done."}
      </span>
      <noscript> Load the page again in a moment.</noscript>
    </Notice>
  );
}
