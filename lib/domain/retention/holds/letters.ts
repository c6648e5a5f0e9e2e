import { env } from "#lib/core/env.ts";
import { compose, type Letter } from "#lib/core/mail/letter.ts";
import { classOf } from "#lib/domain/retention/classes/rules.ts";
import { groundWords } from "./rules.ts";
import type { Hold } from "./view.ts";

type Addressee = { email: string; name: string };

const kept = ({ classes }: Hold): string => classes.map((name) => classOf(name).noun).join(", ");

/** T-6-CONV: that the law has something kept of the customer, or had until now. */
export const holdDisclosedLetter = (to: Addressee, hold: Hold): Letter =>
  compose({
    kind: "holds.disclosed",
    to,
    subject: hold.endedAt ? "A legal hold on your data has ended" : "A legal hold on your data",
    before: [
      hold.endedAt
        ? `${env().PROVIDER_NAME} had to keep of you, from ${hold.startedAt?.toISOString().slice(0, 10)} to ${hold.endedAt.toISOString().slice(0, 10)}: ${kept(hold)}. Its copies are destroyed.`
        : `${env().PROVIDER_NAME} has to keep of you, until further notice: ${kept(hold)}. This cannot be deleted meanwhile, by you or by a deadline.`,
      `${groundWords[hold.ground]}, ${hold.reference}.`,
      hold.words,
    ],
    link: { label: "Open the console", path: "/" },
    after: ["What is under a hold is listed under Organization, Privacy."],
  });
