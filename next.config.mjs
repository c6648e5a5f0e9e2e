/** @type {import("next").NextConfig} */
const config = {
  poweredByHeader: false,
  // Signed documents and files of messages come to 10 MB; the copy that proxy.ts sees would otherwise be cut there.
  experimental: { serverActions: { bodySizeLimit: "11mb" }, proxyClientMaxBodySize: "11mb" },
  // What is for developers only, such as /dev/ui, is no page of a build.
  pageExtensions: ["tsx", "ts", ...(process.env.NODE_ENV === "development" ? ["dev.tsx"] : [])],
  // `npm run check` checks the types of everything; checking them again would only make the first start slower.
  typescript: { ignoreBuildErrors: true },
  devIndicators: { position: "bottom-right" },
  // Browsers ask for it on their own where a page has not come far enough to name another.
  rewrites: async () => [
    { source: "/favicon.ico", destination: "/mark.svg" },
    { source: "/docs/:slug([a-z-]+).md", destination: "/docs/markdown/:slug" },
    { source: "/legal/:kind/:version(\\d+).md", destination: "/legal/:kind/:version/markdown" },
  ],
  // Server-sent pages show tenants' figures: nothing between us and the browser may keep them.
  headers: async () => [
    {
      source: "/((?!_next/static).*)",
      headers: [
        { key: "cache-control", value: "no-store" },
        { key: "x-content-type-options", value: "nosniff" },
        { key: "referrer-policy", value: "same-origin" },
        { key: "x-frame-options", value: "DENY" },
        { key: "cross-origin-opener-policy", value: "same-origin" },
        { key: "cross-origin-resource-policy", value: "same-origin" },
        { key: "permissions-policy", value: "camera=(), microphone=(), geolocation=(), payment=(), usb=()" },
      ],
    },
  ],
};

export default config;
