CREATE TABLE "guest_links" (
	"organization_id" text,
	"id" text,
	"email" text NOT NULL,
	"hash" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"used_at" timestamp with time zone,
	CONSTRAINT "guest_links_pkey" PRIMARY KEY("organization_id","id"),
	CONSTRAINT "guest_links_expiry" CHECK ("expires_at" >= "created_at")
);
--> statement-breakpoint
CREATE TABLE "identity_checks" (
	"organization_id" text,
	"deletion_id" text,
	"contact" text,
	"invoice_number" text,
	"domain" text,
	"signed_by" text NOT NULL,
	"signed_name" text NOT NULL,
	"signed_at" timestamp with time zone NOT NULL,
	CONSTRAINT "identity_checks_pkey" PRIMARY KEY("organization_id","deletion_id"),
	CONSTRAINT "identity_checks_two" CHECK (num_nonnulls("contact", "invoice_number", "domain") >= 2)
);
--> statement-breakpoint
CREATE TABLE "abuse_reports" (
	"id" text PRIMARY KEY,
	"kind" text NOT NULL,
	"words" text NOT NULL,
	"place" text NOT NULL,
	"contact" text,
	"created_at" timestamp with time zone NOT NULL,
	"outcome" text,
	"decided_by" text,
	"decided_name" text,
	"decided_at" timestamp with time zone,
	"note" text,
	CONSTRAINT "abuse_reports_size" CHECK (length("words") <= 5000 and length("place") <= 500),
	CONSTRAINT "abuse_reports_decided" CHECK (num_nonnulls("outcome", "decided_by", "decided_name", "decided_at", "note") in (0, 5))
);
--> statement-breakpoint
ALTER TABLE "tickets" ADD COLUMN "guest_email" text;--> statement-breakpoint
ALTER TABLE "tickets" ALTER COLUMN "requester_id" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "deletions" ALTER COLUMN "requested_by" DROP NOT NULL;--> statement-breakpoint
CREATE UNIQUE INDEX "guest_links_hash" ON "guest_links" ("hash");--> statement-breakpoint
CREATE INDEX "guest_links_expired" ON "guest_links" ("expires_at");--> statement-breakpoint
CREATE INDEX "abuse_reports_open" ON "abuse_reports" ("created_at") WHERE "outcome" is null;--> statement-breakpoint
ALTER TABLE "guest_links" ADD CONSTRAINT "guest_links_organization_id_organizations_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "identity_checks" ADD CONSTRAINT "identity_checks_xzvMy5e9WQLn_fkey" FOREIGN KEY ("organization_id","deletion_id") REFERENCES "deletions"("organization_id","id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "tickets" ADD CONSTRAINT "tickets_asked_by_one" CHECK (num_nonnulls("requester_id", "guest_email") = 1);