import { type Definition, DefinitionList } from "#components/ui/definition-list.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import { endWords } from "#lib/domain/assistance/rules.ts";
import type { GrantView } from "#lib/domain/assistance/view.ts";

type Props = { grant: GrantView; requester?: string; ticketAt: string };

/** What was asked for, offered and agreed to. */
export const GrantFacts = ({ grant, requester, ticketAt }: Props) => (
  <DefinitionList rows={[...askedRows({ grant, requester, ticketAt }), ...agreedRows(grant)]} />
);

type Asked = { grant: GrantView; requester: string | undefined; ticketAt: string };

function askedRows({ grant, requester, ticketAt }: Asked): Definition[] {
  const { ticket, requestedAt, declinedWords, purpose, staff, days, offerUntil, state } = grant;
  return [
    ...(requester ? [{ term: "Requested by", value: requester }] : []),
    { term: "Requested", value: <Time at={requestedAt} form="instant" /> },
    ...(ticket
      ? [{ term: "Ticket", value: <TextLink href={`${ticketAt}/${ticket.id}`}>{`T-${ticket.number}`}</TextLink> }]
      : []),
    ...(declinedWords ? [{ term: "Declined", value: declinedWords }] : []),
    ...(purpose ? [{ term: "Purpose", value: purpose }] : []),
    ...(staff.length > 0 ? [{ term: "Staff", value: staff.map(({ name }) => name).join(", ") }] : []),
    ...(state === "offered" && days && offerUntil
      ? [
          { term: "For", value: days === 1 ? "1 day at most" : `${days} days at most` },
          { term: "Offer ends", value: <Time at={offerUntil} form="instant" /> },
        ]
      : []),
  ];
}

function agreedRows({ agreedAt, files, endsAt, endedAt, endReason }: GrantView): Definition[] {
  return [
    ...(agreedAt ? [{ term: "Agreed", value: <Time at={agreedAt} form="instant" /> }] : []),
    ...(files.length > 0 ? [{ term: "Files", value: files.map(({ name }) => name).join(", ") }] : []),
    ...(endsAt && !endedAt ? [{ term: "Until", value: <Time at={endsAt} form="instant" /> }] : []),
    ...(endedAt && endReason
      ? [
          {
            term: "Ended",
            value: (
              <>
                <Time at={endedAt} form="instant" />, {endWords[endReason]}
              </>
            ),
          },
        ]
      : []),
  ];
}
