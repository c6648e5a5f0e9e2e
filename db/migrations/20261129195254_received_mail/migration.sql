CREATE TABLE "received_mail" (
	"id" text PRIMARY KEY,
	"message_hash" text NOT NULL,
	"organization_id" text,
	"ticket_id" text,
	"outcome" text NOT NULL,
	"reason" text,
	"sender" text NOT NULL,
	"subject" text NOT NULL,
	"files" integer NOT NULL,
	"key" bytea,
	"body" bytea,
	"received_at" timestamp with time zone NOT NULL,
	"decided_by" text,
	"decided_at" timestamp with time zone,
	CONSTRAINT "received_mail_of_ticket" CHECK (("ticket_id" is null) = ("organization_id" is null)),
	CONSTRAINT "received_mail_sealed" CHECK (("body" is null) = ("key" is null)),
	CONSTRAINT "received_mail_held" CHECK (("outcome" = 'held') = ("body" is not null)),
	CONSTRAINT "received_mail_decided" CHECK (("outcome" in ('accepted', 'discarded')) = ("decided_at" is not null))
);
--> statement-breakpoint
ALTER TABLE "letters" ADD COLUMN "reply_to" text;--> statement-breakpoint
CREATE UNIQUE INDEX "received_mail_once" ON "received_mail" ("message_hash");--> statement-breakpoint
CREATE INDEX "received_mail_held" ON "received_mail" ("received_at") WHERE "outcome" = 'held';--> statement-breakpoint
CREATE INDEX "received_mail_ticket" ON "received_mail" ("ticket_id","received_at");