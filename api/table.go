package api

import (
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
)

// mergePatchType is what RFC 7396 names; application/json is taken as well.
const mergePatchType = "application/merge-patch+json"

const mergePatchAbout = "The body is a JSON merge patch (RFC 7396): what it names is replaced, null takes away."

// operations is the one table: routes and OpenAPI come from it.
func (a *API) operations() []row {
	return slices.Concat(a.recordTable(), a.partTable(), a.imageTable(), a.acrossTable(), a.customerTable(), a.subscriberTable(), a.deploymentTable(), a.similarTable(), a.insightTable(), a.webhookTable(), a.jobTable(), a.peopleTable())
}

// recordTable is about whole records.
func (a *API) recordTable() []row {
	const one = "/incidents/{number}"
	return []row{
		operation[filing, filed]{id: "fileIncident", method: http.MethodPost, path: "/incidents", summary: "File an incident: a whole record in one call",
			about: "Only title is required. What Debrief assigns is ignored, so an exported record can be posted. What is odd but kept comes back under warnings.",
			deed:  incident.Write, do: a.file},
		operation[listing, list[incident.Heading]]{id: "listIncidents", method: http.MethodGet, path: "/incidents", summary: "List incidents", deed: incident.Read, do: a.list},
		operation[reading, written]{id: "getIncident", method: http.MethodGet, path: one, summary: "Read a whole record", deed: incident.Read, do: a.read, adjust: asRecord},
		operation[patching, record]{id: "patchIncident", method: http.MethodPatch, path: one, summary: "Change an incident's own fields",
			about: mergePatchAbout + " If-Match is compared with the revision alone, so entries logged meanwhile don't stand in the way. Parts have operations of their own.",
			deed:  incident.Write, do: a.patch},
		operation[archiving, nothing]{id: "archiveIncident", method: http.MethodDelete, path: one, summary: "Archive an incident: it leaves the lists, and is kept", deed: incident.Administer, do: a.archive},
		operation[moving, record]{id: "moveIncident", method: http.MethodPost, path: one + "/status", summary: "Move to another status",
			about: "Forward in any step, back with a reason. Resolving closes open impacts, and says so under warnings.", deed: incident.Write, do: a.move, adjust: answersOK},
		operation[reviewing, record]{id: "reviewIncident", method: http.MethodPost, path: one + "/review", summary: "Take a step of review",
			about: "An approval holds for the version it was given to. Publishing needs both approvals.", deed: incident.Write, do: a.review, adjust: answersOK},
		operation[exporting, exported]{id: "exportIncident", method: http.MethodGet, path: one + "/export", summary: "Write the record as a document", deed: incident.Read, do: a.export, adjust: asDocument},
		operation[linting, linted]{id: "lintIncident", method: http.MethodGet, path: one + "/lint", summary: "What the postmortem still lacks: why it matters, and what to do",
			about: "Looks at the record as you may see it. A finding is silenced by adding its rule, its key and a reason to silenced of the record.", deed: incident.Read, do: a.lint},
		operation[historyOf, list[store.Change]]{id: "listHistory", method: http.MethodGet, path: one + "/history", summary: "Every change of an incident: who, when, what", deed: incident.Read, do: a.history},
	}
}

// imageTable is about the images that texts of an incident show.
func (a *API) imageTable() []row {
	const all, one = "/incidents/{number}/images", "/incidents/{number}/images/{id}"
	return []row{
		operation[addingImage, addedImage]{id: "addImage", method: http.MethodPost, path: all, summary: "Add an image, to be shown by texts of the incident",
			about: "The body is the file: PNG, JPEG, GIF or WebP, at most 5 MiB. What cameras and programs say in it, such as where a photo was taken, is left out. Write markdown of the answer into a text: who may see that text may see the image. One that no text names is seen by who added it, and goes after a week.",
			deed:  incident.Write, do: a.addImage, adjust: takesImage},
		operation[Of, list[incident.Image]]{id: "listImages", method: http.MethodGet, path: all, summary: "List an incident's images that you may see", deed: incident.Read, do: a.images},
		operation[readingImage, image]{id: "getImage", method: http.MethodGet, path: one, summary: "Read an image", deed: incident.Read, do: a.image, adjust: sendsImage},
		operation[OfImage, nothing]{id: "removeImage", method: http.MethodDelete, path: one, summary: "Take an image out for good: history keeps its digest alone", deed: incident.Write, do: a.removeImage},
	}
}

// acrossTable is about all incidents at once.
func (a *API) acrossTable() []row {
	return []row{
		operation[searching, list[store.Hit]]{id: "search", method: http.MethodGet, path: "/search", summary: "Find incidents by words and filters, the best first, with where they were found", deed: incident.Read, do: a.search},
		operation[listingActions, list[store.NumberedAction]]{id: "listActions", method: http.MethodGet, path: "/actions", summary: "List follow-ups of all incidents", deed: incident.Read, do: a.actions},
		operation[listingMessages, list[store.NumberedMessage]]{id: "listMessages", method: http.MethodGet, path: "/messages", summary: "List messages of all incidents", deed: incident.Read, do: a.messages},
		operation[following, list[store.Change]]{id: "listChanges", method: http.MethodGet, path: "/changes", summary: "Follow all changes, oldest first",
			about: "next is also where to go on after the last change so far: ask again with it, or read on with GET /events.", deed: incident.Read, do: a.changes},
		operation[eventsOf, streamed]{id: "streamEvents", method: http.MethodGet, path: "/events", summary: "Be told of changes as they happen", about: eventsAbout, deed: incident.Read, do: a.events, adjust: asEvents},
		operation[digesting, digested]{id: "getDigest", method: http.MethodGet, path: "/digests/{period}", summary: "What happened in a month or a quarter, what was learned, what is owed",
			about: "It is for the whole team, and the same for all of it: nothing private is in it.", deed: incident.Read, do: a.digest},
		operation[importing, imported]{id: "import", method: http.MethodPost, path: "/imports", summary: "Bring in a document: all of it, or nothing",
			about: "What was not understood is kept as text in the record, and named under report.", deed: incident.Write, do: a.bring, adjust: takesDocument},
	}
}

// peopleTable is about who may do what.
func (a *API) peopleTable() []row {
	return []row{
		operation[asking, who]{id: "getMe", method: http.MethodGet, path: "/me", summary: "Who am I?", do: a.me},
		operation[asking, list[store.Person]]{id: "listPeople", method: http.MethodGet, path: "/people", summary: "List the people of the installation", deed: incident.Read, do: a.people},
		operation[readingPerson, account]{id: "getPerson", method: http.MethodGet, path: "/people/{id}", summary: "Read a person", deed: incident.Read, do: a.person},
		operation[adding, added]{id: "addPerson", method: http.MethodPost, path: "/people", summary: "Add a person", deed: incident.Administer, do: a.addPerson},
		operation[changingPerson, account]{id: "patchPerson", method: http.MethodPatch, path: "/people/{id}", summary: "Change a person's role, or shut them out",
			about: mergePatchAbout, deed: incident.Administer, do: a.changePerson},
		operation[readingPerson, contact]{id: "getContact", method: http.MethodGet, path: "/people/{id}/contact", summary: "Where somebody is reminded by mail: for admins, and themselves", deed: incident.Read, do: a.contact},
		operation[asking, contact]{id: "getMyContact", method: http.MethodGet, path: "/me/contact", summary: "Where you are reminded by mail", deed: incident.Read, do: a.ownContact},
		operation[changingContact, contact]{id: "patchMyContact", method: http.MethodPatch, path: "/me/contact", summary: "Set or take out your own address, and say whether you want reminders",
			about: mergePatchAbout + " Reminders tell of your follow-ups that are overdue, and, when you lead communications, of updates that are about to be due.", deed: incident.Read, do: a.changeContact},
		operation[asking, list[store.Token]]{id: "listTokens", method: http.MethodGet, path: "/tokens", summary: "List tokens, without their secrets", do: a.tokens},
		operation[asksToken, tokenMade]{id: "newToken", method: http.MethodPost, path: "/tokens", summary: "Make a token", do: a.newToken},
		operation[revoking, nothing]{id: "revokeToken", method: http.MethodDelete, path: "/tokens/{id}", summary: "Revoke a token", do: a.revokeToken},
	}
}

// answersOK is for a POST that makes nothing new to point at.
func answersOK(op *huma.Operation) { op.DefaultStatus = http.StatusOK }
