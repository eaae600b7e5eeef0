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
	etsyAsking     = "https://github.com/etsy/DebriefingFacilitationGuide/blob/master/guide/05-the-art-of-asking-questions.md"
	etsyBlameless  = "https://www.etsy.com/codeascraft/blameless-postmortems/"
	howie          = "https://howie-guide.pagerduty.com/analyze/"
	twilio         = "https://www.twilio.com/blog/2013/07/billing-incident-post-mortem-breakdown-analysis-and-root-cause.html"
	timesOnTheNet  = "https://www.rfc-editor.org/rfc/rfc3339#section-4"
	silencing      = "https://github.com/debriefhq/debrief/blob/main/docs/lint.md#silencing"
	owaspKeeping   = "https://cheatsheetseries.owasp.org/cheatsheets/Secrets_Management_Cheat_Sheet.html"
	owaspLeak      = "https://owasp.org/www-project-web-security-testing-guide/latest/4-Web_Application_Security_Testing/01-Information_Gathering/05-Review_Web_Page_Content_for_Information_Leakage"
)

// Rules is the one table of rules, in the order in which a record is read.
// Their ids are final: records silence rules by them.
var Rules = []Rule{
	{"secret", incident.FindingError, "No credential stands in the record",
		"Whoever reads the record can use it, and history keeps it. Outsiders' forms withhold it until a person decides.", owaspKeeping, true, findSecrets},
	{"public_person", incident.FindingError, "What outsiders read names no colleague",
		"Outsiders need to know what happened, not who was on call. It could have been anybody, and a name on the web stays there.", pagerBlame, true, findPublicPersons},
	{"public_host", incident.FindingError, "What outsiders read names no machine",
		"Names and addresses of machines show an attacker where to look, and tell a customer nothing.", owaspLeak, true, findPublicHosts},
	{"public_internal_link", incident.FindingError, "What outsiders read links to nothing they cannot open",
		"A link that only colleagues can open shows outsiders which tools we use, and helps none of them.", owaspLeak, true, findInternalLinks},
	{"public_time", incident.FindingWarning, "What outsiders are told has the times of the record",
		"Readers compare what they were told with their own logs; one time that is off by hours makes them doubt the others.", twilio, true, findPublicTimes},
	{"time_pair", incident.FindingWarning, "A time told in two zones is one instant",
		"When two times disagree, nobody knows which is wrong. An early version of the timeline that Debrief is modelled on had such a pair.", twilio, true, findTimePairs},
	{"no_summary", incident.FindingWarning, "A summary says what broke, whom it hurt and how it ended",
		"Most readers read nothing else; without it they cannot tell whether the rest concerns them.", pagerWriting, false, findNoSummary},
	{"no_severity", incident.FindingNote, "The severity is said",
		"Without it nobody can find the worst incidents, or see whether there are fewer of them.", pagerSeverity, false, findNoSeverity},
	{"no_start", incident.FindingWarning, "It is said when users began to be hurt",
		"Every measure but one counts from there, and users are often hurt well before anybody notices.", pagerWriting, false, findNoStart},
	{"no_detection", incident.FindingWarning, "It is said when the trouble was detected, and by what",
		"How long users were hurt before anybody knew is where monitoring is won or lost.", pagerWriting, false, findNoDetection},
	{"zone_label", incident.FindingWarning, "Labels of zones fit the date",
		"PST in July is an hour off, and somebody will read the logs of the wrong hour. Of 37 real timelines in PST, 18 were of a summer day.", timesOnTheNet, true, findZoneLabels},
	{"stated_differs", incident.FindingWarning, "Stated durations are those of the milestones",
		"Two numbers for one thing: readers do not know which to believe. Of 53 real postmortems that state a duration, 22 contradict their own times.", pagerWriting, false, findStatedDiffers},
	{"silence", incident.FindingNote, "The timeline has no silence of an hour while users were hurt",
		"What people tried and ruled out in a quiet hour is what the next ones on call need most.", howie, false, findSilences},
	{"no_impact", incident.FindingWarning, "It is said who was hurt and how",
		"How bad it was decides what is worth doing about it.", pagerWriting, false, findNoImpact},
	{"no_figures", incident.FindingNote, "An impact has a figure",
		"“Some customers” means something else to everybody; a share, a count or a sum does not.", pagerWriting, false, findNoFigures},
	{"no_message", incident.FindingWarning, "Customers who were hurt were told",
		"Customers find out anyway. Those who hear it from us first can plan, and go on trusting us.", pagerMessages, false, findNoMessage},
	{"broken_promise", incident.FindingWarning, "A promised update came by its time",
		"A promise kept is worth more than the update itself; people remember the broken one.", pagerMessages, false, findBrokenPromises},
	{"no_cause", incident.FindingWarning, "A cause is given, in the technology and in the process",
		"Mending what failed mends it once. What let it fail, and stay unnoticed, goes on causing other failures.", pagerWriting, false, findNoCause},
	{"cause_is_person", incident.FindingWarning, "A cause does not stop at a person",
		"What somebody did is where the questions begin: it made sense to them at the time, and it will to the next person.", etsyAsking, true, findPersonCauses},
	{"blame", incident.FindingWarning, "Nobody is blamed",
		"People who expect blame keep back what they know, and the record becomes less true.", etsyBlameless, true, findBlame},
	{"factor_without_evidence", incident.FindingNote, "A factor points at what it is known from",
		"A factor that points at no entry is an opinion; the next reader cannot check it.", pagerWriting, false, findUnevidenced},
	{"no_lesson_went_well", incident.FindingNote, "It is said what went well, or where luck helped",
		"What kept it from being worse is worth protecting, and nobody notices its loss.", sreExample, false, findNothingWentWell},
	{"no_action", incident.FindingWarning, "Something will be done",
		"A postmortem that changes nothing is only a story: the same can happen again tomorrow.", sreWorkbook, false, findNoAction},
	{"action_without_owner", incident.FindingWarning, "A follow-up has an owner",
		"What belongs to everybody is done by nobody.", sreWorkbook, false, findOwnerless},
	{"action_without_due", incident.FindingNote, "A follow-up has a date",
		"What has no date is never late, and so is never done.", pagerFollowing, false, findDateless},
	{"action_vague", incident.FindingWarning, "A follow-up can be checked",
		"When nobody can say whether it is done, somebody will call it done.", pagerWriting, false, findVague},
	{"silence_of_nothing", incident.FindingWarning, "What is silenced is a rule",
		"A decision about a rule that is misspelt silences nothing, and whoever made it believes that it does.", silencing, false, findSilencesOfNothing},
}
