import { ContactForm } from "#components/notices/contact-form.tsx";
import { Badge } from "#components/ui/badge.tsx";
import { ButtonForm } from "#components/ui/button-form.tsx";
import { Card } from "#components/ui/card.tsx";
import { DefinitionList } from "#components/ui/definition-list.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Time } from "#components/ui/time.tsx";
import { can } from "#lib/core/access/authorize.ts";
import type { Context } from "#lib/core/context.ts";
import { type Contact, registrationContact } from "#lib/domain/notices/contact/queries.ts";
import { nameRegistrationContact, withdrawRegistrationContact } from "./actions.ts";

const title = "Registration contact";
const description =
  "Where notices about the contract go: changes of the terms, models that are discontinued, invoices. Keep it up to date (T-4.2.1-DISC3).";

/** T-4.2.1-DISC3: the address legal notices go to, and how it is changed. */
export async function ContactCard({ ctx }: { ctx: Context }) {
  const contact = await registrationContact(ctx);
  const mayChange = can(ctx.actor, "organization.write-contact");
  const facts = <ContactFacts contact={contact} now={ctx.now} mayChange={mayChange} />;
  if (!mayChange) {
    return (
      <Card id="contact" title={title} description={description}>
        {facts}
      </Card>
    );
  }
  return (
    <>
      <ContactForm title={title} description={description} name={nameRegistrationContact}>
        {facts}
      </ContactForm>
      {contact.pending ? (
        <Notice
          tone="info"
          title={`${contact.pending.email} has not answered yet`}
          action={
            <ButtonForm button="Withdraw" values={{ id: contact.pending.id }} act={withdrawRegistrationContact} />
          }
        >
          Its letter can be answered until <Time at={contact.pending.expiresAt} form="date" />. Notices go to{" "}
          {contact.email} meanwhile.
        </Notice>
      ) : null}
    </>
  );
}

function ContactFacts({ contact, now, mayChange }: { contact: Contact; now: Date; mayChange: boolean }) {
  const { email, pending, bounce } = contact;
  return (
    <DefinitionList
      rows={[
        {
          term: "Now",
          value: (
            <span className="flex flex-wrap items-center gap-2">
              {email} {bounce ? <Badge tone="bad">Letters come back</Badge> : null}
            </span>
          ),
        },
        ...(bounce
          ? [
              {
                term: "Last came back",
                value: (
                  <>
                    <Time at={bounce.at} now={now} />: {bounce.reason}
                  </>
                ),
              },
            ]
          : []),
        ...(pending && !mayChange ? [{ term: "Not confirmed yet", value: pending.email }] : []),
      ]}
    />
  );
}
