CREATE TABLE "master_agreements" (
	"organization_id" text,
	"id" text,
	"number" text NOT NULL,
	"signed_at" timestamp with time zone NOT NULL,
	"file_name" text NOT NULL,
	"file_sha256" text NOT NULL,
	"file" bytea NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "master_agreements_pkey" PRIMARY KEY("organization_id","id")
);
--> statement-breakpoint
ALTER TABLE "purchase_orders" ADD COLUMN "agreement_id" text;--> statement-breakpoint
CREATE UNIQUE INDEX "master_agreements_number_key" ON "master_agreements" ("organization_id","number");--> statement-breakpoint
ALTER TABLE "master_agreements" ADD CONSTRAINT "master_agreements_organization_id_organizations_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id");--> statement-breakpoint
ALTER TABLE "purchase_orders" ADD CONSTRAINT "purchase_orders_9RL5Rrsdb0bN_fkey" FOREIGN KEY ("organization_id","agreement_id") REFERENCES "master_agreements"("organization_id","id");