import { redirect } from "next/navigation";
import { deskContext } from "#app/doors/session.ts";
import { can } from "#lib/core/access/authorize.ts";
import { NoDesk } from "./no-desk.tsx";

export default async function StaffPage() {
  const { actor } = await deskContext("/staff");
  if (can(actor, "letters.read")) redirect("/staff/notices");
  if (can(actor, "billing.decide")) redirect("/staff/billing");
  if (can(actor, "rates.decide")) redirect("/staff/rates");
  if (can(actor, "agents.decide")) redirect("/staff/agents");
  return <NoDesk />;
}
