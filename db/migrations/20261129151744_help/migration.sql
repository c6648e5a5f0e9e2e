CREATE TABLE "macros" (
	"id" text,
	"version" integer,
	"name" text NOT NULL,
	"body" text NOT NULL,
	"note" text,
	"state" text NOT NULL,
	"is_retired" boolean NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "macros_pkey" PRIMARY KEY("id","version"),
	CONSTRAINT "macros_version" CHECK ("version" > 0)
);
--> statement-breakpoint
CREATE TABLE "ticket_files" (
	"organization_id" text,
	"id" text,
	"ticket_id" text,
	"message_id" text,
	"uploaded_by" text NOT NULL,
	"uploaded_at" timestamp with time zone NOT NULL,
	"name" text NOT NULL,
	"kind" text NOT NULL,
	"size" integer NOT NULL,
	"sha256" text NOT NULL,
	CONSTRAINT "ticket_files_pkey" PRIMARY KEY("organization_id","id"),
	CONSTRAINT "ticket_files_size" CHECK ("size" between 1 and 10485760),
	CONSTRAINT "ticket_files_claimed" CHECK (("ticket_id" is null) = ("message_id" is null))
);
--> statement-breakpoint
CREATE TABLE "ticket_messages" (
	"organization_id" text,
	"ticket_id" text NOT NULL,
	"id" text,
	"from" text NOT NULL,
	"event" text,
	"author_id" text NOT NULL,
	"author_name" text NOT NULL,
	"body" bytea,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "ticket_messages_pkey" PRIMARY KEY("organization_id","id"),
	CONSTRAINT "ticket_messages_said" CHECK (("from" = 'system') = ("event" is not null) and ("from" = 'system') = ("body" is null))
);
--> statement-breakpoint
CREATE TABLE "ticket_notes" (
	"organization_id" text,
	"ticket_id" text NOT NULL,
	"id" text,
	"author_id" text NOT NULL,
	"author_name" text NOT NULL,
	"body" bytea NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "ticket_notes_pkey" PRIMARY KEY("organization_id","id")
);
--> statement-breakpoint
CREATE TABLE "ticket_people" (
	"organization_id" text,
	"ticket_id" text,
	"user_id" text,
	"added_by" text NOT NULL,
	"added_at" timestamp with time zone NOT NULL,
	CONSTRAINT "ticket_people_pkey" PRIMARY KEY("organization_id","ticket_id","user_id")
);
--> statement-breakpoint
CREATE TABLE "ticket_ratings" (
	"organization_id" text,
	"ticket_id" text,
	"user_id" text NOT NULL,
	"is_good" boolean NOT NULL,
	"words" bytea,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "ticket_ratings_pkey" PRIMARY KEY("organization_id","ticket_id")
);
--> statement-breakpoint
CREATE TABLE "ticket_watchers" (
	"organization_id" text,
	"ticket_id" text,
	"staff_id" text,
	"name" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "ticket_watchers_pkey" PRIMARY KEY("organization_id","ticket_id","staff_id")
);
--> statement-breakpoint
CREATE TABLE "ticket_words" (
	"organization_id" text,
	"ticket_id" text,
	"word" text,
	CONSTRAINT "ticket_words_pkey" PRIMARY KEY("organization_id","ticket_id","word")
);
--> statement-breakpoint
CREATE TABLE "tickets" (
	"organization_id" text,
	"id" text,
	"number" integer GENERATED ALWAYS AS IDENTITY (sequence name "tickets_number_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 10001 CACHE 1),
	"workspace_id" text,
	"kind" text NOT NULL,
	"state" text NOT NULL,
	"subject" text NOT NULL,
	"details" bytea NOT NULL,
	"requester_id" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"changed_at" timestamp with time zone NOT NULL,
	"first_due_at" timestamp with time zone NOT NULL,
	"first_answered_at" timestamp with time zone,
	"next_due_at" timestamp with time zone,
	"legal_due_at" timestamp with time zone,
	"claimed_by" text,
	"claimed_name" text,
	"claimed_until" timestamp with time zone,
	"snoozed_until" timestamp with time zone,
	"follows_id" text,
	"record_id" text,
	"reopened" integer DEFAULT 0 NOT NULL,
	"resolved_at" timestamp with time zone,
	"closed_at" timestamp with time zone,
	CONSTRAINT "tickets_pkey" PRIMARY KEY("organization_id","id"),
	CONSTRAINT "tickets_over" CHECK (("state" in ('resolved', 'closed')) = ("resolved_at" is not null)),
	CONSTRAINT "tickets_closed" CHECK (("state" = 'closed') = ("closed_at" is not null)),
	CONSTRAINT "tickets_claim" CHECK (("claimed_by" is null) = ("claimed_until" is null) and ("claimed_by" is null) = ("claimed_name" is null)),
	CONSTRAINT "tickets_snoozed" CHECK ("snoozed_until" is null or "state" in ('open', 'waiting')),
	CONSTRAINT "tickets_next" CHECK ("next_due_at" is null or "state" = 'open'),
	CONSTRAINT "tickets_reopened" CHECK ("reopened" >= 0)
);
--> statement-breakpoint
CREATE INDEX "ticket_files_ticket" ON "ticket_files" ("organization_id","ticket_id");--> statement-breakpoint
CREATE INDEX "ticket_files_waiting" ON "ticket_files" ("uploaded_at") WHERE "message_id" is null;--> statement-breakpoint
CREATE INDEX "ticket_messages_ticket" ON "ticket_messages" ("organization_id","ticket_id","id");--> statement-breakpoint
CREATE INDEX "ticket_notes_ticket" ON "ticket_notes" ("organization_id","ticket_id","id");--> statement-breakpoint
CREATE INDEX "ticket_ratings_at" ON "ticket_ratings" ("at");--> statement-breakpoint
CREATE INDEX "ticket_words_word" ON "ticket_words" ("word","organization_id","ticket_id");--> statement-breakpoint
CREATE UNIQUE INDEX "tickets_number" ON "tickets" ("number");--> statement-breakpoint
CREATE UNIQUE INDEX "tickets_id" ON "tickets" ("id");--> statement-breakpoint
CREATE INDEX "tickets_queue" ON "tickets" ("created_at") WHERE "state" in ('open', 'waiting');--> statement-breakpoint
CREATE INDEX "tickets_resolved" ON "tickets" ("resolved_at") WHERE "state" = 'resolved';--> statement-breakpoint
CREATE INDEX "tickets_requester" ON "tickets" ("organization_id","requester_id");--> statement-breakpoint
ALTER TABLE "ticket_files" ADD CONSTRAINT "ticket_files_organization_id_organizations_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id");--> statement-breakpoint
ALTER TABLE "ticket_files" ADD CONSTRAINT "ticket_files_XtIBdHXgUc4V_fkey" FOREIGN KEY ("organization_id","ticket_id") REFERENCES "tickets"("organization_id","id");--> statement-breakpoint
ALTER TABLE "ticket_files" ADD CONSTRAINT "ticket_files_ohTb8LKgFHMy_fkey" FOREIGN KEY ("organization_id","message_id") REFERENCES "ticket_messages"("organization_id","id");--> statement-breakpoint
ALTER TABLE "ticket_messages" ADD CONSTRAINT "ticket_messages_vN2FajAbr9Ce_fkey" FOREIGN KEY ("organization_id","ticket_id") REFERENCES "tickets"("organization_id","id");--> statement-breakpoint
ALTER TABLE "ticket_notes" ADD CONSTRAINT "ticket_notes_XtKzStCc1AiP_fkey" FOREIGN KEY ("organization_id","ticket_id") REFERENCES "tickets"("organization_id","id");--> statement-breakpoint
ALTER TABLE "ticket_people" ADD CONSTRAINT "ticket_people_user_id_users_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "ticket_people" ADD CONSTRAINT "ticket_people_JuNZdCIaDQGj_fkey" FOREIGN KEY ("organization_id","ticket_id") REFERENCES "tickets"("organization_id","id");--> statement-breakpoint
ALTER TABLE "ticket_ratings" ADD CONSTRAINT "ticket_ratings_6IsUNrDl4jgy_fkey" FOREIGN KEY ("organization_id","ticket_id") REFERENCES "tickets"("organization_id","id");--> statement-breakpoint
ALTER TABLE "ticket_watchers" ADD CONSTRAINT "ticket_watchers_8I1nQ0eV0gXx_fkey" FOREIGN KEY ("organization_id","ticket_id") REFERENCES "tickets"("organization_id","id");--> statement-breakpoint
ALTER TABLE "ticket_words" ADD CONSTRAINT "ticket_words_XtxaIjnIGwEV_fkey" FOREIGN KEY ("organization_id","ticket_id") REFERENCES "tickets"("organization_id","id");--> statement-breakpoint
ALTER TABLE "tickets" ADD CONSTRAINT "tickets_organization_id_organizations_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id");--> statement-breakpoint
ALTER TABLE "tickets" ADD CONSTRAINT "tickets_requester_id_users_id_fkey" FOREIGN KEY ("requester_id") REFERENCES "users"("id");--> statement-breakpoint
ALTER TABLE "tickets" ADD CONSTRAINT "tickets_p6BsQrZY89zm_fkey" FOREIGN KEY ("organization_id","follows_id") REFERENCES "tickets"("organization_id","id");--> statement-breakpoint
GRANT SELECT, INSERT ON "macros" TO comptoir_tenant;
