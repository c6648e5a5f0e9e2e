CREATE TABLE "assistance_grants" (
	"organization_id" text,
	"id" text,
	"state" text NOT NULL,
	"requested_by" text NOT NULL,
	"requested_at" timestamp with time zone NOT NULL,
	"approved_by" text,
	"approved_at" timestamp with time zone,
	"declined_words" text,
	"offered_at" timestamp with time zone,
	"offer_until" timestamp with time zone,
	"staff_ids" text[],
	"purpose" text,
	"days" integer,
	"agreed_by" text,
	"agreed_at" timestamp with time zone,
	"file_ids" text[],
	"ends_at" timestamp with time zone,
	"ended_at" timestamp with time zone,
	"ended_by" text,
	"end_reason" text,
	CONSTRAINT "assistance_grants_pkey" PRIMARY KEY("organization_id","id"),
	CONSTRAINT "assistance_grants_approved" CHECK (("approved_by" is null) = ("approved_at" is null)),
	CONSTRAINT "assistance_grants_declined" CHECK (("state" = 'declined') = ("declined_words" is not null)),
	CONSTRAINT "assistance_grants_offered" CHECK ("offered_at" is null or ("approved_at" is not null and "offer_until" is not null and "purpose" is not null
        and cardinality("staff_ids") between 1 and 3 and "days" between 1 and 14)),
	CONSTRAINT "assistance_grants_agreed" CHECK ("agreed_at" is null or ("offered_at" is not null and "agreed_by" is not null and "agreed_at" <= "offer_until"
        and cardinality("file_ids") > 0 and "ends_at" is not null)),
	CONSTRAINT "assistance_grants_end" CHECK ("ends_at" <= "agreed_at" + interval '14 days'),
	CONSTRAINT "assistance_grants_live" CHECK ("state" not in ('granted', 'active') or ("agreed_at" is not null and "approved_at" is not null)),
	CONSTRAINT "assistance_grants_ended" CHECK (("state" = 'ended') = ("ended_at" is not null) and ("ended_at" is null) = ("end_reason" is null))
);
--> statement-breakpoint
CREATE TABLE "assistance_reads" (
	"organization_id" text,
	"id" text,
	"grant_id" text NOT NULL,
	"staff_id" text NOT NULL,
	"file_id" text NOT NULL,
	"first_line" integer NOT NULL,
	"lines" integer NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "assistance_reads_pkey" PRIMARY KEY("organization_id","id")
);
--> statement-breakpoint
CREATE TABLE "assistance_unlocks" (
	"organization_id" text,
	"grant_id" text,
	"staff_id" text,
	"at" timestamp with time zone,
	"until" timestamp with time zone NOT NULL,
	"purpose" text NOT NULL,
	CONSTRAINT "assistance_unlocks_pkey" PRIMARY KEY("organization_id","grant_id","staff_id","at"),
	CONSTRAINT "assistance_unlocks_until" CHECK ("until" <= "at" + interval '2 hours')
);
--> statement-breakpoint
CREATE INDEX "assistance_grants_desk" ON "assistance_grants" ("state","requested_at");--> statement-breakpoint
CREATE INDEX "assistance_reads_grant" ON "assistance_reads" ("organization_id","grant_id","at");--> statement-breakpoint
ALTER TABLE "assistance_grants" ADD CONSTRAINT "assistance_grants_organization_id_organizations_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "assistance_reads" ADD CONSTRAINT "assistance_reads_QtKX1lhX018s_fkey" FOREIGN KEY ("organization_id","grant_id") REFERENCES "assistance_grants"("organization_id","id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "assistance_unlocks" ADD CONSTRAINT "assistance_unlocks_5W1ffPGEPgCE_fkey" FOREIGN KEY ("organization_id","grant_id") REFERENCES "assistance_grants"("organization_id","id") ON DELETE CASCADE;