package lint

import "github.com/debriefhq/debrief/incident"

// Where the reasons come from.
const (
	sreExample     = "https://sre.google/sre-book/example-postmortem/"
	sreWorkbook    = "https://sre.google/workbook/postmortem-culture/"
	pagerWriting   = "https://postmortems.pagerduty.com/how_to_write/writing/"
	pagerBlame     = "https://postmortems.pagerduty.com/culture/blameless/"
	pagerFollowing = "https://postmortems.pagerduty.com/culture/accountability/"
	pagerSeverity  = "https://response.pagerduty.com/before/severity_levels/"
	pagerMessages  = "https://response.pagerduty.com/during/external_communication_guidelines/"
	etsyBlameless  = "https://codeascraft.com/2012/05/22/blameless-postmortems/"
	howie          = "https://howie-guide.pagerduty.com/analyze/"
	twilio         = "https://www.twilio.com/blog/2013/07/billing-incident-post-mortem-breakdown-analysis-and-root-cause.html"
	timesOnTheNet  = "https://www.rfc-editor.org/rfc/rfc3339#section-4"
	owaspKeeping   = "https://cheatsheetseries.owasp.org/cheatsheets/Secrets_Management_Cheat_Sheet.html"
	owaspLeak      = "https://owasp.org/www-project-web-security-testing-guide/latest/4-Web_Application_Security_Testing/01-Information_Gathering/05-Review_Web_Page_Content_for_Information_Leakage"
)

// Rules is the one table of rules, in the order in which a record is read.
// Their ids are final: records silence rules by them.
var Rules = []Rule{
	{"secret", incident.FindingError, "No credential stands in the record",
		"Whoever reads the record can use it, and history keeps it. Outsiders' forms withhold it until a person decides.", owaspKeeping, true, findSecrets},
	{"public_person", incident.FindingError, "What outsiders read names no colleague",
		"Outsiders need to know what happened, not who was on call: anybody could have been there, and a name in public stays.", pagerBlame, true, findPublicPersons},
	{"public_host", incident.FindingError, "What outsiders read names no machine",
		"Names and addresses of machines tell an attacker where to look, and a customer nothing.", owaspLeak, true, findPublicHosts},
	{"public_internal_link", incident.FindingError, "What outsiders read links to nothing they cannot open",
		"A link that only colleagues can open tells outsiders about our tools and helps nobody.", owaspLeak, true, findInternalLinks},
	{"public_time", incident.FindingWarning, "What outsiders are told has the times of the record",
		"Readers compare what they were told with their own logs; one time that is off by hours makes them doubt the others.", twilio, true, findPublicTimes},
	{"time_pair", incident.FindingWarning, "A time told in two zones is one instant",
		"Of two times that disagree nobody knows which is wrong: an early version of the timeline that Debrief is modelled on had such a pair.", twilio, true, findTimePairs},
	{"no_summary", incident.FindingWarning, "A summary says what broke, whom it hurt and how it ended",
		"Most readers read nothing else; without it they cannot tell whether the rest concerns them.", pagerWriting, false, findNoSummary},
	{"no_severity", incident.FindingNote, "The severity is said",
		"Without it nobody can find the bad ones, or see whether they become fewer.", pagerSeverity, false, findNoSeverity},
	{"no_start", incident.FindingWarning, "It is said when users began to be hurt",
		"Every measure but one counts from there, and users are often hurt well before anybody notices.", pagerWriting, false, findNoStart},
	{"no_detection", incident.FindingWarning, "It is said when the trouble was detected, and by what",
		"How long users were hurt before anybody knew is where monitoring is won or lost.", pagerWriting, false, findNoDetection},
	{"zone_label", incident.FindingWarning, "Labels of zones fit the date",
		"PST in July is an hour off: somebody will compare logs of the wrong hour. Of 37 real timelines in PST, 18 were of a summer day.", timesOnTheNet, true, findZoneLabels},
	{"stated_differs", incident.FindingWarning, "Stated durations are those of the milestones",
		"Two numbers for one thing: readers do not know which to believe. In 53 real documents that state one, 22 differ from their own times.", pagerWriting, false, findStatedDiffers},
	{"silence", incident.FindingNote, "The timeline has no silence of an hour while users were hurt",
		"What people tried and ruled out in a quiet hour is what the next ones on call need most.", howie, false, findSilences},
	{"no_impact", incident.FindingWarning, "It is said who was hurt and how",
		"How bad it was decides what is worth doing about it.", pagerWriting, false, findNoImpact},
	{"no_figures", incident.FindingNote, "An impact has a figure",
		"“Some customers” means something else to everybody; a share, a count or a sum does not.", pagerWriting, false, findNoFigures},
	{"no_message", incident.FindingWarning, "Customers who were hurt were told",
		"Customers find out anyway; who hears it from us first can plan, and goes on trusting.", pagerMessages, false, findNoMessage},
	{"broken_promise", incident.FindingWarning, "A promised update came by its time",
		"A promise kept is worth more than the update itself; a broken one is what people remember.", pagerMessages, false, findBrokenPromises},
	{"no_cause", incident.FindingWarning, "A cause is given, technical and of process",
		"A technical cause alone is mended once; the process that let it happen goes on making others.", pagerWriting, false, findNoCause},
	{"cause_is_person", incident.FindingWarning, "A cause goes on where a person comes into it",
		"An individual's action is where the analysis begins: anybody could have done it, and the next one will.", pagerWriting, true, findPersonCauses},
	{"blame", incident.FindingWarning, "No words of blame",
		"Who expects blame holds back what they know, and the record becomes less true.", etsyBlameless, true, findBlame},
	{"factor_without_evidence", incident.FindingNote, "A factor points at what it is known from",
		"A factor that points at no entry is an opinion; the next reader cannot check it.", pagerWriting, false, findUnevidenced},
	{"no_lesson_went_well", incident.FindingNote, "It is said what went well, or where luck helped",
		"What kept it from being worse is worth protecting, and nobody notices its loss.", sreExample, false, findNothingWentWell},
	{"no_action", incident.FindingWarning, "Something will be done",
		"A postmortem that changes nothing is a story: the same will happen again.", sreWorkbook, false, findNoAction},
	{"action_without_owner", incident.FindingWarning, "A follow-up has an owner",
		"What belongs to everybody is done by nobody.", sreWorkbook, false, findOwnerless},
	{"action_without_due", incident.FindingNote, "A follow-up has a date",
		"Without a date it is never late, and never done.", pagerFollowing, false, findDateless},
	{"action_vague", incident.FindingWarning, "A follow-up can be checked",
		"When nobody can say whether it is done, it will be called done.", pagerWriting, false, findVague},
}
