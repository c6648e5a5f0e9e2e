"use client";

import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";

// Without network all of it fails at once: what was asked then may cost money, so it is never sent later by itself.
const options = {
  queries: { retry: false, networkMode: "always" },
  mutations: { networkMode: "always" },
} as const;

/** Around what goes on asking the server after the page was shown. */
export function Queries({ children }: { children: ReactNode }) {
  const [client] = useState(() => new QueryClient({ defaultOptions: options }));
  return <QueryClientProvider client={client}>{children}</QueryClientProvider>;
}
