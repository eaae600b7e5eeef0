package store

import (
	"maps"

	"github.com/debriefhq/debrief/incident"
)

// Refusals are all refusals of constraints.
func Refusals() map[string]*incident.Error {
	all := maps.Clone(refusals)
	maps.Copy(all, partRefusals)
	return all
}

// Statements are all statements by the names of their constants; a list is shown with all its filters on.
func Statements() map[string]string {
	all := map[string]string{
		"adopt": adopt, "migrateAlone": migrateAlone, "schema": schema, "claim": claim, "claimed": claimed, "keepResult": keepResult,
		"takeNumbers": takeNumbers, "takeNumbersOnce": takeNumbersOnce, "skipNumbers": skipNumbers,
		"insertOwn": insertOwn, "updateOwn": updateOwn, "clearPeople": clearPeople, "insertPeople": insertPeople,
		"addNamed": addNamed, "dropNamed": dropNamed, "addComponents": addComponents, "seenNumbers": seenNumbers,
		"readRecord": readRecord, "readAround": readAround, "readPeople": readPeople, "dispensable": dispensable, "references": references, "readDocument": readDocument, "keepDocument": keepDocument, "tag": tag, "lockChain": lockChain, "readAll": readAll, "readAuthors": readAuthors,
		"readHead": readHead, "setReview": setReview, "readPrivate": readPrivate,
		"insertHistory": insertHistory, "openChain": openChain, "moveHead": moveHead, "setWords": setWords, "addWords": addWords,
		"newestChanges": newestChanges, "changesBetween": changesBetween, "lifeOfReview": lifeOfReview, "mayRead": mayRead, "everPrivate": everPrivate,
		"insertPerson": insertPerson, "updatePerson": updatePerson,
		"personByID": personByID, "personByName": personByName, "allPeople": allPeople, "otherAdmins": otherAdmins,
		"openInstallation": openInstallation, "lockInstallation": lockInstallation, "insertToken": insertToken,
		"tokenByID": tokenByID, "sealedTokens": sealedTokens, "foldedPeople": foldedPeople, "endOne": endOne, "allTokens": allTokens, "ownTokens": ownTokens,
		"seenViews": seenViews, "viewByID": viewByID, "countViews": countViews, "insertView": insertView, "deleteView": deleteView,
		"addTallyChanges": addTallyChanges, "readTallies": readTallies, "foldTallies": foldTallies, "auditTallies": auditTallies, "auditViews": auditViews,
		"identify": identify, "insertLink": insertLink, "useLink": useLink, "goodLink": goodLink, "insertSession": insertSession, "liveEntrances": liveEntrances,
		"ownSessions": ownSessions, "ownerOf": ownerOf, "endThis": endThis, "endThat": endThat, "endOthers": endOthers, "endLinks": endLinks, "isNamedSomewhere": isNamedSomewhere,
		"whenSet": whenSet, "hashOf": hashOf, "hashByName": hashByName, "putHash": putHash, "cameLately": cameLately,
		"allPasswords": allPasswords, "allIdentities": allIdentities, "ownIdentities": ownIdentities, "identityOf": identityOf, "insertIdentity": insertIdentity,
		"takeTry": takeTry, "nextTry": nextTry, "forgetTries": forgetTries, "giveTryBack": giveTryBack, "dropOldTries": dropOldTries,
		"dropOldKeys": dropOldKeys, "dropOldSessions": dropOldSessions, "dropOldLinks": dropOldLinks,
		"lastCheckpoint": lastCheckpoint, "movedHeads": movedHeads, "ownHead": ownHead, "insertCheckpoint": insertCheckpoint, "coverHeads": coverHeads,
		"firstSealed": firstSealed, "someChains": someChains, "lostHistory": lostHistory, "readChain": readChain, "readHistory": readHistory,
		"readNamed": readNamed, "auditRecord": auditRecord, "someCheckpoints": someCheckpoints, "lostHeads": lostHeads,
		"listImages": listImages, "auditImages": auditImages, "imageBytes": imageBytes, "insertImage": insertImage, "dropImage": dropImage,
		"publishedImage": publishedImage, "sendings": sendings, "lastPromises": joined(lastPromises),
		"insertNotice": insertNotice, "setPublication": setPublication, "dropPublication": dropPublication, "listNotices": listNotices, "readPublication": readPublication,
		"askSubscriber": askSubscriber, "publicComponents": publicComponents, "subscriberByID": subscriberByID, "confirmSubscriber": confirmSubscriber,
		"cancelQueued": cancelQueued, "deleteSubscriber": deleteSubscriber, "dropUnconfirmed": dropUnconfirmed, "cancelLost": cancelLost, "dropOldDeliveries": dropOldDeliveries, "dropOldQuestions": dropOldQuestions,
		"queueDeliveries": queueDeliveries, "hurtComponents": hurtComponents, "countRecipients": countRecipients, "claimDelivery": claimDelivery, "endDelivery": endDelivery, "lapseDeliveries": lapseDeliveries,
		"nextDelivery": nextDelivery, "bounceSubscriber": bounceSubscriber, "bounceUnconfirmed": bounceUnconfirmed, "tallySubscribers": tallySubscribers,
		"tallyDeliveries": tallyDeliveries, "sendUnknownAgain": sendUnknownAgain, "leaveUnknown": leaveUnknown, "undecidedEverywhere": undecidedEverywhere,
		"listSubscribers": joined(listSubscribers, atAddress, ofSubscriberKind, inSubscriberState, newestSubscribers, upTo), "listDeliveries": joined(listDeliveries, ofMessage, inDeliveryState, afterDelivery, unknownFirst, upTo),
		"allComponents": allComponents, "openLevels": openLevels, "componentByID": componentByID, "insertComponent": insertComponent, "updateComponent": updateComponent,
		"holdingWords": holdingWords, "ofSameKind": ofSameKind, "ownPrivate": ownPrivate, "readKin": readKin, "dismiss": dismiss, "takeBack": takeBack, "dismissed": dismissed, "changesSince": changesSince, "recurring": recurring,
		"insertDeployment": insertDeployment, "deploymentBySource": deploymentBySource, "deploymentByID": deploymentByID, "updateDeployment": updateDeployment,
		"deleteDeployment": deleteDeployment, "countDeployment": countDeployment, "daysOfComponent": daysOfComponent, "deployedLately": deployedLately,
		"listDeployments": joined(listDeployments, ofComponent, deployedFrom, beforeDeployed, newestDeployed, upTo),
		"notify":          notify, "settled": settled, "newlySettled": newlySettled, "stay": stay, "leave": leave, "visitors": visitors, "dropOldVisits": dropOldVisits,
		"feed":        joined(feed, ofIncident, afterChange, asCommitted, upTo),
		"listActions": joined(listActions, ownedBy, inState, overdue, afterAction, soonestFirst, upTo), "listMessages": joined(listMessages, onChannel, inState, afterMessage, newestFirst, upTo),
	}
	for _, more := range []map[string]string{hookStatements(), jobStatements, insightStatements(), searchStatements()} {
		maps.Copy(all, more)
	}
	const and = ` and `
	for name, o := range orders {
		every := []string{o.from, withStatus, withSeverity, withKind, withReview, withTag, startedFrom, startedBefore, withComponent, withFacts, factsHold, factsHoldNot, factsName, measureKnown, measureAtLeast, factsComponent, factsCategory, factsOwner, promisesUntil, promisesFrom, toDo, toDoUntil, endOfFacts, withRareWords, withWords, withoutWords,
			and, anySeverity, and, anyStatus, and, anyKind, and, anyReview, and, anyTag, and, anyComponent, and, anyCause, and, anyOwner, and, anyOverdue, and, anyOverdueOwner,
			and, anyPerson, and, isPrivate, and, isRecurrence, o.after, o.by, upTo}
		if o.from == fromRows {
			every = append(every, withChains, o.by)
		}
		all["list "+name] = joined(every...)
	}
	all["fromChains"], all["fromRows"] = joined(fromChains), joined(fromRows, withChains)
	addPartStatements(all)
	return all
}

func addPartStatements(all map[string]string) {
	for of, k := range kinds {
		name := string(of)
		all["insert "+name], all["update "+name], all["remove "+name] = k.insert, k.update, k.remove
		all["all "+name], all["whole "+name], all["seen "+name], all["last "+name] = k.all, k.whole, k.seen, k.last
	}
}

func insightStatements() map[string]string {
	return map[string]string{
		"readFacts": readFacts, "putFacts": putFacts, "dropFacts": dropFacts, "markMonths": markMonths, "haveFacts": haveFacts, "auditFacts": auditFacts,
		"dueFacts": dueFacts, "lockAnyChain": lockAnyChain, "markedMonths": markedMonths, "clearMarks": clearMarks, "monthsFacts": monthsFacts,
		"clearSheets": clearSheets, "clearYear": clearYear, "staleYears": staleYears, "monthSheets": monthSheets, "putYear": putYear, "marksIn": marksIn,
		"insightState": insightState, "deployedByMonth": deployedByMonth, "keptSheets": keptSheets, "liveFacts": liveFacts, "openPromises": openPromises, "someValues": someValues,
		"keptYears": keptYears, "auditSheets": auditSheets,
	}
}

// joined numbers the arguments as query.add does; those that the first fragment names itself come first.
func joined(fragments ...string) string {
	q := &query{}
	for i, f := range fragments {
		if i == 0 && countMarks(f) == 0 {
			q.args = append(q.args, nil)
		}
		args := make([]any, countMarks(f))
		q.add(f, args...)
	}
	return q.sql.String()
}

func countMarks(f string) int {
	n := 0
	for i := 0; i+1 < len(f); i++ {
		if f[i:i+2] == "$?" {
			n++
		}
	}
	return n
}

// Hash is a password as it would be kept at a lower cost.
func Hash(password string) string {
	return string(cost{memory: 64, passes: 1, threads: 1}.hash(password, make([]byte, saltBytes)))
}

func hookStatements() map[string]string {
	return map[string]string{
		"allHooks": allHooks, "hookByID": hookByID, "countHooks": countHooks, "insertHook": insertHook, "updateHook": updateHook, "deleteHook": deleteHook,
		"queueTest": queueTest, "queueHooks": queueHooks, "claimHook": claimHook, "endHook": endHook, "restHook": restHook, "freeHook": freeHook, "wakeHook": wakeHook,
		"lapseHooks": lapseHooks, "nextHook": nextHook, "dropOldHooks": dropOldHooks, "scheduleHooks": scheduleHooks, "standInForHooks": standInForHooks, "hookDeliveryByID": hookDeliveryByID, "redeliverThese": redeliverThese, "redeliverSpan": redeliverSpan,
		"listHookDeliveries": joined(listHookDeliveries, inHookState, beforeHook, newestHooksFirst, upTo),
	}
}
