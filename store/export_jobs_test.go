package store

// jobStatements are those about background work.
var jobStatements = map[string]string{
	"listJobs": joined(listJobs, inJobStates, ofJobKind, inQueue, newestJobs, upTo), "jobByID": jobByID, "readQueues": readQueues, "retryJob": retryJob,
	"pauseQueue": pauseQueue, "resumeQueue": resumeQueue, "keepPauses": keepPauses,
}
