package store

import box "github.com/debriefhq/debrief/incident/query"

// MayHold tells whether a text is looked through for a word.
func MayHold(word, text string) bool {
	return newMarker([]sought{{terms: []box.Term{{Text: word}}}}).may(text)
}

func searchStatements() map[string]string {
	return map[string]string{
		"beginRanking":     joined(beginRanking, oneOf, openCandidates, upTo, scoreAll, pageOfBest),
		"openCandidates":   joined(openCandidates),
		"hiddenCandidates": joined(hiddenCandidates),
		"search":           joined(beginRanking, oneOf, openCandidates, living, upTo, another, hiddenCandidates, living, upTo, scoreAll, afterBest, pageOfBest),
		"addNews":          addNews, "takeNews": takeNews, "learn": learn, "nearWords": nearWords, "readRarity": readRarity, "readTop": readTop,
		"toIndex": toIndex, "lockIndexed": lockIndexed, "indexed": indexed, "isUnindexed": isUnindexed, "findable": findable, "partsWhen": partsWhen, "boundRead": boundRead,
	}
}
