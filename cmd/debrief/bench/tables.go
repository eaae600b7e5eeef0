package bench

// growing are the tables that get rows for as long as an installation lives, which no request may read from end to
// end. Every table stands here or in bounded; a test fails for one that does not.
var growing = []string{
	"incidents", "incident_people", "named", "entries", "impacts", "whys", "factors", "lessons", "messages", "actions", "comments", "images",
	"chains", "history", "checkpoints", "search", "notices", "publications", "deliveries", "subscribers", "idempotency_keys",
	"deployments", "dismissals", "webhook_deliveries", "documents", "facts", "facts_due", "lexicon", "reminders",
}

// bounded are tables that stay small, and why.
var bounded = map[string]string{ //nolint:gosec // names of tables, no credentials
	"schema_migrations":  "one row",
	"people":             "who works here",
	"passwords":          "one for each person",
	"identities":         "a few for each person",
	"tokens":             "a few for each person",
	"sessions":           "swept when they end",
	"sign_in_links":      "swept when they end",
	"sign_in_tries":      "swept after a while",
	"components":         "parts of the product",
	"webhooks":           "receivers that admins added",
	"views":              "a few for each person, and counted",
	"visits":             "pages that are open",
	"tallies":            "statuses and severities, by who is named on private incidents",
	"word_news":          "added up every few seconds",
	"unindexed":          "what a migration left to do",
	"tally_changes":      "added up every few seconds, and reading stops at a bound",
	"deployment_days":    "days and components",
	"fact_marks":         "added up every few seconds",
	"sheets":             "months and components",
	"sheet_years":        "years",
	"river_job":          "River drops what is done after a day",
	"river_leader":       "one row",
	"river_queue":        "our queues",
	"river_notification": "dropped once told",
}
