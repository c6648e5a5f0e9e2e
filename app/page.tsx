import { redirect } from "next/navigation";
import { homePath, signedInContext } from "./doors/session.ts";

/** The address people type: leads to where their work is. */
export default async function RootPage() {
  redirect(await homePath(await signedInContext("/")));
}
