export const themes = ["light", "dark", "system"] as const;
export type Theme = (typeof themes)[number];

export const densities = ["comfortable", "compact"] as const;
export type Density = (typeof densities)[number];

/** What the cookie says, or what everyone starts with. */
export const themeOf = (cookie: string | undefined): Theme => themes.find((theme) => theme === cookie) ?? "system";
export const densityOf = (cookie: string | undefined): Density =>
  densities.find((density) => density === cookie) ?? "comfortable";

const changed = "appearancechange";
const yearSeconds = 31_536_000;

/** Applies at once and keeps it for the server, which writes it on `<html>` so that nothing flashes. */
export function keepAppearance(name: "theme" | "density", value: Theme | Density): void {
  document.documentElement.dataset[name] = value;
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser we support
  document.cookie = `${name}=${value}; path=/; max-age=${yearSeconds}; samesite=lax`;
  window.dispatchEvent(new Event(changed));
}

/** Tells when a choice was made, here or in the palette. */
export function onAppearanceChange(listener: () => void): () => void {
  window.addEventListener(changed, listener);
  return () => window.removeEventListener(changed, listener);
}
