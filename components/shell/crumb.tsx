"use client";

import { useSyncExternalStore } from "react";
import { createPortal } from "react-dom";

export const crumbId = "crumb";

const never = () => () => undefined;

/** The name of the one thing a page shows, put at the end of the frame's breadcrumb, which is drawn before it. */
export function Crumb({ name }: { name: string }) {
  const place = useSyncExternalStore(
    never,
    () => document.getElementById(crumbId),
    () => null,
  );
  return place && createPortal(<CrumbStep name={name} />, place);
}

const CrumbStep = ({ name }: { name: string }) => (
  <>
    <span aria-hidden="true" className="text-text-faint">
      /
    </span>
    <span aria-current="page" className="truncate">
      {name}
    </span>
  </>
);
