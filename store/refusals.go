package store

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/debriefhq/debrief/incident"
)

// broken is the refusal of a rule that the schema holds.
func broken(pointer, detail string) *incident.Error {
	return &incident.Error{Kind: incident.Invalid, Detail: pointer + " " + detail, Fields: map[string]string{pointer: detail}}
}

var (
	missingIncident = incident.Refuse(incident.NotFound, "", "there is no such incident")
	missingPerson   = incident.Refuse(incident.NotFound, "", "there is no such person")
	tryAgain        = incident.Refuse(incident.Conflict, "", "another request was quicker: repeat yours")
)

// refusals tells what each named constraint of the schema means to a caller. Those of the parts are in
// partRefusals. A test reads the schema and finds any that are missing.
var refusals = map[string]*incident.Error{
	"people_pkey":                          tryAgain,
	"person_name_is_free":                  incident.Refuse(incident.Conflict, "/name", "is somebody's already: choose another name"),
	"person_name_has_length":               broken("/name", "has 1 to 200 characters"),
	"person_role_is_known":                 broken("/role", "is one of viewer, responder, reviewer, admin"),
	"person_email_has_length":              broken("/email", "has at most 254 characters"),
	"person_email_fault_has_length":        broken("/fault", "has at most 500 characters"),
	"reminders_pkey":                       tryAgain,
	"reminder_is_to_a_person":              missingPerson,
	"reminder_of_follow_ups_is_once_a_day": tryAgain,
	"reminder_of_a_promise_is_once":        tryAgain,
	"reminder_of_a_digest_is_once":         tryAgain,
	"reminder_kind_is_known":               broken("/kind", "is one of overdue, promise"),
	"reminder_is_about_something":          broken("/kind", "is that of what it is about"),
	"reminder_state_is_known":              broken("/state", "is one of queued, sending, delivered, failed, unknown, cancelled"),
	"reminder_has_a_lease":                 broken("/lease", "is there while it is sent"),
	"reminder_reason_has_length":           broken("/reason", "has at most 500 characters"),

	"tokens_pkey":             tryAgain,
	"token_has_a_person":      missingPerson,
	"token_digest_is_its_own": tryAgain,
	"token_name_has_length":   broken("/name", "has at most 200 characters"),
	"token_role_is_known":     broken("/role", "is one of viewer, responder, reviewer, admin"),
	"token_scope_is_known":    broken("/scope", "is one of read, write, full"),
	"sessions_pkey":           tryAgain,
	"session_has_a_person":    missingPerson,
	"sign_in_links_pkey":      tryAgain,
	"link_has_a_person":       missingPerson,

	"session_id_is_its_own":       tryAgain,
	"session_way_is_known":        broken("/way", "is one of link, password, provider"),
	"session_browser_has_length":  broken("/browser", "has at most 100 characters"),
	"passwords_pkey":              tryAgain,
	"password_has_a_person":       missingPerson,
	"password_hash_has_length":    broken("/password", "has a hash of 1 to 400 characters"),
	"identities_pkey":             tryAgain,
	"identity_has_a_person":       missingPerson,
	"identity_is_of_one_person":   tryAgain,
	"identity_issuer_has_length":  broken("/issuer", "has 1 to 500 characters"),
	"identity_subject_has_length": broken("/subject", "has 1 to 255 characters"),
	"sign_in_tries_pkey":          tryAgain,

	"tallies_pkey":          tryAgain,
	"documents_pkey":        tryAgain,
	"tally_changes_pkey":    tryAgain,
	"views_pkey":            tryAgain,
	"view_has_a_person":     missingPerson,
	"view_name_is_free":     incident.Refuse(incident.Conflict, "/name", "is another view's already: choose another name"),
	"view_name_has_length":  broken("/name", "has 1 to 100 characters"),
	"view_query_has_length": broken("/query", "has 1 to 4000 bytes: ask for less"),

	"incidents_pkey":                 incident.Refuse(incident.Conflict, "/number", "is taken: file it as a new incident"),
	"incident_number_is_positive":    broken("/number", "is at least 1"),
	"incident_id_is_its_own":         incident.Refuse(incident.Conflict, "/id", "is another incident's: file it as a new incident"),
	"incident_id_has_its_form":       broken("/id", "has 12 characters a-z0-9"),
	"incident_kind_is_known":         broken("/kind", "is one of incident, near_miss, maintenance"),
	"title_has_length":               broken("/title", "has 1 to 200 characters"),
	"public_title_has_length":        broken("/public_title", "has at most 200 characters"),
	"summary_has_length":             broken("/summary", "has at most 65536 characters"),
	"background_has_length":          broken("/background", "has at most 65536 characters"),
	"public_summary_has_length":      broken("/public_summary", "has at most 65536 characters"),
	"severity_is_known":              broken("/severity", "is one of sev1, sev2, sev3, sev4, or empty"),
	"status_fits_kind":               broken("/status", "is no status of this kind of incident"),
	"resolution_is_known":            broken("/resolution", "is one of duplicate, false_alarm, or empty"),
	"resolution_goes_with_resolved":  broken("/resolution", "goes only with the status resolved: leave it out"),
	"duplicate_says_of_what":         broken("/duplicate_of", "is missing: name the incident that this one repeats"),
	"duplicate_is_of_another":        broken("/duplicate_of", "names the incident itself: name the other one"),
	"recurrence_is_of_another":       broken("/recurrence_of", "names the incident itself: name the earlier one"),
	"visibility_is_known":            broken("/visibility", "is one of internal, private"),
	"zone_has_length":                broken("/zone", "is an IANA name, UTC, or an offset such as +05:30"),
	"tags_are_few":                   broken("/tags", "has at most 50 items"),
	"sources_are_few":                broken("/sources", "has at most 200 items"),
	"silenced_are_few":               broken("/silenced", "has at most 200 items"),
	"related_are_few":                broken("/related", "has at most 100 items"),
	"triggered_is_sound":             unsound("/milestones/triggered"),
	"started_is_sound":               unsound("/milestones/started"),
	"detected_is_sound":              unsound("/milestones/detected"),
	"acknowledged_is_sound":          unsound("/milestones/acknowledged"),
	"mitigated_is_sound":             unsound("/milestones/mitigated"),
	"resolved_is_sound":              unsound("/milestones/resolved"),
	"review_state_is_known":          broken("/review/state", "is one of draft, in_review, approved, published"),
	"reviewers_are_few":              broken("/review/reviewers", "has at most 50 items"),
	"approvals_are_a_list":           broken("/review/approvals", "is a list"),
	"revision_is_positive":           broken("/revision", "is at least 1"),
	"created_by_has_length":          broken("/created_by", "has at most 200 characters"),
	"published_says_when":            broken("/review/published_at", "is missing"),
	"stated_has_length":              broken("/stated", "has at most 200 characters in each"),
	"trigger_is_sound":               broken("/analysis/trigger", "has a text of at most 65536 characters and an audience"),
	"technical_cause_is_sound":       broken("/analysis/technical_cause", "has a text of at most 65536 characters and an audience"),
	"process_cause_is_sound":         broken("/analysis/process_cause", "has a text of at most 65536 characters and an audience"),
	"incident_people_pkey":           tryAgain,
	"named_person_is_on_an_incident": missingIncident,
	"named_person_role_has_length":   broken("/people", "have roles of 1 to 60 characters"),
	"named_person_name_has_length":   broken("/people", "have names of 1 to 200 characters"),
	"named_person_from_is_sound":     unsound("/people"),
	"named_person_until_is_sound":    unsound("/people"),
	"named_people_are_few":           broken("/people", "has at most 200 items"),
	"named_pkey":                     tryAgain,
	"named_on_an_incident":           missingIncident,

	"webhooks_pkey":                      tryAgain,
	"webhook_id_has_its_form":            broken("/id", "has 12 characters a-z0-9"),
	"webhook_url_has_length":             broken("/url", "has 1 to 2000 characters"),
	"webhook_description_has_length":     broken("/description", "has at most 500 characters"),
	"webhook_events_are_few":             broken("/events", "has at most 50 items"),
	"webhook_state_is_known":             broken("/state", "is one of active, disabled"),
	"webhook_reason_has_length":          broken("/reason", "has at most 500 characters"),
	"webhook_deliveries_pkey":            tryAgain,
	"webhook_delivery_state_is_known":    broken("/state", "is one of queued, sending, delivered, failed, cancelled"),
	"webhook_delivery_has_a_lease":       broken("/lease", "goes only with the state sending"),
	"webhook_delivery_texts_have_length": broken("/answer", "is too long"),

	"components_pkey":                  tryAgain,
	"component_name_is_free":           incident.Refuse(incident.Conflict, "/name", "is a component's already"),
	"component_name_has_length":        broken("/component", "has 1 to 200 characters"),
	"component_id_has_its_form":        broken("/id", "has 12 characters a-z0-9"),
	"component_description_has_length": broken("/description", "has at most 2000 characters"),
	"component_group_has_length":       broken("/group", "has at most 200 characters"),
	"component_position_is_in_range":   broken("/position", "is from 0 to 1000000000"),
	"component_audience_is_known":      broken("/audience", "is one of public, internal"),
	"notices_pkey":                     tryAgain,
	"notice_is_of_an_incident":         missingIncident,
	"publications_pkey":                tryAgain,
	"publication_is_of_an_incident":    missingIncident,
	"subscribers_pkey":                 tryAgain,
	"subscriber_address_is_its_own":    tryAgain,
	"subscriber_kind_is_known":         broken("/kind", "is one of email, webhook, slack, teams"),
	"subscriber_state_is_known":        broken("/state", "is one of pending, active, bounced"),
	"subscriber_address_has_length":    broken("/address", "has 1 to 2000 characters"),
	"subscriber_components_are_few":    broken("/components", "are too many: choose at most 200, or none for all"),
	"subscriber_reason_has_length":     broken("/reason", "has at most 500 characters"),
	"active_subscriber_has_confirmed":  broken("/confirmed_at", "is missing"),
	"deliveries_pkey":                  tryAgain,
	"delivery_is_to_a_subscriber":      tryAgain,
	"delivery_is_once_of_a_message":    incident.Refuse(incident.Conflict, "", "is queued already"),
	"delivery_kind_is_known":           broken("/kind", "is one of email, webhook, slack, teams"),
	"delivery_state_is_known":          broken("/state", "is one of queued, sending, delivered, failed, unknown, left, cancelled"),
	"delivery_has_a_message":           missingIncident,
	"delivery_has_a_lease":             broken("/lease", "goes only with the state sending"),
	"delivery_reason_has_length":       broken("/reason", "has at most 500 characters"),
	"chains_pkey":                      tryAgain,
	"history_pkey":                     tryAgain,
	"history_has_a_chain":              missingIncident,
	"history_has_a_person":             missingPerson,
	"checkpoints_pkey":                 tryAgain,
	"idempotency_keys_pkey":            tryAgain,
	"visits_pkey":                      tryAgain,
	"idempotency_key_has_length":       incident.Refuse(incident.Malformed, "", "an Idempotency-Key has 1 to 255 bytes"),
	"facts_pkey":                       tryAgain,
	"facts_of_an_incident":             missingIncident,
	"facts_due_pkey":                   tryAgain,
	"facts_due_of_an_incident":         missingIncident,
	"fact_marks_pkey":                  tryAgain,
	"sheets_pkey":                      tryAgain,
	"sheet_is_the_only_one":            tryAgain,
	"sheet_years_pkey":                 tryAgain,
	"lexicon_pkey":                     tryAgain,
	"word_news_pkey":                   tryAgain,
	"unindexed_pkey":                   tryAgain,
	"search_pkey":                      tryAgain,
	"search_of_an_incident":            missingIncident,
	"dismissals_pkey":                  tryAgain,
	"dismissal_is_in_order":            broken("/incident", "is this incident itself: name another"),
	"dismissed_low_is_an_incident":     missingIncident,
	"dismissed_high_is_an_incident":    missingIncident,
	"deployments_pkey":                 tryAgain,
	"deployment_id_has_its_form":       broken("/id", "has 12 characters a-z0-9"),
	"deployment_component_has_length":  broken("/component", "has 1 to 200 characters"),
	"deployment_version_has_length":    broken("/version", "has 1 to 200 characters"),
	"deployment_at_is_sound":           unsound("/at"),
	"deployment_state_is_known":        broken("/state", "is one of succeeded, failed"),
	"deployment_texts_have_length":     broken("", "a text is longer than its field takes: shorten it"),
	"deployment_days_pkey":             tryAgain,
}

func unsound(pointer string) *incident.Error {
	return broken(pointer, "needs a zone, a time from 1970 to 2200, and a precision that is unknown exactly when the instant is")
}

// refuse turns what went wrong into our answer: a refusal stays one, a constraint becomes the refusal
// that the tables name, a value that the database cannot hold is Invalid, and all else is a fault,
// wrapped with what we were doing.
func refuse(err error, doing string) error {
	if err == nil {
		return nil
	}
	var refusal *incident.Error
	var again *repeated
	if errors.As(err, &refusal) || errors.As(err, &again) {
		return err
	}
	var fault *pgconn.PgError
	if errors.As(err, &fault) {
		for _, table := range []map[string]*incident.Error{refusals, partRefusals} {
			if known, ok := table[fault.ConstraintName]; ok {
				answer := *known
				return &answer
			}
		}
		if len(fault.Code) == 5 && (fault.Code[:2] == "22" || fault.Code[:2] == "54") { // data_exception, program_limit_exceeded
			return incident.Refuse(incident.Invalid, "", "a value cannot be kept: it is out of range, too large, or holds characters such as NUL that a text cannot have")
		}
	}
	var number *json.UnsupportedValueError
	if errors.As(err, &number) {
		return incident.Refuse(incident.Invalid, "", "a number is infinite or none at all: leave it out")
	}
	return fmt.Errorf("%s: %w", doing, err)
}
