import { signInWithProvider } from "#app/doors/sign-in.ts";

/** For a person without a password: has the identity provider ask who they are, and comes back to a page that says so. */
export const GET = (): Promise<never> => signInWithProvider("/account?done=again", true);
