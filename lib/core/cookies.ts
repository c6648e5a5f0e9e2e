/** Cookies of ours beside the session's: which browser this is, and that it is half signed in. */
export type CookieName = "device" | "pending";

/** On https the name itself makes browsers refuse the cookie from another host, another path or an insecure page. */
export const cookieName = (name: CookieName, isSecure: boolean): string =>
  `${isSecure ? "__Host-" : ""}comptoir-${name}`;

export const cookieFlags = (isSecure: boolean, maxAgeSeconds: number) =>
  ({ httpOnly: true, sameSite: "lax", secure: isSecure, path: "/", maxAge: maxAgeSeconds }) as const;
