import type { Metadata, Viewport } from "next";
import "./globals.css";
import { GeistMono } from "geist/font/mono";
import { GeistSans } from "geist/font/sans";
import { cookies } from "next/headers";
import type { ReactNode } from "react";
import { densityOf, themeOf } from "#components/shell/appearance.ts";
import { env } from "#lib/core/env.ts";

export function generateMetadata(): Metadata {
  const name = env().PROVIDER_NAME;
  return { title: { default: name, template: `%s · ${name}` }, robots: { index: false } };
}

export const viewport: Viewport = {
  width: "device-width",
  initialScale: 1,
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: "#f2f0ed" },
    { media: "(prefers-color-scheme: dark)", color: "#0a0907" },
  ],
};

export default async function RootLayout({ children }: { children: ReactNode }) {
  const jar = await cookies();
  return (
    <html
      lang="en"
      data-theme={themeOf(jar.get("theme")?.value)}
      data-density={densityOf(jar.get("density")?.value)}
      className={`${GeistSans.variable} ${GeistMono.variable}`}
    >
      <body>{children}</body>
    </html>
  );
}
