CREATE TABLE "deletion_receipts" (
	"organization_id" text,
	"id" text,
	"sequence" bigint NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"signed" text NOT NULL,
	"hash" text NOT NULL,
	"key_id" text NOT NULL,
	"signature" text NOT NULL,
	"copied_at" timestamp with time zone,
	CONSTRAINT "deletion_receipts_pkey" PRIMARY KEY("organization_id","id")
);
--> statement-breakpoint
CREATE TABLE "receipt_heads" (
	"organization_id" text PRIMARY KEY,
	"sequence" bigint NOT NULL,
	"hash" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "receipt_keys" (
	"id" text PRIMARY KEY,
	"public_key" text NOT NULL,
	"since" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX "deletion_receipts_sequence" ON "deletion_receipts" ("organization_id","sequence");--> statement-breakpoint
CREATE INDEX "deletion_receipts_uncopied" ON "deletion_receipts" ("at") WHERE "copied_at" is null;--> statement-breakpoint
ALTER TABLE "deletion_receipts" ADD CONSTRAINT "deletion_receipts_key_id_receipt_keys_id_fkey" FOREIGN KEY ("key_id") REFERENCES "receipt_keys"("id");--> statement-breakpoint
GRANT SELECT, INSERT ON "receipt_keys" TO comptoir_tenant;
