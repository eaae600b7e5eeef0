package lint_test

import (
	"github.com/debriefhq/debrief/incident"
)

// trial turns the whole record into one that a rule must find, and into one
// near it that it must not.
type trial struct {
	name          string
	lacking, near func(*incident.Incident)
}

type edit = func(*incident.Incident)

// publicly makes a trial of two public summaries.
func publicly(name, lacking, near string) trial {
	return trial{name, func(in *incident.Incident) { in.PublicSummary = lacking }, func(in *incident.Incident) { in.PublicSummary = near }}
}

// within makes a trial of two internal summaries.
func within(name, lacking, near string) trial {
	return trial{name, func(in *incident.Incident) { in.Summary = lacking }, func(in *incident.Incident) { in.Summary = near }}
}

// process makes a trial of two process causes.
func process(name, lacking, near string) trial {
	return trial{name, func(in *incident.Incident) { in.Analysis.ProcessCause.Text = lacking }, func(in *incident.Incident) { in.Analysis.ProcessCause.Text = near }}
}

// doing makes a trial of two titles of an action.
func doing(name, lacking, near string) trial {
	return trial{name, func(in *incident.Incident) { in.Actions[0].Title = lacking }, func(in *incident.Incident) { in.Actions[0].Title = near }}
}

func near(edits ...edit) edit {
	return func(in *incident.Incident) {
		for _, e := range edits {
			e(in)
		}
	}
}

var (
	nearMiss    = func(in *incident.Incident) { in.Kind = incident.NearMiss }
	maintenance = func(in *incident.Incident) { in.Kind, in.Status = incident.Maintenance, incident.Completed }
	unresolved  = func(in *incident.Incident) { in.Status, in.Milestones.Resolved = incident.Investigating, nil }
	falseAlarm  = func(in *incident.Incident) { in.Resolution = incident.FalseAlarm }
	noSummary   = func(in *incident.Incident) { in.Summary = " \n" }
	noStart     = func(in *incident.Incident) { in.Milestones.Started = nil }
	noDetection = func(in *incident.Incident) { in.Milestones.Detected = nil }
	noImpact    = func(in *incident.Incident) { in.Impacts = nil }
	noMessages  = func(in *incident.Incident) { in.Messages = nil }
	noActions   = func(in *incident.Incident) { in.Actions = nil }
	noCauses    = func(in *incident.Incident) { in.Analysis = incident.Analysis{} }
	lastEntry   = func(at string) edit {
		return func(in *incident.Incident) { in.Timeline[2].At = moment(at) }
	}
)

// accessKey is joined here, so that nothing that looks for leaked credentials
// finds one in this file.
const accessKey = "AKIA" + "Q3EGRWHJ5T2MZ7XB"

var trials = map[string][]trial{
	"secret": {
		within("an access key", "It ran with "+accessKey+".", "It ran with an AKIA key of the old account."),
		within("a password", "Log in with password=hunter2hunter2", "The password was wrong, password=<yours>"),
	},
	"public_person": {
		publicly("a full name", "At first Ana Reyes restarted the master.", "At first the engineer on call restarted the master. Anabel Reyesson wrote in."),
		publicly("an owner", "Bo Lind is on it.", "Bob Lindgren's bridge is not ours."),
		publicly("a possessive", "Bo Lind’s fix went out.", "Lindau’s fix went out."),
		publicly("capitals", "ANA REYES restarted it.", "AN A-REYES-B tree was rebuilt."),
		publicly("a first name", "Ana restarted it.", "Banana and ana are words; ANA is an airline."),
		publicly("emphasis and a new line", "**Ana**\n_Reyes_ restarted it.", "Anagram. Reyesson."),
		publicly("an address of mail", "Write to ana.reyes@example.com.", "Write to support@example.com."),
		{"a role as a name", func(in *incident.Incident) { in.Timeline[0].Text = "Ana Reyes saw it." },
			func(in *incident.Incident) { in.Timeline[0].Text = "The on-call engineer saw it; Monitoring did not." }},
		{"an internal text", func(in *incident.Incident) { in.Analysis.Trigger.Text = "Ana Reyes pulled a cable." },
			func(in *incident.Incident) { in.Timeline[2].Text = "Ana Reyes pulled a cable." }},
	},
	"public_host": {
		publicly("a numbered machine", "The master redis-master-01 was restarted.", "The first master was restarted under UTF-8, SHA-256, ES2020 and Log4j-2."),
		publicly("a private address", "10.12.0.7 was out of memory.", "Version 10.12.0 ran out of memory; use 203.0.113.7 and 127.0.0.1 in examples."),
		publicly("a private domain", "db.prod.internal did not answer.", "db.example.com is what customers call; internal checks were green."),
		publicly("an address of IPv6", "2a02:26f7:c9::17 was down.", "At 12:34:56 std::vector and a::b failed; 2001:db8::1 and ::1 are examples."),
		publicly("capitals", "DB-12.PROD.INTERNAL and SRV-EXCH01 hung.", "DB2, ES6, H264, UTF-16 and HTTP-502 are no machines."),
		publicly("an underscore", "_web_12_ hung.", "api_v2 hung, with gateway-502 and app500."),
		publicly("a machine somebody signs in to", "ssh root@10.1.0.5 hung.", "Write to support@db1.example.com."),
		publicly("a database of a provider", "billing.c9akciq32.eu-west-1.rds.amazonaws.com hung.", "RDS in eu-west-1 hung; see aws.amazon.com."),
		publicly("an address that looks like a version", "10.1.2.3 hung.", "Version 10.1.2.3 hung; so did v10.0.1.4 and release 1.2.3.4."),
		publicly("a broker", "kafka-broker-3 hung.", "node18, postgres-15 and java-17 are versions."),
		publicly("an instance", "i-0abcd1234ef567890 was lost.", "An instance in us-east-1 was lost (INC-1234, sev-1)."),
		publicly("a name inside a company's domain", "psql.int.example.com hung.", "docs.int.rs, prod.example.com and api2.example.com are what customers call; ns1.example.com too."),
		publicly("another environment", "kafka.prod.acme.net and jenkins.ops.acme.com hung.", "production, ops.example and staging.example.com hung."),
		publicly("digits after a dash", "web-042 and lon-web-11 hung.", "INC-042, PR-042, step-01, adr-0012, rfc-0042 and page-02 say more."),
		publicly("a machine of another kind", "mail01, nas-01 and gitlab-runner-12 hung.", "edge-case-3, Web2.0 and search-1 hung; see level-3 support."),
		publicly("a network", "10.0.0.0/8 was cut off.", "8.8.8.8 and 1.1.1.1 answered, 127.0.0.0/8 too."),
		publicly("a pod", "billing-api-5d9c8b7f64-x2x9z and gke-prod-a-32-134a959a-wlmp restarted.", "billing-api restarted; see api-2013-07-18 in the archive, nodes-1.16.13 in the charts."),
	},
	"public_internal_link": {
		publicly("a tracker", "See https://acme.atlassian.net/browse/OPS-1.", "See https://status.example.com/incidents/1."),
		publicly("a single label", "See http://wiki/outage.", "See https://github.com/redis/redis/issues/1."),
		publicly("a dashboard", "See https://grafana.acme.example/d/1", "See https://grafana.com/docs/"),
		publicly("a document of a colleague", "See https://docs.google.com/document/d/1x/edit", "See https://docs.aws.amazon.com/x"),
		publicly("capitals", "HTTPS://JIRA.ACME.EXAMPLE/A", "HTTPS://STATUS.ACME.EXAMPLE/A"),
		publicly("no scheme", "acme.atlassian.net/browse/OPS-1", "and/or, example.com/x, 1.2/3.4"),
		publicly("an address of IPv6", "http://[fd00::1]/x", "http://[2a02:26f7::1]/x"),
		publicly("somebody else's pages", "[log](https://jenkins.acme.example/job/1)", "See https://docs.sentry.io/ and https://status.slack.com/x."),
		{"the source of an entry", func(in *incident.Incident) { in.Timeline[0].Source = "https://acme.slack.com/archives/C1/p1" },
			func(in *incident.Incident) { in.Timeline[2].Source = "https://acme.slack.com/archives/C1/p1" }},
	},
	"public_time": {
		publicly("an hour off", "From 1:39 AM PDT cards were charged.", "From 2:39 AM PDT (09:39 UTC) cards were charged."),
		publicly("about", "About 03:20 UTC it began.", "About 09:45 UTC it began."),
		publicly("what is no time of day", "It ended at 6:00 PM PDT.", "It took 1:20 hours, at a ratio of 3:20. The next update will come by 6:00 PM PDT."),
		publicly("no zone", "Between 2:39 and 4:59 cards were charged.", "Between 2:39 and 4:05, or 9:39 and 11:05, 1.40 % of customers; v1.25."),
	},
	"time_pair": {
		within("the pair that Twilio got wrong", "On-call was paged at 2:42 AM PDT / 7:42 UTC.", "On-call was paged at 2:42 AM PDT / 09:42 UTC."),
		within("in square brackets", "2:42 AM PDT [10:42 UTC]", "2:42 AM PDT [09:42 UTC]"),
		within("in brackets", "At 02:42 PDT (10:42 UTC) it began.", "At 02:42 PDT (09:42 UTC) it began, and ended 12:15 UTC."),
	},
	"no_summary": {
		{"none", noSummary, near(noSummary, falseAlarm)},
		{"none for outsiders", func(in *incident.Incident) { in.PublicSummary = ""; in.Review.State = incident.ReviewApproved },
			func(in *incident.Incident) { in.PublicSummary = "" }},
	},
	"no_severity":  {{"none", func(in *incident.Incident) { in.Severity = "" }, func(in *incident.Incident) { in.Severity = ""; nearMiss(in) }}},
	"no_start":     {{"none", noStart, near(noStart, nearMiss)}},
	"no_detection": {{"none", noDetection, near(noDetection, maintenance)}},
	"zone_label": {
		{"standard time in July", func(in *incident.Incident) { in.Milestones.Detected.AsWritten = "2:42 AM PST" },
			func(in *incident.Incident) { in.Milestones.Detected.AsWritten = "02:42 PDT" }},
		within("in a text", "It began at 2:39 AM PST.", "It began at 2:39 AM PDT, as on 2013-01-18 at 2:39 AM PST."),
		within("for all times", "All times are in PST.", "All times are in PDT; PST is for winter."),
		within("with a date of its own", "On July 30, 2018 all times in EST.", "On January 30th, 2018: 11:20 EST."),
		within("with a date as Americans write it", "Timeline (all times PST) 04/23/2023 - 05/03/2023.", "Timeline (all times PST) 01/05/2024 - 04/28/2024."),
		within("in Europe", "Am 18 July 2013, 11:39 CET.", "On 18 July 2013, 11:39 CEST."),
	},
	"stated_differs": {{"by an hour", func(in *incident.Incident) { said := "3h 36m"; in.Stated.TimeToResolve = &said },
		func(in *incident.Incident) { said := "2h 37m"; in.Stated.TimeToResolve = &said }}},
	"silence": {
		{"an hour and more", near(noMessages, lastEntry("2013-07-18 2:50 AM PDT")), near(noMessages, lastEntry("2013-07-18 3:10 AM PDT"))},
		{"what was said is no silence", near(noMessages, lastEntry("2013-07-18 4:06 AM PDT")), lastEntry("2013-07-18 3:40 AM PDT")},
		{"before the trouble", func(in *incident.Incident) { in.Timeline = in.Timeline[:1]; noMessages(in) },
			func(in *incident.Incident) { in.Timeline[0].At = moment("2013-07-17 1:35 AM PDT") }},
	},
	"no_impact":  {{"none", noImpact, near(noImpact, nearMiss)}},
	"no_figures": {{"none", func(in *incident.Incident) { in.Impacts[0].Figures = nil }, near(noImpact)}},
	"no_message": {
		{"none", noMessages, near(noMessages, func(in *incident.Incident) { in.Impacts[0].Audience = incident.AudienceInternal })},
		{"a draft", func(in *incident.Incident) { in.Messages[0].State = incident.Draft; in.Messages = in.Messages[:1] },
			func(in *incident.Incident) { in.Messages[0].At = nil; in.Messages = in.Messages[:1] }},
	},
	"broken_promise": {
		{"late", func(in *incident.Incident) { in.Messages[1].At = moment("2013-07-18 4:06 AM PDT") },
			func(in *incident.Incident) { in.Messages[1].At = moment("2013-07-18 4:04 AM PDT") }},
		{"never", func(in *incident.Incident) { in.Messages = in.Messages[:1] },
			near(func(in *incident.Incident) { in.Messages = in.Messages[:1] }, unresolved)},
	},
	"no_cause": {
		{"none", noCauses, near(noCauses, unresolved)},
		{"technical alone", func(in *incident.Incident) { a := &in.Analysis; a.ProcessCause, a.Whys, a.Factors = nil, nil, nil },
			func(in *incident.Incident) { a := &in.Analysis; a.ProcessCause, a.Whys = nil, nil }},
	},
	"cause_is_person": {
		process("an error", "Human error.", "The tool deletes without a question; we used to call that human error because it was near."),
		process("an engineer", "An engineer accidentally deleted the configuration.", "An engineer deleted the configuration, and nothing asked for confirmation."),
		process("a member of a team", "Team member did 'terraform destroy' on the manager cluster by mistake.", "A test cluster was destroyed by mistake."),
		process("a name", "Ana Reyes deleted the table.", "Ana Reyes found the table deleted."),
		process("we", "We forgot to renew the certificate.", "Nothing told us to renew the certificate: we forgot."),
		process("a typo", "A typo.", "A typo in a name passes: the field takes any text."),
		process("another trade", "The DBA dropped the wrong table.", "The Kubernetes operator deleted the volume, and the operator pod removed it."),
		{"the last why", func(in *incident.Incident) {
			in.Analysis.ProcessCause, in.Analysis.Whys[0].Because = nil, "The operator mistyped the name."
		}, func(in *incident.Incident) { in.Analysis.Whys[0].Because = "The operator mistyped the name." }},
	},
	"blame": {
		within("should have", "The engineer should have checked the configuration.", "The alert should have fired. What should we have seen? We should have a quick check."),
		within("failed to", "The on-call team failed to notice.", "The replica failed to connect; retries failed too."),
		within("a judgement", "It was a careless restart.", "It was a restart under pressure; nobody was careless."),
		within("a fault", "It was Jon's fault.", "The segmentation fault came by default."),
		within("human error", "The root cause was human error.", "This was not human error but a missing check."),
		within("a name", "Ana Reyes forgot to look.", "Ana Reyes looked; the page said “Ana Reyes forgot to look”."),
		within("without the usual verbs", "The DBA messed up.", "The deploy messed up the order of the rows."),
		within("a ball", "The SRE on duty dropped the ball.", "The proxy dropped the connection."),
		within("a page that was missed", "The on-call missed the page.", "We missed the objective of the month; the page was never sent."),
		within("over two lines and in bold", "**The engineer**\nshould have checked.", "The engineer checked.\n\nShould have been simple."),
		within("a procedure", "The developer didn't follow the runbook.", "The redirect did not follow the rule."),
		within("a mistake of a role", "It was an operator's mistake.", "It was mistaken for an operator's page."),
		within("a name's mistake", "It was Ana Reyes' mistake.", "It was in Ana Reyes' notes."),
		within("a culprit", "The culprit was an intern.", "The culprit was a missing index."),
		within("who is responsible", "The engineer is responsible for this outage.", "The team is responsible for the billing service."),
		within("more careful", "The operator needs to be more careful.", "The probe needs to be more sensitive."),
		within("what broke", "Support should have told them.", "The disk was to blame, the cache was at fault, the driver's fault handler ran, and they should have been paged; nobody forgot anything."),
		within("a slow person", "The on-call engineer was too slow to react.", "The autoscaler was too slow to react, and the team was too small."),
		within("the night desk", "The lads on the night desk didn't bother to look.", "The probes on the night desk's board did not fire."),
		within("nobody", "Nobody bothered to check.", "Nobody was paged; no one could have known."),
		within("a finger", "The operator fat-fingered the region.", "A fat-fingered region is refused from now on."),
		within("what was done to them", "The engineer concerned has been counselled.", "The engineer let the queue drain; customers were let go of the queue."),
		within("one's own fault", "Yesterday's change was mine, my bad", "A bad replica was mine to fix; the fault was in the driver."),
		within("a lazy person", "Whoever wrote it was lazy.", "Lazy loading, lazy evaluation and a lazy-init flag hid it."),
		within("be careful", "The operator is to be careful in future.", "Responders were careful to preserve the evidence."),
		within("after what is denied", "It was no human error at first, the second time it was human error.", "An operator error class hides the user error rate; no human error."),
		within("obviously", "Obviously the configuration was wrong.", "`obviously` is a word; the error was not visible."),
	},
	"factor_without_evidence": {{"none", func(in *incident.Incident) { in.Analysis.Factors[0].Evidence = nil },
		func(in *incident.Incident) {
			in.Analysis.Factors[0].Evidence = nil
			in.Analysis.Factors[0].Text += " See [the graph](https://example.com/g)."
		}}},
	"no_lesson_went_well": {{"only bad ones", func(in *incident.Incident) { in.Analysis.Lessons = in.Analysis.Lessons[1:] },
		func(in *incident.Incident) { in.Analysis.Lessons = nil }}},
	"no_action": {{"none", noActions, near(noActions, unresolved)}},
	"action_without_owner": {{"none", func(in *incident.Incident) { in.Actions[0].Owner = " " },
		func(in *incident.Incident) { in.Actions[0].Owner, in.Actions[0].State = "", incident.Done }}},
	"action_without_due": {{"none", func(in *incident.Incident) { in.Actions[0].Due = nil },
		func(in *incident.Incident) { in.Actions[0].Due, in.Actions[0].State = nil, incident.NotDoing }}},
	"action_vague": {
		doing("improve", "Improve monitoring", "Improve monitoring so that a lag of 30 s pages"),
		doing("add", "Add monitoring", "Add monitoring of the lag of replicas"),
		doing("to be done", "TBD", "Fix it in redis.conf: replicaof none"),
		doing("documentation", "Update the documentation.", "Update the documentation of the restart"),
		doing("training", "Train engineers", "Train engineers on the restart drill every quarter"),
		doing("careful", "Be more careful with restarts", "Refuse a restart while replicas resync"),
		doing("investigate", "Investigate resyncs", "Monitor the length of the resync queue, and page when it grows"),
	},
	"silence_of_nothing": {
		silencing("misspelt", "no_severty", "no_severity"),
		silencing("unlike any", "tabs_and_spaces", "silence"),
	},
}

// silencing makes a trial of the ids of two rules that are silenced.
func silencing(name, lacking, near string) trial {
	silence := func(rule string) edit {
		return func(in *incident.Incident) {
			in.Silenced = []incident.Silence{{Rule: rule, Reason: "we have no levels"}}
		}
	}
	return trial{name, silence(lacking), silence(near)}
}
